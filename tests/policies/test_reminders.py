"""Reminders: who is reminded, when, and what has to hold as it is said."""

from datetime import datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefile.events import ReminderFellDue
from casefile.facts import Facts
from casefile.session_events import SessionMustMove
from policies.entering import admit_event
from policies.gate import request_of
from policies.matter import weigh
from policies.reminders import Way, may_remind, still_due, tomorrow, whom
from tests.policies.builders import NOW, WIB, contact, conversation, schedule, session
from tests.policies.worlds import HOURS, case, facts, identity, rules

OPENED = NOW - timedelta(hours=3)
LESSON = session(NOW + timedelta(days=1))
DUE = ReminderFellDue(at=NOW, student_id="st1", session_id="s1", start=LESSON.start)


def seen(**changes: object) -> Facts:
    base = facts(
        schedule=schedule(sessions=(LESSON,)),
        contact=contact(),
        conversation=conversation(window_opened_at=OPENED),
    )
    return base.model_copy(update=changes)


def verdict(known: Facts, mode: str = "production", **desk: object) -> tuple[str, str]:
    by = rules(mode, **desk)  # type: ignore[arg-type]
    on = case(intent="next_session", tier="R1")
    found = admit_event(on, known, DUE, weigh(on, known, request_of(on, None), by), by)
    return found.decision, found.rules[0].id


def test_a_session_that_stands_tomorrow_is_reminded_of() -> None:
    assert still_due(DUE, seen(), WIB)
    assert verdict(seen()) == ("REPORT", "SESSION.tomorrow")


@pytest.mark.parametrize(
    "changed",
    [
        {"identity": identity("UNKNOWN")},
        {"identity": identity("WA_MATCH").model_copy(update={"locked": True})},
        {"contact": None},
        {"contact": contact(opt_out=True)},
        {"schedule": None},
        {"schedule": schedule(sessions=())},
        {"schedule": schedule(sessions=(LESSON.model_copy(update={"status": "consumed"}),))},
        {"schedule": schedule(sessions=(session(NOW + timedelta(days=1, hours=1)),))},
        {"schedule": schedule(sessions=(LESSON.model_copy(update={"id": "s2"}),))},
        {"students": ()},
        {"conversation": conversation(window_opened_at=NOW - timedelta(hours=24))},
        {"conversation": conversation()},
        {"now": NOW + timedelta(days=1)},
        {"now": NOW - timedelta(days=1)},
    ],
)
def test_whatever_has_changed_since_leaves_nothing_to_say(changed: dict[str, object]) -> None:
    assert not still_due(DUE, seen(**changed), WIB)
    assert verdict(seen(**changed)) == ("SETTLE", "SESSION.unsaid")


def test_in_a_pilot_only_those_on_its_list_are_reminded() -> None:
    assert verdict(seen(), "pilot")[0] == "REPORT"
    assert verdict(seen(), "pilot", pilot_allowlist=frozenset({"+628999"}))[0] == "SETTLE"
    assert verdict(seen(), "pilot", pilot_allowlist=frozenset({"+6281200000001"}))[0] == "REPORT"


@given(
    st.sampled_from(["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura", "America/New_York"]),
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31)),
)
def test_tomorrow_is_the_next_date_at_the_desk_whole(zone: str, at: datetime) -> None:
    here = ZoneInfo(zone)
    now = at.replace(tzinfo=here)
    begins, ends = tomorrow(now, here)
    day = now.astimezone(here).date() + timedelta(days=1)
    assert begins.astimezone(here).date() == day
    assert (ends - timedelta(microseconds=1)).astimezone(here).date() == day
    assert (begins - timedelta(microseconds=1)).astimezone(here).date() == day - timedelta(days=1)


@pytest.mark.parametrize(
    ("hour", "minute", "may"), [(9, 0, True), (20, 59, True), (21, 0, False), (23, 59, False)]
)
def test_nobody_is_reminded_late_in_the_evening(hour: int, minute: int, may: bool) -> None:
    slot = datetime(2026, 2, 10, 9, tzinfo=WIB)
    assert may_remind(HOURS, slot, slot.replace(hour=hour, minute=minute)) is may


def test_nor_on_another_day_than_the_slots() -> None:
    slot = datetime(2026, 2, 10, 9, tzinfo=WIB)
    assert not may_remind(HOURS, slot, slot + timedelta(days=1))


def way(opt_out: bool, state: str, contact_id: str = "c1") -> Way:
    opened = {"open": OPENED, "closed": NOW - timedelta(days=2), "unseen": None, "never": None}[state]
    talk = None if state == "never" else f"wa-1-{contact_id}-{state}"
    return Way(contact_id=contact_id, opt_out=opt_out, conversation_id=talk, window_opened_at=opened)


WAYS = [way(*made) for made in product((True, False), ("open", "closed", "unseen", "never"))]


@given(st.lists(st.sampled_from(WAYS), max_size=5))
def test_the_first_who_wants_it_and_may_be_written_to_is_reminded(ways: list[Way]) -> None:
    standing, found = whom(ways, NOW)
    reachable = [w for w in ways if not w.opt_out and w.window_opened_at == OPENED]
    if reachable:
        assert (standing, found) == ("due", reachable[0])
    else:
        assert found is None
        everybody_out = bool(ways) and all(w.opt_out for w in ways)
        assert standing == ("opted_out" if everybody_out else "unreachable")


MUST = SessionMustMove(at=NOW, student_id="st1", session_id="s1", start=LESSON.start)
TO_MOVE = schedule(sessions=(LESSON.model_copy(update={"must_move": True}),))


def moving(known: Facts, **desk: object) -> tuple[str, str]:
    by = rules("production", **desk)  # type: ignore[arg-type]
    on = case(intent="reschedule", tier="R2", session_id="s1")
    found = admit_event(on, known, MUST, weigh(on, known, request_of(on, None), by), by)
    return found.decision, found.rules[0].id


def test_what_the_school_must_move_is_told_while_it_stands_and_can_be_said() -> None:
    assert moving(seen(schedule=TO_MOVE)) == ("ASK", "SCHOOL.moves")
    assert not still_due(DUE, seen(schedule=TO_MOVE), WIB)


@pytest.mark.parametrize(
    "changed",
    [
        {"identity": identity("UNKNOWN")},
        {"schedule": None},
        {"schedule": schedule(sessions=(LESSON,))},
        {"conversation": conversation(window_opened_at=NOW - timedelta(hours=24))},
    ],
)
def test_what_is_moved_already_or_cannot_be_said_is_not(changed: dict[str, object]) -> None:
    assert moving(seen(**{"schedule": TO_MOVE, **changed})) == ("SETTLE", "SCHOOL.unsaid")
