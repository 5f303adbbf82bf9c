from datetime import date, time, timedelta

import pytest

from casefile.case import Case, Moved
from casefile.facts import ScheduleFacts
from casefile.reading import Slots, WhenSlot
from casefile.records import Session
from policies.sessions import Meant, session_meant, upcoming
from tests.policies.builders import NOW, WIB, schedule, session
from tests.policies.worlds import case, reading, request

# NOW is Tuesday 10 February 2026, 10.00 WIB; the session is on Friday the 13th, 10.00.
SAT = date(2026, 2, 14)
PLAN = schedule()
OVER = session(NOW - timedelta(days=1), id="s0", status="consumed")
EARLIER = session(NOW - timedelta(hours=2), id="s00")


def when(**said: object) -> WhenSlot:
    return WhenSlot(text="itu").model_copy(update=said)


def meant(text: str, *whens: WhenSlot, plan: ScheduleFacts = PLAN, on: Case | None = None) -> Meant:
    asked = request("reschedule").model_copy(update={"text": text})
    heard = reading(asked, slots=Slots(when=whens)).model_copy(update={"normalized": text})
    return session_meant(on or case(), heard, plan, WIB, NOW)


def test_a_day_names_the_session_on_it_unless_it_is_where_it_shall_go() -> None:
    friday = when(text="jumat", date=date(2026, 2, 13))
    second = session(NOW + timedelta(days=7), id="s2")
    plan = schedule(sessions=(session(), second))
    tuesday = when(text="selasa", date=date(2026, 2, 17))
    assert meant("sesi selasa mau pindah", tuesday, plan=plan) == Meant(session=second)
    assert meant("pindah ke selasa dong", tuesday, plan=plan) == Meant(session=session(), wishes=(tuesday,))
    assert meant("ke selasa untuk sesi jumat", tuesday, friday, plan=plan) == Meant(
        session=session(), wishes=(tuesday,)
    )
    at_night = when(text="selasa jam 8", date=date(2026, 2, 17), time=time(20))
    assert meant("selasa jam 8 bisa?", at_night, plan=plan) == Meant(session=session(), wishes=(at_night,))


def test_the_day_of_a_lesson_said_before_the_hour_it_shall_go_to_names_the_lesson() -> None:
    friday = when(text="jumat", date=date(2026, 2, 13))
    at_two = when(text="jumat jam 2", date=date(2026, 2, 13), time=time(14))
    plan = schedule(sessions=(session(NOW + timedelta(hours=4), id="s2"), session()))
    moved = meant("les jumat dipindah ke jumat jam 2", friday, at_two, plan=plan)
    assert moved == Meant(session=session(), wishes=(at_two,))


def test_another_lesson_named_by_its_day_is_meant_in_place_of_the_cases() -> None:
    friday = when(text="jumat", date=date(2026, 2, 13))
    next_week = when(text="selasa", date=date(2026, 2, 17))
    monday = when(text="senin jam 2", date=date(2026, 2, 16), time=time(14))
    second = session(NOW + timedelta(days=7), id="s2")
    plan, on = schedule(sessions=(session(), second)), case(session_id="s1")
    moved = meant("kalau selasa pindah ke senin jam 2 ?", next_week, monday, plan=plan, on=on)
    assert moved == Meant(session=second, wishes=(monday,))
    same = meant("yang jumat pindah ke senin jam 2 ?", friday, monday, plan=plan, on=on)
    assert same == Meant(session=session(), wishes=(monday,))
    wished = meant("selasa atau senin jam 2 ?", next_week, monday, plan=plan, on=on)
    assert wished == Meant(session=session(), wishes=(next_week, monday))


def test_where_it_shall_go_is_wanted_before_any_other_time_that_is_told() -> None:
    busy = when(text="minggu ini")
    thursday = when(text="kamis", date=date(2026, 2, 12))
    at_two = when(text="jumat jam 2", date=date(2026, 2, 13), time=time(14))
    told = "kak . jadi minggu ini repot , les kamis dipindah ke jumat jam 2"
    plan = schedule(sessions=(session(NOW + timedelta(days=2)), session(id="s9")))
    assert meant(told, busy, thursday, at_two, plan=plan).wishes == (at_two, busy)


