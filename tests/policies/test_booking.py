"""How far a booking, or giving one back, has got."""

from datetime import timedelta

from casefile.case import Case, Wish
from casefile.reading import Slots, WhenSlot
from casefile.records import Slot
from policies.appointments import Appointments
from policies.booking import Booking, for_service
from tests.policies.booking_worlds import (
    CUT,
    FREE,
    SAME,
    SERVICES,
    SPA,
    TEN,
    TWO,
    at,
    booking_world,
    said,
)
from tests.policies.builders import NOW, schedule, session, slot
from tests.policies.worlds import World, case, rules

ASKED = case(intent="booking_request", waiting_for="slot", service="cut", offered=FREE)
CONFIRM = case(intent="booking_request", waiting_for="confirm", service="cut", chosen=TWO)
PICKS = booking_world("give_time", "3", Slots(choice=3), on=ASKED)


def booked(w: World) -> Booking:
    found = w.matter().booking
    assert found is not None
    return found


def hours(w: World) -> tuple[Slot, ...]:
    choice = w.matter().choice
    assert choice is not None
    return choice.offers


def test_the_service_is_the_one_that_is_named_chosen_remembered_or_the_only_one() -> None:
    assert booked(booking_world("booking_request", "mau potong")).service == CUT
    on = case(intent="booking_request", waiting_for="service", meanings=("cut", "spa"))
    assert booked(booking_world("give_time", "2", Slots(choice=2), on=on)).service == SPA
    assert booked(booking_world("give_time", "9", Slots(choice=9), on=on)).service is None
    assert booked(booking_world("affirm", "ya", Slots(yes_no="yes"), on=CONFIRM)).service == CUT
    only = Appointments(services=(SPA,))
    assert booked(booking_world("booking_request", "mau booking", offered=only)).service == SPA
    both = booked(booking_world("booking_request", "potong atau hair spa"))
    assert (both.open, both.services) == ("service", (CUT, SPA))


def test_a_time_said_before_the_service_stays() -> None:
    wish = Wish.model_validate(at(TWO).model_dump())
    on = case(intent="free_slots", waiting_for="service", meanings=("cut",), wish=wish)
    answered = booking_world("give_time", "potong", on=on).matter()
    assert answered.intent == "booking_request" and answered.choice is not None
    assert answered.choice.slot == TWO


def test_only_hours_of_who_gives_it_are_offered_and_of_who_is_named() -> None:
    assert hours(booking_world("booking_request", "mau potong")) == (TEN, SAME, TWO)
    assert hours(booking_world("booking_request", "mau hair spa")) == (TEN,)
    named = booking_world("booking_request", "potong dengan sinta")
    assert hours(named) == (SAME, TWO)
    choice = named.matter().choice
    assert choice is not None and choice.wish is not None and choice.wish.coach == "Sinta"


def test_where_the_one_who_is_named_has_no_hour_then_it_is_offered_with_another() -> None:
    wanted = booking_world("booking_request", "potong sama maya", Slots(when=(at(TWO),)))
    choice = wanted.matter().choice
    assert choice is not None and choice.state == "no_slot" and choice.offers == (TEN,)
    on = ASKED.with_(wish=Wish(text="", coach="Maya"), offered=())
    later = booking_world("give_time", "jumat jam 2", Slots(when=(at(TWO),)), on=on).matter().choice
    assert later is not None and (later.state, later.offers) == ("vague", (TWO,))
    never = WhenSlot(text="jam 3", date=at(TWO).date, time=(NOW + timedelta(hours=9)).time())
    nowhere = booking_world("give_time", "jam segitu", Slots(when=(never,)), on=on).matter().choice
    assert nowhere is not None and nowhere.state == "no_slot"


def test_what_was_picked_for_another_service_is_said_back_first() -> None:
    assert booked(PICKS).open is None
    other = booking_world("give_time", "1, tapi hair spa", Slots(choice=1), on=ASKED)
    assert (booked(other).service, booked(other).open) == (SPA, "confirm")
    asks = booking_world("free_slots", "potong", Slots(when=(at(TWO),)))
    assert booked(asks).open == "confirm"


def test_the_one_of_several_is_found_by_number_day_or_service() -> None:
    two = schedule(
        sessions=(
            session(id="s3", service="cut"),
            session(NOW + timedelta(days=5), id="s5", service="spa"),
        )
    )

    def meant(words: str, slots: Slots | None = None, on: Case | None = None) -> str | None:
        w = booking_world("booking_cancel", words, slots, "cancel", on=on, booked=two)
        found = w.matter().session
        return found.id if found else None

    on = case(intent="booking_cancel", waiting_for="booking", meanings=("s3", "s5"))
    assert meant("batal") is None
    assert meant("batal hair spa") == "s5"
    assert meant("2", Slots(choice=2), on) == "s5"
    day = WhenSlot(text="minggu", date=(NOW + timedelta(days=5)).date())
    assert meant("batal yang minggu", Slots(when=(day,))) == "s5"
    gone = case(intent="booking_cancel", waiting_for="booking", meanings=("s9",))
    assert meant("1", Slots(choice=1), gone) is None


def test_what_was_missed_is_no_booking_ahead() -> None:
    past = schedule(sessions=(session(NOW - timedelta(days=1), id="s0", status="scheduled"),))
    heard = said("booking_cancel", "kemarin kelewat", None, "cancel")
    w = booking_world("booking_cancel", "kemarin kelewat", None, "cancel", booked=past)
    matter = World(w.case, w.facts.model_copy(update={"reading": heard}), w.request, w.rules).matter()
    assert matter.gone and booked(w).open == "confirm"


def test_an_appointment_moves_to_where_its_service_is_given() -> None:
    everywhere = schedule(free_slots=(*FREE, slot(NOW + timedelta(days=6), id="f9", coach="Bima")))
    desk = rules(appointments=SERVICES)
    assert for_service(everywhere, session(service="spa"), desk).free_slots == (TEN,)
    assert for_service(everywhere, session(), desk) == everywhere
    assert for_service(everywhere, session(service="spa"), rules()) == everywhere


def test_a_moved_appointment_is_offered_the_hours_of_its_service() -> None:
    kept = schedule(sessions=(session(service="spa"),), free_slots=FREE)
    w = booking_world("reschedule", "mau pindah", None, "reschedule", booked=kept)
    choice = w.matter().choice
    assert choice is not None and choice.offers == (TEN,)
