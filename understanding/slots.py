"""Finds the details a message carries: invoice numbers, e-mails, phones, names, a choice, yes or no."""

import re
from collections.abc import Iterable, Sequence
from typing import Literal

_INVOICE = re.compile(r"(?<![a-z])inv(?:oice)?[\s\-/#:._]*(20\d\d)[\s\-/._]*(\d{4})[\s\-/._]*(\d{3,6})(?!\d)")
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@(?:[a-z0-9-]+\.)+[a-z]{2,}(?![\w@])")
_PHONE = re.compile(r"(?<![\w\-/])(?:\+|00)?\(?\d[\d\s().\-]{7,17}\d(?![\w\-/])")
_ORDINALS = {
    "pertama": 1, "satu": 1, "first": 1, "one": 1, "kesatu": 1, "kedua": 2, "dua": 2, "second": 2, "two": 2,
    "ketiga": 3, "tiga": 3, "third": 3, "three": 3, "keempat": 4, "empat": 4, "fourth": 4, "four": 4,
    "kelima": 5, "lima": 5, "fifth": 5, "five": 5, "terakhir": -1, "last": -1, "1st": 1, "2nd": 2, "3rd": 3,
    "ke1": 1, "ke2": 2, "ke3": 3, "ke4": 4, "ke5": 5,
}  # fmt: skip
_ORDINAL = "|".join(sorted(_ORDINALS, key=len, reverse=True))
_CHOICE = re.compile(
    rf"^(?:(?:ok|oke|ya|iya|kalau|mau|ambil|pilih|saya|aku|gue|i'?ll take|take|yes|lets do|let's do|go with) )*"
    rf"(?:(?:yang|yg|ke-?|no\.?|nomor|nomer|opsi|option|pilihan|slot|the|number|#|jadwal) ?)*"
    rf"(?P<pick>[1-9]|{_ORDINAL})"
    r"(?: (?:saja|aja|deh|ya|kak|kak ya|dong|one|option|please|pls|min|itu|nya))*[.!]*$"
)
_MARKED = re.compile(
    rf"(?<!\w)(?:(?:yang|yg) (?:nomor |no\.? |ke-?)?|opsi |option |pilihan |nomor |nomer |no\.? ?|number |slot |the )"
    rf"(?P<pick>[1-9](?![\d:.])|{_ORDINAL})(?!\w| ?(?:juli|juni|am|pm))"
)
_YES_WORD = (
    r"(?:ya|yaa|iya|iyaa|iye|yoi|yup|yep|yes|yess|yeah|yea|yap|ok|oke|okee|okay|okey|oki|okeh|siap|setuju|betul|bener"
    r"|benar|boleh|bisa|gas|gass|lanjut|mau|sip|deal|cocok|sure|correct|right|confirm|confirmed|jadi|y|agree"
    r"|sounds good|go ahead|thats right|that works|absolutely|of course|tentu|baik)"
)
# Said beside a yes they change nothing; alone they are none.
_BESIDE = (
    r"(?:deh|dong|kak|kakak|min|ya|banget|aja|saja|please|pls|lah|terima ?kasih|trima ?kasih|makasih|makasi|mksh|mksi"
    r"|tq|thx|thanks|thank you|so much|very much|a lot|banyak|sebelumnya|nah|(?:yang|yg) itu"
    r"|teh|teteh|aa|mas|mbak|bang|bu|pak|coach)"
)
_YES = re.compile(rf"^(?:{_BESIDE}[\s,.!]+)*{_YES_WORD}[\s,.!]*(?:(?:{_YES_WORD}|{_BESIDE})(?!\w)[\s,.!]*)*$")
_THUMBS_UP = re.compile(r"[👍👌✅🆗]+")
_NO = re.compile(
    r"^(?:(?:tidak|tdk|ga|gak|nggak|ngga|enggak|engga|kagak|gk|ngk|no|nope|nah|not|bukan|jangan|salah|batal|belum|blm)"
    r"(?: (?:usah|jadi|dulu|mau|bisa|thanks|thank you|kak|min|deh|really|yet|right|correct|setuju"
    r"|cocok|apa|papa|itu))*[\s,.!]*)+$"
)
_LEADS = re.compile(
    r"^(?P<yes>ya|iya|yes|yeah|yep|yup|ok|oke|okay|setuju|betul)\b[\s,.!]|^(?P<no>no|nope|bukan|jangan|enggak|nggak)\b[,.!]"
)
# "Oke bentar ya, aku tanya suami dulu" puts off what it seems to agree to.
_HESITATES = re.compile(
    r"(?<!\w)(?:tapi|tp|bentar|sebentar|bntr|nanti|ntar|dulu|dl|tanya\w*|pikir\w*|mikir|kabarin|kabari|belum|blm"
    r"|but|wait|hold on|let me|later|think|check|not sure|maybe|mungkin)(?!\w)"
)


def invoice_numbers(plain_text: str) -> tuple[str, ...]:
    """Return invoice numbers as INV-YYYY-MMDD-NNN however they were typed."""
    return _unique(f"INV-{a}-{b}-{c}" for a, b, c in _INVOICE.findall(plain_text))


def emails(plain_text: str) -> tuple[str, ...]:
    """Return e-mail addresses in lower case."""
    return _unique(match.group().strip(".") for match in _EMAIL.finditer(plain_text))


def phones(plain_text: str) -> tuple[str, ...]:
    """Return phone numbers in E.164; a leading 0 or a bare 8 is Indonesia's +62."""
    found = []
    for match in _PHONE.finditer(_INVOICE.sub(" ", plain_text)):
        digits = re.sub(r"\D", "", match.group())
        international = match.group().startswith(("+", "00"))
        if international and 9 <= len(digits.removeprefix("00")) <= 15:
            found.append("+" + digits.removeprefix("00"))
        elif digits.startswith("62") and 10 <= len(digits) <= 14:
            found.append("+" + digits)
        elif digits.startswith("08") and 9 <= len(digits) <= 14:
            found.append("+62" + digits[1:])
        elif digits.startswith("8") and 9 <= len(digits) <= 12:
            found.append("+62" + digits)
    return _unique(found)


def known_names(plain_text: str, names: Sequence[str]) -> tuple[str, ...]:
    """Return the given names that the text mentions by full or first name, as they were given."""
    found = []
    for name in names:
        parts = name.casefold().split()
        wanted = [" ".join(parts), *parts[:1]]
        if any(part and re.search(rf"(?<!\w){re.escape(part)}(?!\w)", plain_text) for part in wanted):
            found.append(name)
    return _unique(found)


def choice(plain_text: str) -> int | None:
    """Return which of the offered options is picked, counted from 1; -1 is the last."""
    text = plain_text.strip(" .!,")
    match = _CHOICE.match(text) or (_MARKED.search(text) if len(text) < 80 else None)
    if match is None:
        return None
    pick = match.group("pick")
    return int(pick) if pick.isdigit() else _ORDINALS[pick]


def yes_no(plain_text: str) -> Literal["yes", "no"] | None:
    """Return a plain yes or no; None for anything that says more than that."""
    text = re.sub(r"[^\w\s,.!']", " ", _THUMBS_UP.sub(" ok ", plain_text)).strip()
    if len(text) <= 60 and _NO.match(text):
        return "no"
    if "?" in plain_text:
        # "Bisa?" and "jadi?" ask; nobody has agreed yet.
        return None
    if len(text) <= 60 and _YES.match(text):
        return "yes"
    leads = _LEADS.match(text)
    if leads is None or (leads.group("yes") and _HESITATES.search(text)):
        return None
    return "yes" if leads.group("yes") else "no"


def _unique(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))
