"""The words pre-send QA looks for, in both languages, as data; `policies.promises` applies them."""

import re
from typing import NamedTuple

from casefile.base import Language
from policies.promises_forms import (
    BEING,
    DOING,
    DONE,
    HAS_BEEN,
    SPEAKER,
    WE,
    WILL,
    WILL_BE,
    WORD,
    phrases,
)


class Commitment(NamedTuple):
    """Words that say something is done or will be; one of `done` must be true for them to stand.

    `offer`: harmless inside a question or a condition ("Mau kami pindahkan?").
    """

    id: str
    done: frozenset[str]
    pattern: re.Pattern[str]
    offer: bool = False


def _each(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _commitment(name: str, done: str, *patterns: str, offer: bool = False) -> Commitment:
    return Commitment(f"commitment.{name}", _each(done), phrases(*patterns), offer)


MONEY = r"(?:refund|uang|duit|dana|pengembalian)[\w-]*\s+" + WORD + r"{0,3}?"
PAID_OUT = r"(?:di)?(?:proses|cair|kirim|transfer|kembali|setujui)\w*"
RELEASED = r"(?:approved|processed|issued|sent|released|credited|on its way)"
# What a rule says of lessons in general ("sesi yang dibatalkan", "sesi bisa dipindah") promises nobody anything.
LESSON = r"(?:kelas|sesi|les|jadwal|paket|trial)(?:nya)?\s+(?:(?!yang|bisa|boleh|dapat|mau|ingin|perlu)\w+\s+){0,2}?"
# To set a request aside is not to cancel what it was about.
NOT_ASKED = r"(?<!permintaan\s)(?<!permintaannya\s)"
MOVE_ID = r"(?:di)?(?:pindah|geser|jadwal(?:kan)?\s+ulang|reschedule|ubah|ganti)\w*"
COMMITMENTS: tuple[Commitment, ...] = (
    _commitment(
        "rescheduled",
        "rescheduled",
        DONE + MOVE_ID,
        HAS_BEEN + r"(?:moved|rescheduled|shifted|changed to)",
        r"(?:i|we)\s+(?:moved|rescheduled|shifted)",
        r"(?:you're|you\s+are)\s+(?:all\s+)?set\s+(?:for|on)",
    ),
    _commitment(
        "rescheduling",
        "rescheduled",
        WILL + MOVE_ID,
        r"(?<!perlu\s)(?<!harus\s)(?<!bisa\s)(?<!mau\s)" + SPEAKER + r"\s+" + MOVE_ID,
        LESSON + r"(?:di)?(?:pindah|geser)(?:in|kan)?\s+(?:ke|jadi|ya)(?!\w)",
        BEING + r"(?:moving|rescheduling|shifting|being\s+moved)",
        WILL_BE + r"(?:moved?|rescheduled?|shift(?:ed)?)(?!\w)",
        offer=True,
    ),
    _commitment(
        "refunded",
        "refunded",
        MONEY + r"(?:akan|bakal|sudah|telah|pasti|segera)\s+" + WORD + r"{0,2}?" + PAID_OUT,
        MONEY + r"(?:kami|saya|aku)\s+(?:kembalikan|balikin|refund)",
        SPEAKER
        + r"\s+(?:akan\s+|sudah\s+)?(?:refund|kembalikan|balikin)\w*\s+(?:uang|duit|dana|biaya|pembayaran)",
        r"(?:sudah|telah|akan|pasti|sedang|lagi)\s+" + WE + r"(?:di\s?-?)?refund",
        r"(?<!permintaan\s)(?<!pengajuan\s)" + MONEY + DOING + WORD + r"{0,2}?" + PAID_OUT,
        r"(?<!permintaan\s)(?<!pengajuan\s)(?:refund|pengembalian)\w*\s+" + WORD + r"{0,2}?dalam\s+proses",
        r"(?:refund|uang|duit|dana)\w*\s+"
        + WORD
        + r"{0,2}?(?:cair|turun|balik)\s+(?:hari|besok|lusa|minggu|nanti|ya)(?!\w)",
        r"(?<!request\s)refund\w*\s+"
        + WORD
        + r"{0,2}?"
        + BEING
        + r"(?:being\s+(?:processed|issued|sent|made)|in\s+progress|underway|coming)",
        r"(?:processing|issuing|sending|arranging)\s+(?:your|the|a)\s+(?:\w+\s+)?(?:refund|money)(?!\s+request)",
        r"money\s+" + WORD + r"{0,2}?(?:coming|going)\s+back",
        r"refund\w*\s+" + WORD + r"{0,2}?(?:" + HAS_BEEN + r"|will\s+be\s+)" + RELEASED,
        r"(?:will|\w+'ll|going to|have|\w+'ve|has|are|\w+'re)\s+(?:be\s+|been\s+)?(?:refund|reimburse)\w*",
        r"(?:you|we)(?:'ll| will)\s+(?:get|receive|give|send|issue)\s+" + WORD + r"{0,4}?(?:refund|money)",
    ),
    _commitment(
        "cancelled",
        "cancelled",
        NOT_ASKED + DONE + r"(?:di)?batal\w*",
        WILL + r"(?:di)?batalkan",
        HAS_BEEN + r"cancell?ed",
        WILL_BE + r"cancel(?:l?ed)?(?!\w)",
        NOT_ASKED + r"(?<!sudah\s)" + SPEAKER + r"\s+(?:batal\w+|cancel\w*)",
        LESSON + r"(?:di)?(?:batal(?:kan|in)?|cancel(?:kan|in)?)(?!\w)",
        BEING + r"cancell?ing|(?:i|we)\s+cancell?ed",
        offer=True,
    ),
    _commitment(
        "confirmed",
        "confirmed rescheduled enrolled",
        DONE + r"(?:di|ter)?konfirmasi",
        HAS_BEEN + r"confirmed",
    ),
    _commitment(
        "approved",
        "approved refunded exception cancelled rescheduled erased",
        DONE + r"(?:di)?(?:\s?-?)(?:setujui|acc|approve|okein|bolehin)(?!\w)",
        r"pasti\s+" + WE + r"(?:di)?setujui",
        HAS_BEEN + r"approved",
        r"will be approved",
        r"(?:coach|tim|kami)\s+(?:(?:sudah|udah)\s+)?(?:setuju|menyetujui|acc|oke)(?!\w)",
        r"(?:coach|team|we)\s+(?:approved|agreed)",
    ),
    _commitment(
        "erased",
        "erased",
        DONE + r"(?:di)?hapus",
        WILL + r"(?:di)?hapus",
        r"data\w*\s+" + WORD + r"{0,2}?" + SPEAKER + r"\s+hapus\w*",
        HAS_BEEN + r"(?:deleted|erased)",
        WILL_BE + r"(?:deleted?|erased?)(?!\w)",
    ),
    _commitment(
        "enrolled",
        "enrolled",
        DONE + r"(?:di)?(?:daftar|booking)(?:kan)?(?!\w)",
        r"sudah\s+(?:resmi\s+)?terdaftar",
        r"slot\w*\s+" + WORD + r"{0,3}?(?:amankan|amanin|kunci|booking\w*)(?!\w)",
        HAS_BEEN + r"(?:enrolled|registered|booked|reserved)",
    ),
)
EXCEPTIONS = phrases(
    r"(?:khusus|spesial)\s+(?:buat|untuk)\s+(?:kakak|kamu|anda)",
    r"kali\s+ini\s+(?:saja\s+|aja\s+|doang\s+)?(?:\w+\s+){0,2}?(?:izinkan|kasih|beri|bolehkan|bolehin|boleh|bisa|gapapa)(?!\w)",
    r"(?:bisa|boleh|izinkan|bolehin|gapapa)\s+(?:\w+\s+){0,2}?(?:lewat|melewati|melebihi|lebih|di\s?luar)\s+(?:dari\s+)?(?:kuota|jatah|batas|aturan|kebijakan)",
    r"(?:tambah|tambahin|tambahkan|longgarkan|longgarin|abaikan)\s+(?:\w+\s+)?(?:kuota|jatah|aturan|batas)\w*",
    r"(?:aturan|batas|kuota|jatah)\w*\s+" + WE + r"(?:longgar|abai|lewat|tambah)\w*",
    r"kami\s+(?:kasih|beri(?:kan)?|izinkan|bolehkan)\s+(?:\w+\s+)?(?:pengecualian|kelonggaran|dispensasi)",
    r"kami\s+(?:kasih|beri|berikan)\s+(?:\w+\s+)?(?:diskon|potongan|bonus|kompensasi|gratis)",
    r"(?:we|i)(?:'ll| will| can)\s+(?:make|give you|allow)\s+(?:an?|this)\s+(?:\w+\s+)?exception",
    r"just\s+(?:this\s+once|for\s+(?:this\s+time|you))(?!\w)",
    r"as\s+(?:an|a\s+one-?off)\s+exception",
    r"(?:bend|waive|skip)\s+the\s+(?:rules?|fee|policy|cut-?off)",
    r"(?:we|i)(?:'ll| will| can)\s+waive",
    r"(?:we|i|you)(?:'ll| will| can)\s+(?:go\s+(?:over|beyond|past)|exceed|ignore|overlook)\s+(?:the|your|our)\s+"
    + WORD
    + r"{0,2}?(?:quota|limit|rules?|cut-?off|policy)",
    r"let\s+(?:it|this\s+one|that)\s+slide|this\s+one(?:'s|\s+is)\s+on\s+us",
    r"(?:an?|one)\s+extra\s+(?:free\s+)?reschedule",
)
GUARANTEES = phrases(
    r"pasti\s+(?:bisa|dapat|boleh|kami|aman|berhasil|cair|diganti|disetujui|dikabulkan|kembali)(?!\w)",
    r"(?:di|kami\s+|saya\s+|aku\s+)jamin(?!\w)",
    r"terjamin|bergaransi",
    r"(?:kami|saya|aku)\s+(?:ber)?janji(?:kan)?(?!\w)",
    r"guarantee(?:d|s)?(?!\w)",
    r"(?:i|we)\s+promise",
    r"definitely\s+(?:can|will|get|be|approve)",
    r"100\s?%\s+(?:bisa|aman|pasti|dijamin|refund|sure|safe|guaranteed)",
    r"without\s+fail",
)
BLAME = phrases(
    r"(?:ke)?salah(?:an|nya)?\s+(?:ada\s+(?:di|pada)\s+)?(?:kakak|kak|kamu|anda|ibu|bapak)",
    r"(?:kakak|kamu|anda)\s+(?:sendiri\s+)?(?:yang\s+)?(?:salah|lalai|teledor|ceroboh|keliru)(?!\w)",
    r"gara-gara\s+(?:kakak|kamu|anda)",
    r"seharusnya\s+(?:kakak|kamu|anda)",
    r"(?:kakak|kamu|anda)\s+(?:kan\s+)?(?:seharusnya|harusnya)",
    r"(?:kakak|kak|kamu|anda)\s+(?:(?:sih|kan|memang|emang|juga|udah|sudah)\s+){0,2}(?:telat|terlambat|lupa|lalai)(?!\w)",
    r"(?:kakak|kak|kamu|anda)\s+(?:(?:sih|kan|memang|emang)\s+){0,2}(?:nggak|gak|ga|tidak)\s+(?:baca|teliti|hati-hati|konfirmasi)",
    r"you\s+(?:(?:just|simply|were|only)\s+)?(?:forgot|paid\s+(?:too\s+)?late|were\s+(?:too\s+)?late|missed\s+(?:it|the))(?!\w)",
    r"(?:that|this|it)(?:'s|\s+is)\s+on\s+you(?!\w)",
    r"your\s+(?:own\s+)?(?:fault|mistake|error|negligence)",
    r"you\s+(?:should\s+have|shouldn't\s+have|failed\s+to|were\s+careless)",
    r"because\s+you\s+(?:didn't|did\s+not|forgot|failed)",
)
# Never sent, by nobody: names of our own parts, and anything shaped like a key.
INTERNAL = re.compile(
    r"(?<!\w)(?:(?i:(?:orchestrator(?:_a)?|frontline_b|ops_c|specialist_d|data_e|content_f"
    r"|(?:role|peran|agen|agent)\s+(?-i:[A-F])|system\s+prompt|prompt\s+sistem|langgraph|langchain|openai|llm"
    r"|api[\s_-]?key|idempotency\w*|approval_id|case_?packet|ctask|cresult|adecision|dreview"
    r"|(?:coach|ops|incident)\s+lane|lane\s+(?:coach|ops|incident)|webhook|thread_id|pre-send\s+qa"
    r"|risk\s+tier|tier\s+r?[0-3]|escalate_coach|need_verification|degraded_mode|allow-?list)(?!\w))"
    r"|R[0-3](?!\w)|INTERNAL(?!\w)"
    r"|(?:sk|pk|rk)[-_][A-Za-z0-9_-]{16,}|EAA[A-Za-z0-9]{20,}|AKIA[A-Z0-9]{12,})"
    r"|(?<!\d)\d{8,10}:[A-Za-z0-9_-]{30,}|(?i:bearer\s+[a-z0-9._-]{16,})|\{[a-z_]+\}"
)
# Ordinary words that are internal ones here, unless a published page uses them (a gate to park at).
INTERNAL_ORDINARY = phrases(
    r"(?:agents?|gate|prompts?|tools?|lanes?|checkpoints?|snapshots?|tier|orkestrator)(?!\w)"
)

NEGATION = re.compile(
    r"(?<!\w)(?:tidak|tdk|nggak|enggak|ngga|gak|ga|tak|bukan|belum|blm|jangan|tanpa|not|never|no|cannot|without"
    r"|\w+n't)(?!\s+(?:hanya|cuma|sekadar|only|just))(?!\w)",
    re.IGNORECASE,
)
# A condition excuses only what stands right behind it: "if paid", not "after checking, it is paid".
CONDITIONED = re.compile(
    r"(?<!\w)(?:(?:kal(?:au|o)(?!\s+(?:be)?gitu)|jika|bila|apabila|apakah|if|unless|whether)(?:\s+\S+)?"
    r"|(?:setelah|begitu|sebelum|sampai|saat|once|when|after|before|until)(?:\s+(?:your|the|kakak))?)\s*$",
    re.IGNORECASE,
)
CONDITION = phrases(
    r"(?:kal(?:au|o)|jika|bila|apabila|setelah|begitu|if|once|when|after|whether|apakah)(?!\w)"
)
STOP_WORDS: dict[Language, frozenset[str]] = {
    "id": _each(
        "yang dan di ke dari untuk dengan ini itu ada tidak sudah belum kami kita kakak kak ya bisa akan atau"
        " juga saya aku kamu mohon silakan terima kasih pada sebelum setelah boleh nanti dulu masih jadi"
        " kalau agar karena apa bagaimana sesi jadwal"
    ),
    "en": _each(
        "the and to of for with this that is are was were have has not we you your our it can will or please"
        " thank thanks on at from before after if there be been would could just when which what how session"
        " an a in"
    ),
}
COMMON_CAPITALS = _each(
    "kak kakak coach ibu bapak pak bu mbak mas bang whatsapp indonesia indonesian english inggris google zoom"
    " meet rupiah allah alhamdulillah idul fitri natal ramadan instagram mr mrs ms miss"
    " if we you your our the and"
)
RULE_WORDS: dict[str, tuple[str, str]] = {
    "fact": ("menyebut hal yang tidak ada di data", "states something that is not in the facts"),
    "name": ("menyebut nama yang tidak ada di data", "names somebody who is not in the facts"),
    "status": ("menyebut status yang tidak ada di data", "states a status that is not in the facts"),
    "paid": ("menyatakan lunas tanpa pembayaran terkonfirmasi", "says paid without a confirmed payment"),
    "other_customer": ("memuat data pelanggan lain", "carries another customer's data"),
    "commitment": (
        "menyanggupi hal yang belum terjadi atau disetujui",
        "commits to what is not done or approved",
    ),
    "guarantee": ("menjanjikan kepastian", "promises a certainty"),
    "exception": ("menyiratkan pengecualian", "implies an exception"),
    "verification": ("menyebut data akun tanpa verifikasi", "states account facts without verified identity"),
    "citation": ("tidak menyebut sumber yang terbit", "rests on no published page"),
    "internal": ("memuat istilah internal", "carries internal words"),
    "questions": ("terlalu banyak pertanyaan", "asks too many questions"),
    "length": ("terlalu panjang untuk WhatsApp", "is too long for WhatsApp"),
    "language": ("bukan dalam bahasa percakapan", "is not in the language of the conversation"),
    "blame": ("menyalahkan pelanggan", "blames the customer"),
    "missing": ("tidak menyampaikan sebagian isi", "leaves out part of what is to be said"),
    "mixed": ("menggabungkan data yang tidak sepasang", "puts facts together that do not belong together"),
    "turned": ("membalik isi kalimat", "turns a yes or a no around"),
    "ungrounded": (
        "menyebut hal di luar isi dan sumbernya",
        "says what is neither in the text nor on its page",
    ),
    "form": ("bukan bentuk pesan untuk pelanggan", "is not written as a message to a customer"),
    "tone": ("tidak sesuai gaya bahasa kami", "is not how we sound"),
}
