from datetime import time, timedelta

import pytest

from casefile.case import Moved
from casefile.reading import Slots, WhenSlot
from policies.after_move import goes_on, put_back, takes_back
from policies.gate import admit
from policies.slots import SlotChoice
from tests.policies.builders import NOW, schedule, session, slot
from tests.policies.worlds import case, reading, request, world

OLD = slot()
MOVED = Moved(session_id="s1", old_start=OLD.start, old_coach=OLD.coach)
DONE = case(intent="reschedule", state="answered", moved=MOVED)
TIMED = reading(slots=Slots(when=(WhenSlot(text="jam 2", time=time(14)),)))


def test_a_withdrawal_after_a_move_takes_it_back() -> None:
    assert takes_back(DONE, request("withdrawal", "withdrawal", "cancel"))
    assert not takes_back(DONE, request("withdrawal", "withdrawal", "refund"))
    assert not takes_back(DONE, request("thanks"))
    assert not takes_back(case(intent="reschedule"), request("withdrawal", "withdrawal"))
    for busy in ({"waiting_for": "confirm"}, {"approval_id": "a1"}):
        assert not takes_back(DONE.model_copy(update=busy), request("withdrawal", "withdrawal"))


def test_a_bare_time_goes_on_about_the_session_moved_or_left() -> None:
    left = case(intent="reschedule", session_id="s1")
    for on in (DONE, left):
        assert goes_on(on, request("give_time"), TIMED)
        assert not goes_on(on, request("give_time"), reading())
        assert not goes_on(on, request("give_time"), None)
        assert not goes_on(on, request("thanks"), TIMED)
    assert not goes_on(case(intent="next_session", session_id="s1"), request("give_time"), TIMED)
    assert not goes_on(case(intent="reschedule"), request("give_time"), TIMED)


def test_the_way_back_is_the_hour_it_came_from_while_that_is_free() -> None:
    meant, choice = put_back(DONE, schedule(), NOW, 3)
    assert meant.session == session() and not meant.gone
    assert choice == SlotChoice(state="back", slot=OLD, offers=(OLD,))
    other = slot(coach="Bagas")
    _, taken = put_back(DONE, schedule(free_slots=(other,)), NOW, 3)
    assert taken == SlotChoice(state="back_taken", offers=(other,))
    over, _ = put_back(DONE, schedule(sessions=(session(NOW - timedelta(hours=1)),)), NOW, 3)
    assert over.gone
    lost, _ = put_back(DONE, schedule(sessions=()), NOW, 3)
    assert lost.session is None
    nothing, choice = put_back(case(), schedule(), NOW, 3)
    assert nothing.session is None and choice.state == "back_taken"


@pytest.mark.parametrize(
    ("used", "free", "tier", "missing"),
    [(1, (OLD,), "R2", "confirm"), (1, (), "R2", "slot"), (2, (OLD,), "R3", "slot")],
)
def test_the_way_back_is_a_move_like_any_other(
    used: int, free: tuple[object, ...], tier: str, missing: str
) -> None:
    plan = schedule(free_slots=free or (slot(coach="Bagas"),), reschedules_this_month=used)
    asked = world("withdrawal", "withdrawal", "cancel", on=DONE, schedule=plan)
    verdict = admit(asked.case, asked.facts, asked.request, asked.rules)
    assert (verdict.intent, verdict.tier, verdict.decision, verdict.missing) == (
        "reschedule",
        tier,
        "ASK",
        missing,
    )
