from datetime import date, time, timedelta

import pytest

from casefile.case import Case, Moved, Wish
from casefile.reading import WhenSlot
from policies.wishes import around, asks_for_others, fits, names_other_coach, wished
from tests.policies.builders import NOW, WIB, session, slot
from tests.policies.worlds import case, reading, request

# NOW is Tuesday 10 February 2026, 10.00 WIB; the session is on Friday the 13th, 10.00.
FRIDAY, SATURDAY = date(2026, 2, 13), date(2026, 2, 14)
SAT_10 = slot()
COACHES = frozenset({"Maya", "Bagas"})


def want(text: str, *whens: WhenSlot, on: Case | None = None, lesson: bool = True) -> Wish | None:
    said = reading(request("give_time").model_copy(update={"text": text}))
    heard = said.model_copy(update={"normalized": text})
    return wished(on or case(), heard, session() if lesson else None, whens, COACHES, WIB, NOW)


def when(**said: object) -> WhenSlot:
    return WhenSlot(text="itu").model_copy(update=said)


@pytest.mark.parametrize(
    ("text", "day", "hour"),
    [
        ("diundur sejam bisa ?", FRIDAY, time(11)),
        ("maju 1 jam dong", FRIDAY, time(9)),
        ("mundur setengah jam", FRIDAY, time(10, 30)),
        ("an hour earlier", FRIDAY, time(9)),
        ("push it back two hours", FRIDAY, time(12)),
        ("half an hour later", FRIDAY, time(10, 30)),
        ("diundur sehari", SATURDAY, time(10)),
        ("diundur seminggu", date(2026, 2, 20), time(10)),
    ],
)
def test_later_and_earlier_count_from_the_session(text: str, day: date, hour: time) -> None:
    found = want(text)
    assert found is not None and (found.date, found.time) == (day, hour)
    assert want(text, lesson=False) is None


def test_later_counts_from_the_hour_asked_about_last() -> None:
    found = want("diundur sejam", on=case(waiting_for="confirm", chosen=SAT_10))
    assert found is not None and (found.date, found.time) == (SATURDAY, time(11))


@pytest.mark.parametrize(
    "text", ["2 jam lagi mulai , bisa diundur ?", "diundur dong", "geser sejam", "sejam"]
)
def test_what_says_no_direction_or_no_amount_shifts_nothing(text: str) -> None:
    assert want(text) is None


def test_an_hour_that_was_named_is_not_shifted() -> None:
    found = want("maju sejam ke jam 9", when(time=time(9)))
    assert found is not None and (found.date, found.time) == (None, time(9))


def test_the_same_time_on_another_day_or_a_week_on() -> None:
    week = want("minggu depan di jam yang sama", when(text="minggu depan"))
    assert week is not None and (week.date, week.until, week.time) == (date(2026, 2, 20), None, time(10))
    day = want("sabtu jam yang sama", when(date=SATURDAY, part_of_day="morning"))
    assert day is not None and (day.date, day.time, day.part_of_day) == (SATURDAY, time(10), None)
    assert want("jam yang sama saja", lesson=False) is None
    bare = want("same time please")
    assert bare is not None and bare.time == time(10)


def test_next_week_is_any_day_of_the_calendar_week_that_follows() -> None:
    week = want("pindah ke minggu depan", when(text="minggu depan"))
    assert week is not None and (week.date, week.until) == (date(2026, 2, 16), date(2026, 2, 22))
    inside, before = slot(NOW + timedelta(days=12)), slot(NOW + timedelta(days=5))
    assert fits(inside, week, WIB) and not fits(before, week, WIB)


def test_the_day_left_out_is_the_one_spoken_of_before() -> None:
    two = when(time=time(14))
    chosen = want("bukan , jam 2", two, on=case(waiting_for="confirm", chosen=SAT_10))
    assert chosen is not None and chosen.date == SATURDAY
    moved = case(moved=Moved(session_id="s1", old_start=NOW, old_coach="Maya"))
    after = want("jam 2 saja", two, on=moved)
    assert after is not None and after.date == FRIDAY
    wish = Wish(text="", date=SATURDAY, until=FRIDAY)
    before = want("sore saja", when(part_of_day="afternoon"), on=case(wish=wish))
    assert before is not None and (before.date, before.until) == (SATURDAY, FRIDAY)
    assert want("jam 2", two) == Wish(text="itu", time=time(14))
    named = want("jumat jam 2", when(date=FRIDAY, time=time(14)), on=case(wish=wish))
    assert named is not None and named.date == FRIDAY
    whenever = want("itu", when(), on=case(wish=wish))
    assert whenever is not None and whenever.date is None


def test_a_coach_of_ones_own_narrows_the_wish() -> None:
    day = want("sabtu sama coach bagas", when(date=SATURDAY))
    assert day is not None and day.coach == "Bagas"
    assert not fits(SAT_10, day, WIB)
    assert fits(slot(coach="Bagas"), day, WIB)
    assert want("with bagas please") == Wish(text="", coach="Bagas")
    assert want("sama coach nadia") is None
    assert want("bagas") is None
    wish = Wish(text="sabtu", date=SATURDAY)
    assert want("sama kak bagas", on=case(wish=wish)) == wish.model_copy(update={"coach": "Bagas"})
    confirm = want("sama coach bagas", on=case(waiting_for="confirm", chosen=SAT_10))
    assert confirm == Wish(text="", date=SATURDAY, time=time(10), coach="Bagas")
    kept = want("jam 2 saja", when(time=time(14)), on=case(wish=day))
    assert kept is not None and kept.coach == "Bagas"


@pytest.mark.parametrize(
    "text",
    ["ada jadwal lain ?", "tidak ada yang cocok", "tidak ada yang pas kakak", "yang lain ada ?", "any other times ?",
     "none of those work", "something else ?", "ada hari lain ?"],
)  # fmt: skip
def test_asking_for_others(text: str) -> None:
    assert asks_for_others(text)


@pytest.mark.parametrize("text", ["jam 2 saja", "yang pertama", "oke", "pindah ke hari jumat"])
def test_not_asking_for_others(text: str) -> None:
    assert not asks_for_others(text)


def test_around_a_day_or_as_they_are() -> None:
    sunday = slot(NOW + timedelta(days=5), id="f2")
    assert around((SAT_10, sunday), when(date=date(2026, 2, 15)), WIB) == (sunday, SAT_10)
    assert around((sunday, SAT_10), when(), WIB) == (sunday, SAT_10)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("jumat sama coach nadia", True),
        ("with coach laras please", True),
        ("sama coach maya", False),
        ("sama coach yang lain", False),
        ("sama coach saya", False),
        ("with my coach", False),
        ("kak nadia", False),
    ],
)
def test_another_coach_named(text: str, other: bool) -> None:
    said = reading(request("give_time").model_copy(update={"text": text}))
    assert names_other_coach(said, COACHES) is other
