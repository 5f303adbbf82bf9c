"""Whose data a text carries: what stands in it is looked up, never the records listed and compared."""

import re
from collections.abc import Collection, Iterator, Sequence

from store.records import Reader

LETTERS = 4
BEGINNING = f"SUBSTR(LOWER({{}}), 1, {LETTERS})"
PHONE_DIGITS = range(8, 16)
# What a phone number ends with is the same however its beginning is written (0812..., 62 812..., +62-812...).
TAIL = 8
COUNTRY_DIGITS = 3
EMAIL = re.compile(r"(?<![\w.%+-])[\w.%+-]+@[\w-]+(?:\.[\w-]+)+")
INVOICE = re.compile(r"(?<![\w-])[A-Z]{2,6}-\d{4}-\d{4}-\d{3,}(?!\w)", re.IGNORECASE)
ORDER = re.compile(r"(?<![\w-])ORD-\d{4}-\d{4,}(?!\w)", re.IGNORECASE)
DIGITS = re.compile(r"\d[\d\s().\-/]{5,}\d")


def others_in(read: Reader, text: str, own: Sequence[str]) -> tuple[str, ...]:
    """Return what of a text belongs to contacts or students other than these contacts, as it stands there."""
    found = (*_names(read, text, own), *_phones(read, text, own))
    return (*found, *_emails(read, text, own), *_bills(read, text, own))


def _names(read: Reader, text: str, own: Sequence[str]) -> list[str]:
    plain = " ".join(re.sub(r"[*_~]", "", text).split())
    beginnings = _beginnings(plain)
    mine = _marks(own)
    rows = read(
        f"SELECT full_name AS name FROM contacts WHERE {BEGINNING.format('full_name')} IN ({_marks(beginnings)})"
        f" AND id NOT IN ({mine}) UNION SELECT name FROM students WHERE {BEGINNING.format('name')} IN"
        f" ({_marks(beginnings)}) AND NOT (COALESCE(own_contact, '') IN ({mine})"
        f" OR id IN (SELECT student_id FROM guardians WHERE contact_id IN ({mine})))",
        (*beginnings, *own, *beginnings, *own, *own),
    )
    named = {found[0].casefold(): found[0] for row in rows if (found := _said(row["name"], plain))}
    if not named:
        return []
    # Whoever shares a name with this customer, or with one of the staff, is not given away by it.
    shared = read(
        f"SELECT full_name AS name FROM contacts WHERE id IN ({mine}) UNION SELECT name FROM students WHERE"
        f" own_contact IN ({mine}) OR id IN (SELECT student_id FROM guardians WHERE contact_id IN ({mine}))"
        " UNION SELECT name FROM coaches UNION SELECT name FROM staff",
        (*own, *own, *own),
    )
    known = {" ".join(row["name"].split()).casefold() for row in shared if row["name"]}
    return [name for folded, name in named.items() if folded not in known]


def _beginnings(plain: str) -> list[str]:
    """List the first letters of every word, and of what follows it, as the database folds them."""
    found: set[str] = set()
    for word in re.finditer(r"\w+", plain):
        begun = plain[word.start() : word.start() + LETTERS]
        for said in (begun, word[0][:LETTERS]):
            # LOWER() knows only the letters of ASCII, so any other may stand there in either case.
            ways = (said,) if said.isascii() else (said, said.casefold(), said.upper())
            found |= {way.lower() if way.isascii() else _lower(way) for way in ways}
    return sorted(found)


def _said(name: str, plain: str) -> re.Match[str] | None:
    words = " ".join(name.split())
    # A name of one word is often a word as well ("Bunga", "Mei"): there only its capital makes it a name.
    flags = re.IGNORECASE if " " in words else 0
    return re.search(rf"(?<!\w){re.escape(words)}(?=(?:nya)?(?!\w))", plain, flags)


def _phones(read: Reader, text: str, own: Sequence[str]) -> Iterator[str]:
    said = dict(_numbers(text))
    if not said:
        return
    tails = sorted({digits[-TAIL:] for digits in said})
    rows = read(
        f"SELECT value FROM aliases WHERE kind = 'phone' AND SUBSTR(value, LENGTH(value) - {TAIL - 1}) IN"
        f" ({_marks(tails)}) AND contact_id NOT IN ({_marks(own)})"
        f" UNION SELECT phone FROM contacts WHERE SUBSTR(phone, LENGTH(phone) - {TAIL - 1}) IN ({_marks(tails)})"
        f" AND id NOT IN ({_marks(own)})",
        (*tails, *own, *tails, *own),
    )
    theirs = [re.sub(r"\D", "", row["value"]) for row in rows]
    hits = [
        span
        for digits, span in said.items()
        if any(each.endswith(digits) and len(each) - len(digits) <= COUNTRY_DIGITS for each in theirs)
    ]
    # A number with its country code holds the same number without it.
    yield from (span for span in hits if not any(span in other and span != other for other in hits))


def _numbers(text: str) -> Iterator[tuple[str, str]]:
    """Yield (digits without leading zeros, as written) for every run of figures that may be a phone number."""
    for found in DIGITS.finditer(text):
        groups = list(re.finditer(r"\d+", found[0]))
        for first in range(len(groups)):
            for last in range(first, len(groups)):
                span = found[0][groups[first].start() : groups[last].end()]
                digits = re.sub(r"\D", "", span).lstrip("0")
                if len(digits) in PHONE_DIGITS:
                    yield digits, span


def _emails(read: Reader, text: str, own: Sequence[str]) -> list[str]:
    said = {_lower(found[0]): found[0] for found in EMAIL.finditer(text)}
    rows = _asked(read, "SELECT LOWER(email) AS value FROM contacts WHERE LOWER(email) IN", "id", said, own)
    return [said[value] for value in rows]


def _bills(read: Reader, text: str, own: Sequence[str]) -> Iterator[str]:
    for shape, table in ((INVOICE, "invoices"), (ORDER, "orders")):
        said = {found[0].upper(): found[0] for found in shape.finditer(text)}
        select = f"SELECT number AS value FROM {table} WHERE number IN"
        yield from (said[value] for value in _asked(read, select, "contact_id", said, own))


def _asked(read: Reader, select: str, owner: str, said: Collection[str], own: Sequence[str]) -> list[str]:
    if not said:
        return []
    rows = read(f"{select} ({_marks(said)}) AND {owner} NOT IN ({_marks(own)})", (*said, *own))
    return sorted({row["value"] for row in rows})


def _marks(values: Collection[str]) -> str:
    # Nothing is in an empty list of texts, and everything is outside it; NULL would be neither.
    return ", ".join("?" * len(values)) or "''"


def _lower(text: str) -> str:
    return re.sub("[A-Z]+", lambda found: found[0].lower(), text)
