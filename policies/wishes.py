"""Which time is wanted: the words of a message, with what they leave unsaid taken from what was said before."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

from casefile.case import Case, Wish
from casefile.reading import Reading, WhenSlot
from casefile.records import Session, Slot

PARTS: dict[str, tuple[int, int]] = {
    "morning": (0, 11),
    "noon": (11, 15),
    "afternoon": (14, 19),
    "evening": (18, 24),
}
_AMOUNT = re.compile(
    r"(?<!\w)(?P<n>\d{1,2}|se|satu|dua|tiga|setengah|half an|an?|one|two|three) ?"
    r"(?P<unit>jam|menit|hari|minggu|pekan|hour|minute|day|week)s?(?!\w| lagi)"
)
_NUMBERS = {"se": 1, "satu": 1, "a": 1, "an": 1, "one": 1, "dua": 2, "two": 2, "tiga": 3, "three": 3}
_MINUTES = {
    "menit": 1, "minute": 1, "jam": 60, "hour": 60, "hari": 1440, "day": 1440,
    "minggu": 10080, "pekan": 10080, "week": 10080,
}  # fmt: skip
_LATER = re.compile(
    r"(?<!\w)(?:(?:di)?(?:undur|mundur)\w*|push\w* (?:\w+ ){0,3}back|delay\w*|later"
    r"|lebih (?:lambat|malam|sore|siang))(?!\w)"
)
_EARLIER = re.compile(
    r"(?<!\w)(?:(?:di)?maju\w*|bring (?:\w+ ){0,3}forward|move (?:\w+ ){0,3}up|earlier|lebih (?:awal|cepat|pagi))(?!\w)"
)
_SAME_TIME = re.compile(
    r"(?<!\w)(?:(?:jam|waktu) (?:yang )?(?:sama|segitu|biasa\w*)|(?:the )?same (?:time|hour))(?!\w)"
)
_BY = r"(?<!\w)(?:coach|kak|pelatih|miss|sama|ama|dengan|dgn|with|bareng) (?:coach |kak |pelatih |miss )?"
_ANOTHER = re.compile(
    r"(?<!\w)(?:sama|ama|dengan|dgn|with|bareng|ke|to) (?:coach|kak|pelatih|miss) "
    r"(?!(?:yang|yg|lain|other|another|saya|aku|gue|my|the|a|siapa|mana|itu|ini|nya|baru|cewek|cowok)(?!\w))(?P<name>[a-z]{3,})"
)
_NEXT_WEEK = re.compile(r"(?<!\w)(?:(?:minggu|pekan) depan|next week)(?!\w)")
_OTHERS = re.compile(
    r"(?<!\w)(?:(?:jadwal|hari|jam|waktu|slot|opsi|pilihan) (?:yang )?lain(?:nya)?|yang lain(?:nya)?"
    r"|tidak ada yang (?:cocok|pas|bisa|sesuai)|(?:belum|kurang) ada yang (?:cocok|pas)|tidak (?:cocok|pas) semua"
    r"|(?:any|some|have) (?:other|others|more|another)(?: \w+)?|another (?:time|day|slot|option)"
    r"|other (?:times|days|slots|options)|something else|none of (?:those|these|them)(?: \w+){0,3}"
    r"|(?:those|these) (?:do not|dont|don't) work)(?!\w)"
)


def asks_for_others(words: str) -> bool:
    """Say whether canonical words want to see other hours than those that were offered."""
    return _OTHERS.search(words) is not None


def wished(
    case: Case,
    reading: Reading,
    session: Session | None,
    whens: tuple[WhenSlot, ...],
    coaches: frozenset[str],
    zone: ZoneInfo,
    now: dt.datetime,
) -> Wish | None:
    """Return the time wanted, or None when the message says none."""
    base = _base(case, session)
    said = next(iter(whens), None)
    words = reading.normalized
    coach = _coach(reading, coaches)
    shift = _shift(words) if said is None or said.time is None else None
    if base is not None and shift is not None:
        then = (base + shift).astimezone(zone)
        return Wish(text="", date=then.date(), time=then.time(), coach=coach)
    same = base is not None and _SAME_TIME.search(words) is not None
    if said is None and not same:
        if case.waiting_for in {"session", "service", "child"}:
            return case.wish
        return _only_coach(case, coach, zone) if coach is not None else None
    kept = case.wish.coach if case.wish is not None else None
    wish = Wish.model_validate({**(said or WhenSlot(text="")).model_dump(), "coach": coach or kept})
    if base is not None and same:
        wish = wish.model_copy(update={"time": base.astimezone(zone).time(), "part_of_day": None})
    if wish.date is None and _NEXT_WEEK.search(words):
        return _next_week(wish, base if same else None, zone, now)
    return _dated(wish, case, session, zone)


def _base(case: Case, session: Session | None) -> dt.datetime | None:
    """Return what "an hour later" counts from: the time asked about last, else the session's own."""
    if case.chosen is not None:
        return case.chosen.start
    return session.start if session is not None else None


