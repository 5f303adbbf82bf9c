"""The rows on bookings: each with a world in which it fires and one in which it nearly does."""

from datetime import timedelta

import pytest

from casefile.case import Case
from casefile.reading import Slots
from policies.booking_rules import BOOKING_RULES
from policies.gate import admit
from policies.rules import RULES, matching
from tests.policies.booking_worlds import FREE, TWO, at, booking_world, mine
from tests.policies.builders import NOW, session
from tests.policies.worlds import STUDENTS, World, case

YES = Slots(yes_no="yes")
AT_TWO = Slots(when=(at(TWO),))
DOWN = frozenset({"schedule"})


def offered(**changes: object) -> Case:
    """A case that has offered hours for a haircut."""
    return case(intent="booking_request", waiting_for="slot", service="cut", offered=FREE, **changes)


def ending(words: str = "batal", slots: Slots | None = None, **more: object) -> World:
    """A wish to give a booking back."""
    return booking_world("booking_cancel", words, slots, "cancel", **{"booked": mine(3), **more})  # type: ignore[arg-type]


def agreed(**more: object) -> World:
    """A yes to giving the booking in three days back."""
    on = case(intent="booking_cancel", waiting_for="confirm", session_id="s3", tags=("signal:cancel",))
    return ending("iya", YES, on=on, **more)


PICKED = booking_world("give_time", "yang ketiga", Slots(choice=3), on=offered())
LATE = mine(3).model_copy(update={"sessions": (session(NOW + timedelta(minutes=30), id="s3"),)})
ROWS: tuple[tuple[str, World, World], ...] = (
    ("R3.booking_identity", ending(who="UNKNOWN", booked=None), ending()),
    ("R3.booking_down", ending(down=DOWN, booked=None), ending()),
    ("R3.booking_whose", ending(students=STUDENTS, booked=None), ending()),
    ("R3.which_booking", ending(booked=mine(3, 5)), ending()),
    (
        "R3.booking_limit",
        booking_world("booking_request", "potong", booked=mine(3, 5)),
        booking_world("booking_request", "potong", booked=mine(3)),
    ),
    ("R2.no_booking", ending(booked=mine()), ending()),
    ("R2.cancel_confirm", ending(), ending(booked=LATE)),
    ("R2.booking_cancel", agreed(), ending()),
    (
        "R2.schedule_down",
        booking_world("booking_request", "potong", down=DOWN, free=None),
        booking_world("booking_request", "potong"),
    ),
    (
        "R2.booking_whose",
        booking_world("booking_request", "potong", students=STUDENTS),
        booking_world("booking_request", "potong"),
    ),
    (
        "R2.booking_full",
        booking_world("booking_request", "cat rambut"),
        booking_world("booking_request", "potong"),
    ),
    (
        "R2.booking_service",
        booking_world("booking_request", "mau booking"),
        booking_world("booking_request", "mau potong"),
    ),
    (
        "R2.booking_time",
        booking_world("booking_request", "mau potong"),
        booking_world("booking_request", "mau potong", AT_TWO),
    ),
    (
        "R2.booking_confirm",
        booking_world("booking_request", "mau potong", AT_TWO),
        booking_world("booking_request", "mau potong"),
    ),
    ("R2.booking", PICKED, booking_world("booking_request", "mau potong", AT_TWO)),
    (
        "R0.schedule_down",
        booking_world("free_slots", "kosong?", down=DOWN, free=None),
        booking_world("free_slots", "kosong?"),
    ),
    (
        "R0.nothing_free",
        booking_world("free_slots", "cat rambut kosong?"),
        booking_world("free_slots", "potong kosong?"),
    ),
    (
        "R0.free_service",
        booking_world("free_slots", "kosong jam berapa?"),
        booking_world("free_slots", "potong kosong jam berapa?"),
    ),
    (
        "R0.free_slots",
        booking_world("free_slots", "potong kosong jam berapa?", who="UNKNOWN"),
        booking_world("free_slots", "kosong jam berapa?"),
    ),
)


@pytest.mark.parametrize(("rule", "fires", "misses"), ROWS, ids=[row[0] for row in ROWS])
def test_a_row_fires_and_its_near_miss_does_not(rule: str, fires: World, misses: World) -> None:
    assert matching(fires.matter())[0].id == rule
    assert rule not in {hit.id for hit in matching(misses.matter())}


def test_every_row_on_bookings_has_an_example_and_stands_in_the_one_table() -> None:
    assert {row[0] for row in ROWS} == {rule.id for rule in BOOKING_RULES}
    assert set(BOOKING_RULES) <= set(RULES)


def fired(w: World) -> tuple[str, str, str]:
    verdict = admit(w.case, w.facts, w.request, w.rules)
    return verdict.rules[0].id, verdict.tier, verdict.decision


def test_to_give_back_starts_high_and_comes_down_by_the_records_alone() -> None:
    assert fired(ending()) == ("R2.cancel_confirm", "R2", "ASK")
    assert fired(ending(booked=LATE)) == ("R3.cancel", "R3", "ESCALATE_COACH")
    assert fired(ending(vip=True))[1:] == ("R3", "ESCALATE_COACH")
    assert fired(agreed(booked=LATE)) == ("R3.cancel", "R3", "ESCALATE_COACH")
    assert fired(ending("kemarin kelewat, batal", booked=mine()))[1] == "R3"


def test_a_stranger_books_nothing_and_a_new_number_its_first() -> None:
    assert fired(booking_world("booking_request", "potong", who="UNKNOWN"))[0] == "R3.stranger"
    new = booking_world("give_time", "1", Slots(choice=1), on=offered(), who="NEW", students=())
    assert fired(new) == ("R2.booking", "R2", "EXECUTE")


def test_where_nothing_is_booked_yet_another_hour_changes_only_the_wish() -> None:
    instead = booking_world("reschedule", "ganti jam 2 saja", AT_TWO, "reschedule", on=offered())
    assert fired(instead) == ("R2.booking_confirm", "R2", "ASK")
    assert (
        fired(booking_world("cancel_request", "batal", None, "cancel", booked=mine(3)))[0]
        == "R2.cancel_confirm"
    )


def test_a_policy_question_about_cancelling_is_still_one() -> None:
    asked = booking_world("cancel_request", "kalau batal kena biaya?", None, "cancel")
    question = asked.request.model_copy(update={"is_question": True})
    assert World(asked.case, asked.facts, question, asked.rules).matter().intent == "faq.cancellation_policy"


def test_a_desk_without_bookings_knows_none_of_it() -> None:
    elsewhere = booking_world("booking_request", "potong", offered=None)
    assert elsewhere.matter().booking is None
    assert fired(booking_world("cancel_request", "batal", None, "cancel", offered=None))[0] == "R3.cancel"
