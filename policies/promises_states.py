"""Words that state how things stand - paid, used up, full, somebody ill - for pre-send QA to compare with the facts."""

import re

from policies.promises_forms import DONE, HAS_BEEN, SOME, WORD, phrases

CASH = r"(?:pembayaran|transfer(?:an)?|uang|duit|dana|tf(?:an)?|pelunasan)(?!\w*\s*(?:kembali|balik))"
ARRIVED = r"(?:(?:di)?terima|masuk|tercatat|berhasil|terverifikasi|beres|nyampe|sampai|sampe|clear|selesai|settle[d]?)"
MONEY_EN = r"(?:payment|transfer|money|funds?|cash)(?!\s+(?:proof|slip|receipt|screenshot))(?!\w)"
PAID = phrases(
    r"lunas(?!\w)",
    r"(?:sudah|telah|udah|udh|sdh|dah)\s+(?:(?:di|ter|ke)?bayar(?:kan|in)?|kelar\s+bayar\w*)(?!\w)",
    r"(?<!bukti\s)" + CASH + r"[\w-]*\s+(?:[^\s!?]+\s+){0,8}?" + DONE + ARRIVED,
    DONE + r"(?:di)?terima\s+" + SOME + r"{0,3}?(?<!bukti\s)" + CASH,
    r"(?<!bukti\s)" + CASH + r"[\w-]*\s+(?:kami|aku|saya)\s+(?:sudah|udah)?\s*terima(?!\w)",
    r"pembayaran\s+(?:\S+\s+){0,3}?(?:berhasil|sukses|diterima)(?!\w)",
    r"payment\s+"
    + WORD
    + r"{0,4}?"
    + HAS_BEEN
    + r"(?:received|confirmed|successful|cleared|in|complete[d]?)(?!\w)",
    r"(?:received|got|have)\s+(?:your|the)\s+(?:full\s+)?" + MONEY_EN,
    MONEY_EN + r"\s+(?:has\s+|just\s+|already\s+)*(?:went|gone|came|come|got|landed|arrived|cleared)(?!\w)"
    r"(?!\s+(?:back|out))",
    r"(?:is|are|was|fully|already|been|all)\s+(?:now\s+|fully\s+|already\s+)*paid(?!\w)|paid\s+in\s+full",
)
STATUSES: dict[str, re.Pattern[str]] = {
    "unpaid": phrases(
        r"belum\s+(?:di|ter)?(?:bayar|lunas)",
        r"menunggu\s+pembayaran",
        r"unpaid",
        r"pending(?!\w)",
        r"not\s+(?:yet\s+)?(?:been\s+)?paid",
        r"awaiting\s+payment",
        r"outstanding",
    ),
    "failed": phrases(r"pembayaran\w*\s+" + WORD + r"{0,3}?gagal", r"payment\s+" + WORD + r"{0,3}?failed"),
    "expired": phrases(r"k[ae]dalu?[wr]arsa", r"hangus", r"expired"),
    "reversed": phrases(
        r"charged\s+back", r"(?:payment|pembayaran)\s+" + WORD + r"{0,3}?(?:reversed|ditarik)"
    ),
    "free": phrases(
        r"masih\s+(?:kosong|ada\s+slot)",
        r"tersedia",
        r"(?:ready|in)\s+stock",
        r"(?:is|are|still)\s+(?:available|free)(?!\w)",
    ),
    "full": phrases(
        r"stok\w*\s+" + WORD + r"{0,2}?habis",
        r"penuh(?!\w)",
        r"fully\s+booked",
        r"out\s+of\s+stock",
        r"sold\s+out",
    ),
    "used_up": phrases(
        r"(?:kuota|jatah|sisa\s+(?:sesi|jatah|kuota)|sesi(?:nya)?)\s*\w*\s+"
        + WORD
        + r"{0,3}?(?:h?abis|terpakai\s+semua)(?!\w)",
        r"(?:out\s+of|used\s+up|used\s+all)\s+" + WORD + r"{0,4}?(?:reschedul\w+|sessions?|lessons?|quota)",
        r"no\s+(?:more\s+|free\s+)*(?:reschedul\w+|sessions?|lessons?)\s+(?:are\s+)?left",
        r"(?:quota|allowance)\s+" + WORD + r"{0,3}?(?:used\s+up|gone|exhausted)",
    ),
    "away": phrases(
        r"coach(?:-?nya)?\s+" + WORD + r"{0,3}?(?:sakit|cuti|berhalangan|resign|absen|izin\s+nggak)(?!\w)",
        r"(?:coach|teacher)\s+" + WORD + r"{0,3}?(?:sick|ill|unwell|on\s+leave|resigned|unavailable)(?!\w)",
    ),
}
