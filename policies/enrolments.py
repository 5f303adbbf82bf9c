"""Trials and enrolments: what a request still lacks, and what only tells of one."""

import re

ENROLMENTS = frozenset({"trial_request", "enrol_request", "renewal_request"})
# For whom it is; a renewal's student is on record.
WANTED: dict[str, tuple[str, ...]] = {"trial_request": ("who", "when"), "enrol_request": ("who", "when")}
_AGE = re.compile(
    r"(?<!\w)(?:umur\w*|usia\w*|age|aged)(?!\w)|\d{1,2} ?(?:tahun|thn|th|yo|y/o|years?|yrs?)(?!\w)"
    r"|(?:^|, ?)\d{1,2} ?(?:,|$)|(?<!\w)(?:nama|namanya|name is|called)(?!\w)"
)
_WHEN = re.compile(
    r"(?<!\w)(?:senin|selasa|rabu|kamis|jumat|jum'at|sabtu|minggu|besok|lusa|weekend|weekday|jam \d|pukul \d|tgl \d"
    r"|mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?|tomorrow|\d{1,2} ?[ap]m)(?!\w)"
)
_ASKS = re.compile(
    r"\?|(?<!\w)(?:berapa|brp|bagaimana|gimana|kapan|apa|apakah|how|what|when|can|do|does)(?!\w)|(?:^|[,.] ?)is(?!\w)"
)
_TELLS = re.compile(
    r"(?<!\w)(?:belum|blm|blum|sudah|udah|udh|sdh|pernah|not yet|haven'?t|have not|already|never|have)"
    r"(?: \w+){0,2} (?:daftar\w*|didaftar\w*|terdaftar|gabung|ikut|trial|coba|perpanjang\w*|diperpanjang|enrol\w*"
    r"|registered|signed|joined|renewed|tried)(?!\w)"
)
_WISHES = re.compile(
    r"(?<!\w)(?:mau|pengen|pengin|ingin|minta|tolong|mohon|bisa|boleh|yuk|dong|please|pls|want|like|can|could|let|book)"
    r"(?!\w)|\?"
)


def gives_details(words: str) -> bool:
    """Say whether words tell who a lesson is for, and ask nothing."""
    return _AGE.search(words) is not None and not _ASKS.search(words)


def lacks(intent: str, words: str) -> tuple[str, ...]:
    """Return what a request still lacks: `who` it is for, `when` it could be."""
    said = words.casefold()
    there = {"who": _AGE.search(said) is not None, "when": _WHEN.search(said) is not None}
    return tuple(part for part in WANTED.get(intent, ()) if not there[part])


def not_yet(words: str) -> bool:
    """Say whether what is told is that they have not enrolled."""
    return re.search(r"(?<!\w)(?:belum|blm|blum|not|haven'?t|never)(?!\w)", words.casefold()) is not None


def only_tells(words: str) -> bool:
    """Say whether words only tell that somebody has, or has not, enrolled; a statement enrols nobody."""
    return _TELLS.search(words.casefold()) is not None and not _WISHES.search(words.casefold())
