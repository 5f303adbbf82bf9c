"""Does a message only ask how something stands? A closed list of readings, weighed against what is on file."""

import re
from collections.abc import Iterable

from casefile.case import Case
from casefile.reading import Reading

# Said beside a question without changing what is asked.
_ASIDE = re.compile(
    r"(?<!\w)(?:kakak|kak|mimin|min|admin|ya|yah|sih|dong|nih|deh|lah|kok|tuh|jadi|terus|trus|lalu|halo|hai|permisi"
    r"|maaf|mohon|tolong|kira|kiranya|info|infonya|itu|ini|tadi|kemarin|yang|buat|untuk|soal|dari|tim|please|so|hi"
    r"|hello|sorry|and|then|just|yet|still|checking)(?!\w)|[^\w\s]"
)
_THING = (
    r"(?:(?:uang|duit|dana|refund|permintaan|pengajuan|laporan|keluhan|komplain|data|akun|prosesnya|proses)"
    r"(?:nya)?(?: ?(?:saya|aku|ku))?|uangku|dataku|refundku)"
)
_DONE = (
    r"(?:di ?proses|di ?setujui|di ?putus(?:kan)?|di ?acc|acc|approved|di ?transfer|di ?kirim|di ?bayar(?:kan)?"
    r"|di ?hapus|di ?cek|di ?balas|di ?kembalikan|di ?baca|beres|selesai|jadi|masuk|cair|sampai|balik|kembali|turun"
    r"|bisa|processed)"
)
_NOT_YET = r"(?: (?:belum|apa belum|kah))?"
_NEWS = r"(?:kabar|kabarnya|kelanjutan|kelanjutannya|update|updatenya|perkembangan|hasil|hasilnya|keputusan|jawaban)"
_IT = r"(?:i|we|it|this|that|they|you|the money|my money|the refund|my refund|my data|my request|my report)"
_PATTERNS = (
    rf"(?:sudah |belum )?(?:ada )?{_NEWS}(?: bagaimana)?{_NOT_YET}",
    rf"bagaimana (?:{_NEWS}|{_THING}|statusnya|status|progress|progressnya)(?: {_THING})?",
    rf"(?:{_NEWS}|{_THING}|statusnya|status|progress|progressnya)(?: {_THING})? bagaimana",
    rf"(?:apakah )?(?:{_THING} )?sudah (?:ada )?(?:{_DONE}|{_NEWS}){_NOT_YET}",
    rf"(?:apakah )?(?:sudah )?{_DONE}(?: {_THING})?(?: belum)",
    rf"(?:apakah )?{_THING} (?:sudah )?(?:{_DONE}){_NOT_YET}",
    rf"(?:{_THING} )?kapan(?: (?:saya|aku|akan|bisa|ada|dapat))*"
    rf" (?:{_DONE}|{_NEWS}|di ?kabari?n?|di ?hubungi|selesainya|cairnya|masuknya)(?: {_THING})?",
    rf"kapan {_THING}(?: (?:saya|akan|bisa|di))* ?(?:{_DONE})",
    rf"{_THING} bagaimana (?:{_NEWS}|status|statusnya|progress|progressnya)",
    r"(?:berapa )?lama lagi",
    r"masih (?:lama|proses|diproses|menunggu|dicek)(?: (?:tidak|ga|kah|berapa hari))?(?: prosesnya)?",
    r"sudah sampai (?:mana|di mana)(?: prosesnya)?|sampai (?:mana|di mana)(?: prosesnya)?",
    r"bagaimana|kelanjutannya|kabarnya|status|update|progress|lama(?: (?:sekali|banget|amat))",
    r"any (?:news|update|updates|word|progress|decision)(?: (?:on|about|for|from) (?:\w+ ){0,2}\w+)?",
    rf"(?:how long|how much longer)(?: (?:until|till|before|will|does|is|do) {_IT}(?: \w+){{0,4}})?",
    rf"when (?:will|do|does|can|should|is|are) {_IT}"
    r" (?:hear(?: back| from \w+)?|know|get (?:it|that|them|an answer|a reply|my money|the money|my refund|paid)"
    r"|arrive|expect (?:it|an answer|the money|to hear)|be (?:done|ready|sent|paid|deleted|decided|approved|there)"
    r"|come|coming|decide|reply)",
    rf"(?:is|are|has|have|did) {_IT}(?: been| already)*"
    r" (?:done|ready|approved|decided|decide|sent|deleted|processed|paid|arrived|heard|finished|through)",
    r"(?:what is|whats|what s) (?:the )?(?:status|news|progress|update)(?: (?:on|of) (?:\w+ ){0,2}\w+)?",
    r"waiting|i am waiting|im waiting|how is it going|hows it going|have you heard anything",
)
_ASKS_NEWS = re.compile("|".join(f"(?:{pattern})" for pattern in _PATTERNS))
# A call out of a silence: with something of theirs open it asks for news of that.
_CALL = re.compile(
    r"(?:(?:halo+|hallo+|hai|hi|hello+|hey|kakak|kak|min|mimin|permisi|anyone there|ada orang)[\s,.!]*)+\?+"
)
OPEN = frozenset({"awaiting_approval", "with_person"})
DECIDED = frozenset({"approved", "edited", "denied", "withdrawn"})
NEVER_OWN = frozenset({"policy_question", "unsure"})


def asks_for_news(words: str) -> bool:
    """Say whether canonical words only ask how something stands."""
    left = " ".join(_ASIDE.sub(" ", words).split())
    return _ASKS_NEWS.fullmatch(left) is not None


def only_news(case: Case, intent: str, signals: Iterable[str]) -> bool:
    """Say whether a request only asks how this very case stands: it raises nothing the case is not about."""
    return intent == "case_status" and bool(case.intent) and _raises(signals) <= _about(case)


def asked_about(reading: Reading, cases: tuple[Case, ...]) -> Case | None:
    """Return the case whose news a message asks for: what it names, else what is open, else what was decided last.

    None: it asks for no news, or there is nothing on file that it could be about; then it is what it was.
    """
    intents = {request.intent for request in reading.requests}
    called = intents <= {"greeting", "affirm"} and _CALL.fullmatch(reading.normalized.strip()) is not None
    raised = _raises(reading.signals)
    if len(reading.requests) > 1 or not (
        called or intents == {"case_status"} or asks_for_news(reading.normalized)
    ):
        return None
    newest = sorted(cases, key=lambda case: case.updated_at, reverse=True)
    about = [case for case in newest if raised <= _about(case)] if raised else newest
    open_ = [case for case in about if case.state in OPEN]
    decided = [] if called else [case for case in about if case.disposition in DECIDED]
    return next(iter((*open_, *decided)), None)


def approved(case: Case) -> bool:
    """Say whether a person has said yes to what was asked; to something in its place is not that."""
    return case.disposition == "approved" and case.meanings[:1] != ("credit",)


def _about(case: Case) -> frozenset[str]:
    return frozenset(tag.removeprefix("signal:") for tag in case.tags if tag.startswith("signal:"))


def _raises(signals: Iterable[str]) -> frozenset[str]:
    return frozenset(signals) - NEVER_OWN
