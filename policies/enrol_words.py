"""Who is to be signed up and for which package, as people write it."""

import re
from collections.abc import Sequence

from casefile.enrolments import PackageOffer, Signup


def _each(words: str) -> frozenset[str]:
    return frozenset(words.split())


_YEARS = r"(?:tahun|thn|th|yo|y/o|years?(?: old)?|yrs?)"
_AGE = re.compile(
    r"(?<!\w)(?:umur\w*|usia\w*|age|aged)\D{0,12}?(?P<said>\d{1,2})(?!\d)"
    rf"|(?<![\d.:])(?P<years>\d{{1,2}}) ?{_YEARS}(?!\w)"
    r"|(?<!\w)(?:i'?m|i am|(?:he|she)(?:'s| is)) (?P<am>\d{1,2})(?! ?(?:[ap]m|min|:|\d))"
    r"|, ?(?P<bare>\d{1,2})(?= ?(?:,|\.|\n|$))",
    re.IGNORECASE,
)
# A number with no word beside it, where an age is what was asked for.
_ONLY_AGE = re.compile(r"^\D{0,8}(\d{1,2})\D{0,8}$")
_NAMED = re.compile(
    r"(?<!\w)(?:nama(?:nya|ku)?(?: (?:lengkap|anak(?:nya|ku)?|saya|aku|siswa(?:nya)?|murid(?:nya)?|calon murid)){0,2}"
    r"|(?:my |his |her |their |the )?(?:full )?name(?:'s| is)?|called|named)(?!\w)[\s:,]*(?:adalah|is|itu|yaitu)?[\s:]*"
    r"(?P<name>[^\W\d_][\w'.]*(?: [^\W\d_][\w'.]*){0,3})",
    re.IGNORECASE,
)
_RELATION = (
    r"(?:anak|putri|putra|adik|adek|kakak|keponakan|ponakan|cucu|suami|istri|daughter|son|kid|child|niece|nephew"
    r"|sister|brother|wife|husband)(?:ku|nya)?"
)
# Written with a capital, what follows "anak saya" or "my daughter" is a name.
_OF_RELATION = re.compile(
    rf"(?i:(?<!\w){_RELATION}(?: (?:saya|aku|gue|kami|yang bungsu|yang sulung))?)[ ,:]+(?P<name>[A-Z]\w+(?: [A-Z]\w+)?)"
)
_THEN_AGE = rf"[\s,(-]+(?:umur\w*|usia\w*|age|aged)?[\s:]*\d{{1,2}}(?: ?{_YEARS})?(?!\d)"
_WORDS = r"(?P<name>[^\W\d_][\w'.]*(?: [^\W\d_][\w'.]*){0,3}?)"
_BEFORE_AGE = re.compile(rf"^\W*{_WORDS}{_THEN_AGE}", re.IGNORECASE)
_FOR_BEFORE_AGE = re.compile(rf"(?<!\w)(?:for|untuk|buat) {_WORDS}{_THEN_AGE}", re.IGNORECASE)
_FOR_ANOTHER = re.compile(rf"(?<!\w){_RELATION}(?!\w)", re.IGNORECASE)
_FOR_MYSELF = re.compile(
    r"(?<!\w)(?:(?:untuk|buat) (?:saya|aku|gue|diri)|saya sendiri|aku sendiri|my ?self|for me|i'?m|i am)(?!\w)",
    re.IGNORECASE,
)
# What may follow a name without a comma and is none.
_NO_NAME = _each(
    "umur umurnya usia usianya tahun thn th dan and age aged years kelas les trial paket hari jam mau ingin bisa"
    " bisanya suka sukanya yang yg untuk buat saya aku gue kak kakak ya iya oke ok halo hai hi hello sabtu minggu"
    " senin selasa rabu kamis jumat besok lusa pagi siang sore malam who is a an the she he from dari sesi sessions"
    " daftar coba please tolong boleh anak my i i'm im di ke saturday sunday monday tuesday wednesday thursday friday"
    " tidak no yes nomor nomer opsi pilihan number option"
)
_SESSIONS = re.compile(
    r"(?<![\w.])(?P<n>\d{1,2}) ?(?:x|kali|sesi|pertemuan|sessions?|lessons?|class(?:es)?)(?!\w)"
)
_ASKS = re.compile(
    r"\?|(?<!\w)(?:berapa|brp|bagaimana|gimana|kapan|apa|apakah|how|what|when)(?!\w)", re.IGNORECASE
)
FEW_WORDS = 6
ADULT = 17


def who_in(words: str, before: Signup, *, asked: bool = False, loose: bool = True) -> Signup:
    """Return whom words are about, over what was known; `asked`: name and age were what we had asked for.

    `loose`: a name may stand before an age, or after "my son", without being called one.
    """
    name = _name(words, loose=loose) or (_bare_name(words) if asked and not before.name else "")
    age = _age(words, asked=asked)
    other, own = _FOR_ANOTHER.search(words), _FOR_MYSELF.search(words)
    signup = before.with_(name=name or before.name, age=before.age if age is None else age)
    if other or own:
        signup = signup.with_(own=other is None)
    if signup.age is not None and signup.age < ADULT:
        # A child writes with somebody's phone, and somebody answers for it.
        signup = signup.with_(own=False)
    return signup


def gives_who(words: str) -> bool:
    """Say whether words can be the answer to who it is for, and ask nothing."""
    told = _name(words) or _age(words, asked=True) is not None or _bare_name(words)
    return bool(told) and not _ASKS.search(words)


def short_answer(words: str) -> bool:
    """Say whether words are so few that they answer what was asked, and ask nothing themselves."""
    return len(words.split()) <= FEW_WORDS and not _ASKS.search(words)


def named_in(offers: Sequence[PackageOffer], words: str) -> tuple[PackageOffer, ...]:
    """Return the packages that words name, by their kind and the number of their sessions; empty when by neither."""
    said = words.casefold()
    numbers = {int(found["n"]) for found in _SESSIONS.finditer(said)}
    kinds = {w for offer in offers for w in offer.words if re.search(rf"(?<!\w){re.escape(w)}(?!\w)", said)}
    if not numbers and not kinds:
        return ()
    return tuple(
        offer
        for offer in offers
        if (not numbers or offer.sessions in numbers) and (not kinds or kinds & set(offer.words))
    )


def _name(words: str, *, loose: bool = True) -> str:
    for pattern in (_NAMED, _OF_RELATION, _FOR_BEFORE_AGE, _BEFORE_AGE) if loose else (_NAMED,):
        found = pattern.search(words)
        if found is not None and (name := _cut(found["name"])):
            return name
    return ""


def _bare_name(words: str) -> str:
    """Return words that are only a name: one to three, and none of them anything else."""
    parts = re.fullmatch(r"\W*([^\W\d_][\w'.]*(?: [^\W\d_][\w'.]*){0,2})\W*", words)
    name = _cut(parts[1]) if parts else ""
    return name if parts and len(name.split()) == len(parts[1].split()) else ""


def _cut(said: str) -> str:
    """Return the name at the beginning of what was said, as names are written."""
    kept: list[str] = []
    for word in said.split():
        if word.casefold().strip(".") in _NO_NAME:
            break
        kept.append(word.strip("."))
    return " ".join(part if any(c.isupper() for c in part) else part.capitalize() for part in kept)


def _age(words: str, *, asked: bool) -> int | None:
    found = _AGE.search(words)
    if found is not None:
        return int(next(group for group in found.groups() if group))
    only = _ONLY_AGE.match(words.strip()) if asked else None
    return int(only[1]) if only else None