def _coach(reading: Reading, coaches: frozenset[str]) -> str | None:
    """Return the coach of one's own that was named; a name alone may be anybody's."""
    said = " ".join(request.text for request in reading.requests)
    named = (c for c in sorted(coaches) if re.search(rf"{_BY}{re.escape(c.casefold())}(?!\w)", said))
    return next(named, None)


def names_other_coach(reading: Reading, coaches: frozenset[str]) -> bool:
    """Say whether another coach than one's own was asked for by name."""
    said = " ".join(request.text for request in reading.requests)
    own = {coach.casefold() for coach in coaches}
    return any(found["name"] not in own for found in _ANOTHER.finditer(said))


def _only_coach(case: Case, coach: str, zone: ZoneInfo) -> Wish:
    """Return the wish as it stood, with another coach."""
    if case.chosen is not None:
        start = case.chosen.start.astimezone(zone)
        return Wish(text="", date=start.date(), time=start.time(), coach=coach)
    return (case.wish or Wish(text="")).model_copy(update={"coach": coach})


def _shift(words: str) -> dt.timedelta | None:
    later, amount = _LATER.search(words), _AMOUNT.search(words)
    if amount is None or not (later or _EARLIER.search(words)):
        return None
    said, unit = amount["n"], _MINUTES[amount["unit"]]
    minutes = (
        unit // 2 if said in {"setengah", "half an"} else unit * _NUMBERS.get(said, 0) or unit * int(said)
    )
    return dt.timedelta(minutes=minutes if later else -minutes)


def _next_week(wish: Wish, base: dt.datetime | None, zone: ZoneInfo, now: dt.datetime) -> Wish:
    """Return a wish for a week: the same hour a week on, or any day of the calendar week that follows."""
    if base is not None:
        return wish.model_copy(update={"date": base.astimezone(zone).date() + dt.timedelta(days=7)})
    today = now.astimezone(zone).date()
    monday = today + dt.timedelta(days=7 - today.weekday())
    return wish.model_copy(update={"date": monday, "until": monday + dt.timedelta(days=6)})


def _dated(wish: Wish, case: Case, session: Session | None, zone: ZoneInfo) -> Wish:
    """Take the day that was left out from the time asked about, the move just made, or the last wish."""
    if wish.date is not None or (wish.time is None and wish.part_of_day is None):
        return wish
    if case.chosen is not None:
        return wish.model_copy(update={"date": case.chosen.start.astimezone(zone).date()})
    if session is not None and case.moved is not None and session.id == case.moved.session_id:
        return wish.model_copy(update={"date": session.start.astimezone(zone).date()})
    if case.wish is not None:
        return wish.model_copy(update={"date": case.wish.date, "until": case.wish.until})
    return wish


def fits(slot: Slot | Session, wish: WhenSlot, zone: ZoneInfo) -> bool:
    """Say whether an hour is one that a wish names."""
    start = slot.start.astimezone(zone)
    until = wish.until if isinstance(wish, Wish) else None
    if isinstance(wish, Wish) and wish.coach is not None and slot.coach != wish.coach:
        return False
    if wish.date is not None and not wish.date <= start.date() <= (until or wish.date):
        return False
    if wish.time is not None:
        hours = {wish.time.hour, (wish.time.hour + 12) % 24} if wish.ambiguous_hour else {wish.time.hour}
        return start.hour in hours and start.minute == wish.time.minute
    if wish.part_of_day is not None:
        low, high = PARTS[wish.part_of_day]
        return low <= start.hour < high
    return True


def around(free: tuple[Slot, ...], wish: WhenSlot, zone: ZoneInfo) -> tuple[Slot, ...]:
    """Order the free slots by how near they are to the day that was wanted."""
    if wish.date is None:
        return free
    day = wish.date
    return tuple(sorted(free, key=lambda s: (abs((s.start.astimezone(zone).date() - day).days), s.start)))
