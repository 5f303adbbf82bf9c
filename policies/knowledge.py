"""Whether a page answers, and which changes of knowledge a person has to approve: money, policy, what is taken back."""

import re
from typing import Literal

from casefile.base import Frozen
from casefile.facts import Facts
from policies.desk import Rules
from policies.intents import topic_of

Grave = Literal["money", "policy", "taken_back"]
# Wide on purpose: what is caught too much costs a person a minute, what is missed is a promise nobody made.
MONEY = re.compile(
    r"\brp\b|\brupiah|\bidr\b|\busd\b|\d\s*%|\bpersen\b|\bpercent|\d\s*(?:rb|ribu|jt|juta|k)\b"
    r"|\{(?:bank|account|holder|order_review)\}"
    r"|\b(?:harga|biaya|tarif|ongkos|ongkir|bayar|pembayaran|dibayar|membayar|lunas|cicil\w*|angsur\w*|denda|diskon"
    r"|potongan|promo\w*|voucher\w*|tagihan|invoice\w*|transfer|qris|rekening|refund\w*|uang|dana|gratis|pajak|deposit)"
    r"|\b(?:price|cost|fee|fees|pay|pays|paid|payment|charge|bill|discount|free\b|money|tax|instal?lment|bank)",
    re.IGNORECASE,
)
POLICY = re.compile(
    r"\{\w+\}"
    r"|\b(?:kebijakan|aturan|peraturan|syarat|ketentuan|wajib|jatah|kuota|batas|hangus|garansi|retur|tukar|privasi"
    r"|data pribadi|usia|umur|anak|keselamatan|rekam\w*|batal\w*|pembatalan|(?:ganti|pindah|ubah) jadwal"
    r"|jadwal ulang|reschedul\w*|izin|cuti)"
    r"|\b(?:policy|policies|rules?|terms|condition|must|quota|limit|forfeit\w*|guarantee|warranty|return|exchange"
    r"|privacy|personal data|age|cancel\w*|expir\w*|no-show|pauses?|paused|on hold|child\w*|minors?"
    r"|safety|consent|record\w*)\b",
    re.IGNORECASE,
)


class PageChange(Frozen):
    """A page as it is in force and as it would be, each with its front matter; empty where there is none."""

    page: str
    before: str
    after: str


def grave(change: PageChange) -> tuple[Grave, ...]:
    """Return why a change is a person's to approve; nothing where role A may.

    It is the page that counts, not the line that changed: what is left out of a sentence about money is about money.
    A page taken back is always a person's, so that a source that is suddenly empty empties nothing.
    """
    both = f"{change.before}\n{change.after}"
    found: list[Grave] = ["taken_back"] if not change.after else []
    found += ["money"] if MONEY.search(both) else []
    found += ["policy"] if POLICY.search(both) else []
    return tuple(found)


def answers(facts: Facts, intent: str, rules: Rules) -> bool:
    """Say whether the page at hand is about this question, published and in effect."""
    page = facts.excerpt
    return (
        page is not None
        and page.topic == topic_of(intent)
        and page.status == "Published"
        and page.effective_date <= facts.now.astimezone(rules.zone).date()
    )
