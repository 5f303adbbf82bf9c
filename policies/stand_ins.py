"""A customer's words with everybody in them replaced by people there are not: what may stand in a file."""

import re
from collections.abc import Callable
from functools import partial

from casefile.base import Frozen
from policies.privacy import SECRETS
from policies.promises_words import COMMON_CAPITALS

Put = Callable[[str], str]
Choice = Callable[[re.Match[str], Put], str]
# How people are addressed, and what may follow a name: none of it is one.
TITLES = COMMON_CAPITALS.union(
    re.findall(r"\w+", "bunda mama papa ayah mami papi om tante kakek nenek dok sis bro")
)
NOBODY = TITLES.union(
    re.findall(
        r"\w+",
        "siapa saya aku kamu anda anak lengkap panggilan yang apa itu ini di ke dari untuk belum sudah lain baru salah"
        " mau dan rp wib what your the my a an is not wrong and but with from",
    )
)
# "Nama saya Budi", in small letters too; without a name behind it, nobody was introduced.
INTRODUCED = re.compile(
    r"(?<!\w)(?P<how>(?i:nama(?:nya|ku)?(?:\s+(?:saya|aku|gue|gw|lengkap|anak(?:ku|nya)?))*(?:\s+(?:itu|adalah))?"
    r"|atas\s+nama|a[./]\s?n\.?|bernama|my\s+name(?:\s+is|'s)|name\s+is|named|call\s+me)\s*[:=]?\s+)"
    r"(?P<who>[^\W\d_]{2,}(?:[ ]+[^\W\d_]{2,}){0,3})"
)
CAPITALS = re.compile(r"(?<![\w@.])[A-Z][a-z]{2,}(?:[ ]+[A-Z][a-z]{2,})*(?!\w)")
LINK = re.compile(r"(?:https?://|www\.|wa\.me/)\S+", re.IGNORECASE)
HANDLE = re.compile(r"(?<![\w.])@[\w.]{3,}")
INVOICE = re.compile(r"(?<!\w)INV-\d{4}-\d{4}-\d{3,}", re.IGNORECASE)
# Whole where a number ends it; else its first word, and what goes on with a capital. "Jalan" is also a walk.
NUMBERED = r"(?:no|nomor|blok|rt|rw)\b\.?\s*[\w/]+"
STREET = re.compile(
    r"(?<![\w-])(?:(?i:jl|jln|gg|apt)\b\.?|(?i:jalan|gang|kompleks?|perum(?:ahan)?|apartemen)(?=\s+[A-Z\d]))\s+"
    rf"(?:(?:[\w']+\s+){{1,4}}?(?i:{NUMBERED})(?:[.,]?\s*(?i:{NUMBERED}))*"
    r"|[\w']+(?:\s+[A-Z][\w']*)*(?:\s+\d+\w*)?)"
)
ACCOUNT, ADDRESS, PAGE = "1234567890", "Jl. Contoh No. 1", "https://contoh.example"
HERE = re.compile("[\ue000-\uf8ff]")


class StandIns(Frozen):
    """Who stands in for whom.

    `names` and `invoices` are pairs of what is real and what is not; `person`, `phone`, `email` and `invoice` stand for
    what nobody knows. `ordinary` are the desk's own words, in small letters: with a capital they name nobody.
    `spoken` are words that people begin a sentence with.
    """

    names: tuple[tuple[str, str], ...]
    invoices: tuple[tuple[str, str], ...]
    ordinary: frozenset[str]
    spoken: frozenset[str]
    person: str
    phone: str
    email: str
    invoice: str


def disguised(text: str, by: StandIns) -> str:
    """Return the text with every name, number, address and link replaced; rather a word too many than one too few."""
    kept: list[str] = []

    def put(words: str) -> str:
        # What is put in is out of reach of whatever is looked for next.
        kept.append(words)
        return chr(0xE000 + len(kept) - 1)

    text = HERE.sub("", text)
    for pattern, choose in _passes(by):
        text = pattern.sub(partial(_chosen, choose=choose, put=put), text)
    return HERE.sub(lambda found: kept[ord(found[0]) - 0xE000], text)


def _chosen(found: re.Match[str], choose: Choice, put: Put) -> str:
    return choose(found, put)


def _passes(by: StandIns) -> tuple[tuple[re.Pattern[str], Choice], ...]:
    invoices = {real.casefold(): stand_in for real, stand_in in by.invoices}
    names = {real.casefold(): stand_in for real, stand_in in by.names if real.casefold() not in TITLES}
    longest = sorted(names, key=len, reverse=True)
    known = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)" if names else r"(?!)", re.I)
    return (
        (LINK, lambda found, put: put(PAGE)),
        (INVOICE, lambda found, put: put(invoices.get(found[0].casefold(), by.invoice))),
        (SECRETS, lambda found, put: _secret(found, put, by)),
        (HANDLE, lambda found, put: put("@contoh")),
        (known, lambda found, put: put(_cased(names[found[0].casefold()], found[0]))),
        (STREET, lambda found, put: put(ADDRESS)),
        (INTRODUCED, lambda found, put: _introduced(found, put, by)),
        (CAPITALS, lambda found, put: _nobody_known(found, put, by)),
    )


def _secret(found: re.Match[str], put: Put, by: StandIns) -> str:
    if found["email"]:
        return put(by.email)
    if not found["phone"]:
        return found[0]
    # An account's number does not begin as a phone's does.
    return put(by.phone if re.match(r"\+|0|62|8", found[0]) else ACCOUNT)


def _cased(stand_in: str, like: str) -> str:
    return stand_in.lower() if like.islower() else stand_in.upper() if like.isupper() else stand_in


def _introduced(found: re.Match[str], put: Put, by: StandIns) -> str:
    """Replace who was introduced: the first word, and what follows as long as it is no word of ours."""
    words = re.split(r"( +)", found["who"])
    if words[0].casefold() in NOBODY:
        return found[0]
    end = 1
    while end < len(words) and not _stem(words[end + 1]) & (by.ordinary | NOBODY):
        end += 2
    return found["how"] + put(_cased(by.person, words[0])) + "".join(words[end:])


def _stem(word: str) -> set[str]:
    """Return a word in small letters, with and without what is hung on its end in Indonesian."""
    plain = word.casefold()
    return {plain, re.sub(r"(?:nya|ku|mu|kah|lah|pun)$", "", plain)}


def _nobody_known(found: re.Match[str], put: Put, by: StandIns) -> str:
    """Replace words with a capital that nothing of ours has; at the start of a sentence every word has one."""
    words = found[0].split()
    before = found.string[: found.start()].rstrip()
    opens = not before or before[-1] in ".!?:\n"
    said: list[str] = []
    for place, word in enumerate(words):
        plain = by.ordinary | TITLES | (by.spoken if opens and place == 0 else frozenset())
        if _stem(word) & plain:
            said.append(word)
        elif not said or not HERE.fullmatch(said[-1]):
            said.append(put(by.person))
    return " ".join(said)
