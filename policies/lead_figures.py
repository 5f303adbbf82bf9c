"""How much and how many: figures as people write them, in both languages - alone, as a range, with a bound."""

import re
from typing import NamedTuple

from casefile.base import Language
from policies.claims import UNITS

_WORDS = {**UNITS, "satu": 1, "one": 1, "selusin": 12, "dozen": 12}
_TENS = {"puluh": 10, "ratus": 100, "hundred": 100}
NUMBER_WORD = "|".join(sorted(_WORDS, key=len, reverse=True))
_JOINED = rf"{NUMBER_WORD}|{'|'.join(_TENS)}|belas|(?<=hundred )and"
_SPELLED = re.compile(rf"(?<!\w)(?:{NUMBER_WORD}|a(?= hundred))(?:(?: |(?<=ty)-)(?:{_JOINED}))*(?:an)?(?!\w)")
_SHORT = (
    (re.compile(r"(?<!\w)se(?=(?:juta|jt|ribu|miliar|milyar)(?!\w))"), "1 "),
    (re.compile(r"(?<!\w)(?:satu setengah|one and an? half) (?=\w)"), "1.5 "),
    (re.compile(r"(?<!\w)(?:setengah|half an?) (?=(?:juta|jt|miliar|milyar|million|billion))"), "0.5 "),
    (re.compile(r"(?<!\w)an? (?=(?:million|thousand|billion)(?!\w))"), "1 "),
    (re.compile(r"(?<!\w)belasan(?!\w)"), "11-19"),
    (re.compile(r"(?<!\w)puluhan(?!\w)"), "20-99"),
    (re.compile(r"(?<!\w)ratusan(?!\w)"), "100-999"),
)
_SCALES = {
    "ribu": 10**3, "rb": 10**3, "k": 10**3, "thousand": 10**3,
    "juta": 10**6, "jt": 10**6, "million": 10**6, "mio": 10**6, "mil": 10**6, "mn": 10**6,
    "miliar": 10**9, "milyar": 10**9, "billion": 10**9, "bn": 10**9,
}  # fmt: skip
# "2M" is two billion to an Indonesian and two million to everybody else.
_M: dict[Language, int] = {"id": 10**9, "en": 10**6}
_NUMBER = r"(?:\d{1,3}(?:[.,]\d{3})+(?!\d)|\d+(?:[.,]\d{1,2})?(?!\d))"


def _amount(n: int) -> str:
    return (
        rf"(?P<cur{n}>(?:rp|idr)\.? ?|(?:usd|us\$|\$|sgd|s\$) ?)?(?P<num{n}>{_NUMBER})(?P<more{n}>\+)?(?:-?an(?!\w))?"
        rf" ?(?P<scale{n}>{'|'.join(sorted(_SCALES, key=len, reverse=True))}|m)?(?:-?an)?(?![\w])"
    )


_JOINT = r" ?(?:-|–|—|~|s/d|sd|sampai|sampe|smp|hingga|to|until|atau|or|dan|and|ke) ?"
_FIGURE = re.compile(rf"(?<![\w.,]){_amount(1)}(?:{_JOINT}{_amount(2)})?")
_NOT = re.compile(r"(?<!\w)(?:bukan|bkn|not|instead of|rather than)(?: \w+)? ?$")
_ROUGHLY = r"(?: ?(?:di|sekitar|kira-kira|about|around|rp|idr))* ?$"
_AT_MOST = re.compile(
    r"(?<!\w)(?:di ?bawah|dibawah|maks(?:imal)?|max(?:imal|imum)?|paling (?:banyak|mahal|mentok|tinggi)|mentok"
    r"|kurang dari|(?:ga|gak|nggak|tidak) (?:sampai|sampe|nyampe|lebih dari)|under|below|up to|at most|less than"
    rf"|no more than)\.?:?{_ROUGHLY}"
)
_AT_LEAST = re.compile(
    r"(?<!\w)(?:di ?atas|diatas|min(?:imal|imum)?|paling (?:sedikit|tidak|dikit)|lebih dari|over|above|more than"
    rf"|at least|upwards of)\.?:?{_ROUGHLY}"
)
_NOT_MORE = re.compile(r" ?(?:maks(?:imal)?|max(?:imum)?|mentok|paling banyak|at most|tops)(?!\w)")
_ABROAD = re.compile(r" ?(?:usd|dol+ars?|sgd|eur\w*)(?!\w)")
_AND_UP = re.compile(r" ?(?:ke ?atas|keatas|lebih(?!\w)|\+|plus(?!\w)|or more|and up|and above)")
# A round figure as large as this is rupiah without its saying so; a longer one is somebody's number.
_RUPIAH, _LONGEST = 100_000, 10**10


class Figure(NamedTuple):
    """A figure in a text: where it stands, what it says, and whether it can only be money, and ours.

    `low` and `high` are None where it is open; both are None of money that is not rupiah.
    """

    start: int
    end: int
    low: int | None
    high: int | None
    money: bool


def spelled_out(text: str) -> str:
    """Return folded text with numbers in words written as figures: "dua puluh juta" becomes "20 juta"."""
    for pattern, instead in _SHORT:
        text = pattern.sub(instead, text)
    return _SPELLED.sub(lambda m: _figures(m.group()), text)


def _figures(words: str) -> str:
    total, last = 0, 0
    for said in re.split(r"[ -]", words):
        # "Sepuluhan": about ten.
        word = said if said in _WORDS or said in _TENS else said.removesuffix("an")
        if word == "belas":
            total, last = total + 10, 0
        elif word in _TENS:
            total, last = total - last + max(last, 1) * _TENS[word], 0
        elif word != "and":
            if 0 < last < 10 and word in _WORDS and _WORDS[word] < 10:
                # "Dua tiga juta": two or three.
                return f"{total}-{_WORDS[word]}"
            last = 1 if word == "a" else _WORDS[word]
            total += last
    return str(total)


def figures(text: str, language: Language) -> tuple[Figure, ...]:
    """Return the figures of a text as `spelled_out` gives it, without those that are said not to be meant."""
    found = []
    for match in _FIGURE.finditer(text):
        before, after = text[: match.start()], text[match.end() :]
        if not _NOT.search(before):
            found.append(_read(match, before, after, language))
    return tuple(found)


def _read(match: re.Match[str], before: str, after: str, language: Language) -> Figure:
    scales = [match["scale1"], match["scale2"]]
    several = match["num2"] is not None
    if several and scales[0] is None:
        scales[0] = scales[1]
    values = [_value(match["num1"], scales[0], language)]
    if several:
        values.append(_value(match["num2"], scales[1], language))
    currencies = [c for c in (match["cur1"], match["cur2"]) if c]
    rounded = _RUPIAH <= max(values) < _LONGEST and max(values) % 1000 == 0 and match["num1"][0] != "0"
    money = bool(scales[0] or scales[1] or currencies or _ABROAD.match(after)) or rounded
    low: int | None = min(values)
    high: int | None = max(values)
    if any(c.startswith(("u", "$", "s")) for c in currencies) or _ABROAD.match(after):
        low = high = None
    elif _AT_MOST.search(before) or _NOT_MORE.match(after):
        low = None
    elif _AT_LEAST.search(before) or _AND_UP.match(after) or match["more1"]:
        high = None
    return Figure(match.start(), match.end(), low, high, money)


def _value(number: str, scale: str | None, language: Language) -> int:
    times = 1 if scale is None else _M[language] if scale == "m" else _SCALES[scale]
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", number):
        return int(re.sub(r"[.,]", "", number)) * times
    return round(float(number.replace(",", ".")) * times)
