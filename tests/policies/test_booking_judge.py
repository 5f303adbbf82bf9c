"""What C may be handed of a booking, what may be said of one, and what follows when the hour has gone."""

from casefile.effects import RunOperation
from casefile.events import OperationDone
from casefile.packets import CResult, CTask
from casefile.reading import Slots
from policies.booking_judge import unproved_booking
from policies.entering import admit_event
from policies.gate import admit
from policies.grounds import grounds
from policies.judge import judge
from policies.matter import Matter
from policies.presend import Scene
from tests.policies.booking_worlds import FREE, booking_world, mine
from tests.policies.builders import NOW, task
from tests.policies.worlds import World, case

ASKED = case(intent="booking_request", waiting_for="slot", service="cut", offered=FREE)
PICKS = booking_world("give_time", "3", Slots(choice=3), on=ASKED)


def booking(slot_id: str = "f3", service: str = "cut", subject: str = "c1") -> CTask:
    params = {"slot_id": slot_id, "service": service}
    return task(action="BOOKING_CREATE", subject=subject, params=params)


def open_still(asked: CTask, matter: Matter) -> str:
    return unproved_booking(asked, matter, PICKS.facts)


def test_only_exactly_what_was_agreed_to_is_booked() -> None:
    matter = PICKS.matter()
    assert open_still(booking(), matter) == ""
    for other in (booking(slot_id="f1"), booking(service="spa"), booking(subject="c2")):
        assert "the hour" in open_still(other, matter)
    for not_agreed in (booking_world("booking_request", "potong"), booking_world("greeting")):
        assert "agreed to" in open_still(booking(), not_agreed.matter())
    full = booking_world("give_time", "3", Slots(choice=3), on=ASKED, booked=mine(3, 5))
    assert open_still(booking(), full.matter()) == "most_ahead"
    stranger = booking_world("give_time", "3", Slots(choice=3), on=ASKED, who="UNKNOWN")
    assert "the hour" in open_still(booking(), stranger.matter())


def test_only_exactly_what_was_agreed_to_is_given_back() -> None:
    on = case(intent="booking_cancel", waiting_for="confirm", session_id="s3", tags=("signal:cancel",))
    matter = booking_world("affirm", "iya", Slots(yes_no="yes"), on=on, booked=mine(3)).matter()

    def end(subject: str, session_id: str) -> str:
        return open_still(
            task(action="BOOKING_CANCEL", subject=subject, params={"session_id": session_id}), matter
        )

    assert end("st1", "s3") == ""
    assert "the appointment" in end("st1", "s5") and "the appointment" in end("st2", "s3")


def scene(w: World) -> Scene:
    verdict = admit(w.case, w.facts, w.request, w.rules)
    return Scene("C", w.case, w.facts, verdict, (), w.matter(), w.rules)


def test_the_gate_lets_c_have_what_was_agreed_to_and_nothing_else() -> None:
    def ruling(asked: CTask) -> tuple[bool, tuple[str, ...]]:
        found = judge(RunOperation(key="k1", task=asked), scene(PICKS))
        return found.allowed, tuple(rule.id for rule in found.rules)

    assert ruling(booking()) == (True, ())
    assert ruling(booking(slot_id="f1")) == (False, ("JUDGE.unproved",))


def came_back(w: World) -> tuple[str, str | None]:
    result = CResult(
        case_id=w.case.id,
        status="BLOCKED_POLICY",
        action="BOOKING_CREATE",
        details="the slot is taken",
        refs={"blocked_by": "slot_free"},
    )
    event = OperationDone(at=NOW, case_id=w.case.id, key="k", result=result)
    verdict = admit_event(w.case, w.facts.model_copy(update={"reading": None}), event, w.matter(), w.rules)
    return verdict.rules[0].id, verdict.missing


def test_an_hour_that_was_taken_in_the_same_moment_is_answered_with_what_is_free() -> None:
    on = case(intent="booking_request", service="cut", state="executing")
    assert came_back(booking_world("booking_request", on=on)) == ("C.slot_taken", "time")
    assert came_back(booking_world("booking_request", on=on, free=()))[0] == "C.failed"


def test_what_is_free_may_be_said_to_anybody_and_only_where_it_is_booked_by_the_hour() -> None:
    w = booking_world("free_slots", "potong", who="UNKNOWN", booked=mine(3))

    def said(world: World) -> str:
        return "\n".join(grounds(world.case, world.facts, (), world.rules, "id"))

    assert all(words in said(w) for words in ("potong rambut", "Sinta", "14.00 WIB", "1 2 3"))
    elsewhere = booking_world("free_slots", "potong", who="UNKNOWN", offered=None)
    assert "potong" not in said(elsewhere) and "Sinta" not in said(elsewhere)