def test_an_hour_alone_names_a_lesson_only_before_the_time_it_shall_go_to() -> None:
    at_ten = when(text="jam 10", time=time(10))
    at_two = when(text="besok jam 2", date=date(2026, 2, 11), time=time(14))
    plan = schedule(sessions=(session(NOW + timedelta(hours=4), id="s2"), session()))
    moved = meant("les jam 10 pindah ke besok jam 2", at_ten, at_two, plan=plan)
    assert moved == Meant(session=session(), wishes=(at_two,))
    either = meant("pindah jam 10 atau besok jam 2", at_ten, at_two, plan=plan)
    assert either.session is not None and either.session.id == "s2" and either.wishes == (at_ten, at_two)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("saya kelewat sesi kemarin , bisa diganti hari lain ?", OVER),
        ("i missed yesterdays lesson", OVER),
        ("i missed my lesson", EARLIER),
        ("saya kelewat sesi senin kemarin", OVER),
        ("saya tidak sempat datang kemarin lusa", None),
        ("sesi saya yang kemarin bisa diganti ?", OVER),
    ],
)
def test_a_lesson_gone_by_is_that_lesson_and_never_the_next(text: str, found: Session | None) -> None:
    plan = schedule(sessions=(EARLIER, OVER, session()))
    assert meant(text, plan=plan) == Meant(session=found, gone=True)


def test_a_time_beside_a_lesson_gone_by_is_the_wish() -> None:
    plan = schedule(sessions=(EARLIER, OVER, session()))
    on_friday = when(text="jumat", date=date(2026, 2, 13))
    missed = "saya kelewat sesi kemarin , jumat bisa ?"
    assert meant(missed, on_friday, plan=plan) == Meant(session=OVER, gone=True, wishes=(on_friday,))
    monday = when(text="senin", date=date(2026, 2, 16))
    heard = meant("sesi senin lalu kelewat", monday, plan=plan)
    assert heard == Meant(session=OVER, gone=True)
    assert meant("sesi senin lalu kelewat", on_friday, plan=plan).wishes == (on_friday,)
    today = when(text="today", date=date(2026, 2, 10))
    assert meant("i missed todays lesson", today, plan=plan) == Meant(session=EARLIER, gone=True)
    assert meant("sesi hari ini mau pindah", today, plan=plan) == Meant(session=EARLIER, gone=True)


@pytest.mark.parametrize(
    ("text", "astray"),
    [
        ("pindah sesi rabu ke sabtu jam 10", True),
        ("pindah sesi hari rabu dong", True),
        ("move my rabu lesson", True),
        ("besok atau rabu bisa pindah ?", False),
        ("pindah ke rabu dong", False),
        ("ada jadwal rabu ?", False),
    ],
)
def test_a_session_named_by_a_day_without_one_is_only_the_nearest(text: str, astray: bool) -> None:
    rabu = when(text="rabu", date=date(2026, 2, 11))
    sabtu = when(text="sabtu jam 10", date=SAT, time=time(10))
    whens = (rabu, sabtu) if "sabtu" in text else (rabu,)
    found = meant(text, *whens)
    assert (found.session, found.astray) == (session(), astray)
    assert found.wishes == (whens[1:] if astray else whens)
    assert not meant(text, *whens, plan=schedule(sessions=())).astray
    assert not meant("pindah sesi rabu jam 10", rabu.model_copy(update={"time": time(10)})).astray


def test_a_time_right_after_a_move_is_for_the_session_just_moved() -> None:
    second = session(NOW + timedelta(days=7), id="s2")
    moved = Moved(session_id="s2", old_start=NOW, old_coach="Maya")
    plan = schedule(sessions=(session(), second))
    done = case(intent="reschedule", moved=moved)
    at_ten = when(time=time(10))
    assert meant("jam 10 saja", at_ten, plan=plan, on=done) == Meant(session=second, wishes=(at_ten,))
    assert meant("mau pindah", plan=plan, on=done).session == session()
    assert meant("jam 10", at_ten, on=done).session == session()


def test_the_session_meant_is_the_cases_else_the_next() -> None:
    plan = schedule(sessions=(session(NOW + timedelta(days=7), id="s2"), session(), session(NOW, id="now")))
    assert session_meant(case(session_id="s2"), None, plan, WIB, NOW).session == plan.sessions[0]
    assert session_meant(case(session_id="gone"), None, plan, WIB, NOW) == Meant()
    assert session_meant(case(session_id="now"), None, plan, WIB, NOW).gone
    assert session_meant(case(), None, plan, WIB, NOW) == Meant(session=session())
    assert session_meant(case(), None, schedule(sessions=()), WIB, NOW) == Meant()
    assert upcoming(schedule(sessions=(session(status="cancelled"),)), NOW) == ()
