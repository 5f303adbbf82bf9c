"""How far a booking, or the end of one, has got: what it is for, which hour, which appointment, and what is proved."""

from typing import Literal

from casefile.base import Frozen
from casefile.case import Case, Wish
from casefile.facts import Facts, ScheduleFacts
from casefile.reading import Reading, Request, Slots
from casefile.records import Session, Slot
from policies.appointments import Appointments, Service, named, people_named, said_in, suits
from policies.booking_intents import BOOKABLE
from policies.desk import Rules
from policies.reschedule import Proof, prove
from policies.sessions import Meant, session_meant, upcoming
from policies.slots import SlotChoice, choose
from policies.wishes import fits

CANCEL_PREDICATES = frozenset({"session_known", "same_student", "before_cutoff", "not_vip"})
# What a booking asks, so that a time, a name or a number said next is the answer.
ASKS = frozenset({"service", "child", "slot", "time", "confirm"})
# What such an answer may look like by itself.
ALIKE = frozenset({*BOOKABLE, "reschedule", "next_session", "schedule_list", "greeting"})


class Booking(Frozen):
    """What the gate's rows on appointments look at.

    `open` is what the customer has still to say: the service (one of `services`), the time, which appointment of
    theirs (one of `which`), or a yes; None once they have said all of it. `nothing_free`: no slot suits the service.
    """

    open: Literal["service", "time", "which", "confirm"] | None
    service: Service | None = None
    services: tuple[Service, ...] = ()
    which: tuple[Session, ...] = ()
    nothing_free: bool = False


class Weighed(Frozen):
    """A request about appointments as it was weighed, in the terms of a matter."""

    booking: Booking
    session: Session | None = None
    gone: bool = False
    choice: SlotChoice | None = None
    proofs: tuple[Proof, ...] = ()


def booking_intent(case: Case, request: Request, answers: frozenset[str]) -> str | None:
    """Return what a message asks for at a desk with appointments; None where its words say it themselves.

    `answers` are the intents that mean little without the question they answer.
    """
    if case.intent in BOOKABLE and case.waiting_for in ASKS and request.intent in ALIKE | answers:
        return "booking_request"
    ends = request.intent == "cancel_request" and not request.is_question
    return "booking_cancel" if ends else None


def weigh_booking(case: Case, facts: Facts, intent: str, rules: Rules) -> Weighed | None:
    """Weigh a request about appointments; None where it is none, or where the schedule was not read."""
    if rules.appointments is None:
        return None
    if intent in BOOKABLE and facts.free_slots is not None:
        return _wanted(case, facts, intent, rules, rules.appointments)
    if intent == "booking_cancel" and facts.schedule is not None:
        return _given_back(case, facts, facts.schedule, rules, rules.appointments)
    return None


def for_service(schedule: ScheduleFacts, session: Session | None, rules: Rules) -> ScheduleFacts:
    """Leave of the free slots those that an appointment can be moved to: where its service can be given."""
    service = rules.appointments.service(session.service) if rules.appointments and session else None
    if service is None:
        return schedule
    free = tuple(slot for slot in schedule.free_slots if suits(slot, service))
    return schedule.model_copy(update={"free_slots": free})


def _wanted(case: Case, facts: Facts, intent: str, rules: Rules, appointments: Appointments) -> Weighed:
    words = said_in(facts.reading)
    service, among = _service(case, facts.reading, words, appointments)
    free = tuple(slot for slot in facts.free_slots or () if service is None or suits(slot, service))
    people = people_named(words, {slot.coach for slot in free})
    schedule = ScheduleFacts(
        student_id="",
        sessions=(),
        free_slots=tuple(slot for slot in free if not people or slot.coach in people),
        reschedules_this_month=0,
        read_at=facts.now,
        rev=0,
    )
    meant = Meant(wishes=facts.reading.slots.when if facts.reading else ())
    choice = choose(case, facts.reading, schedule, meant, rules.zone, facts.now, rules.limits.offered_slots)
    kept = choice.wish.coach if choice.wish and not people else None
    if choice.state == "no_slot" and choice.wish is not None and kept is not None:
        choice = _with_others(choice, choice.wish, free, rules)
    if len(people) == 1:
        # A name alone is no wish elsewhere; here it is one of those who can be booked.
        wish = (choice.wish or Wish(text="")).model_copy(update={"coach": next(iter(people))})
        choice = choice.model_copy(update={"wish": wish})
    booking = Booking(
        open=_open(case, intent, service, choice), service=service, services=among, nothing_free=not free
    )
    return Weighed(booking=booking, choice=choice, proofs=(_room(facts, appointments),))


def _with_others(choice: SlotChoice, wish: Wish, free: tuple[Slot, ...], rules: Rules) -> SlotChoice:
    """Offer the hour that was wanted with somebody else where the one who was named has none."""
    anybody = wish.model_copy(update={"coach": None})
    fitting = tuple(slot for slot in free if fits(slot, anybody, rules.zone))
    return (
        SlotChoice(state="vague", offers=fitting[: rules.limits.offered_slots], wish=wish)
        if fitting
        else choice
    )


def _service(
    case: Case, reading: Reading | None, words: str, appointments: Appointments
) -> tuple[Service | None, tuple[Service, ...]]:
    """Return the service that is meant, and those it may still be."""
    found = named(words, appointments)
    choice = reading.slots.choice if reading and case.waiting_for == "service" else None
    if choice is not None and 0 < choice <= len(case.meanings):
        found = tuple(s for s in appointments.services if s.id == case.meanings[choice - 1])
    known = appointments.service(case.service)
    if not found and known is not None:
        return known, ()
    among = found or appointments.services
    return (among[0], ()) if len(among) == 1 else (None, among)


def _open(
    case: Case, intent: str, service: Service | None, choice: SlotChoice
) -> Literal["service", "time", "confirm"] | None:
    if service is None:
        return "service"
    if choice.state not in {"matched", "chosen"}:
        return "time"
    # Picked of what was offered for this very service; anything else is said back first.
    picked = choice.state == "chosen" and case.service == service.id and intent == "booking_request"
    return None if picked else "confirm"


def _room(facts: Facts, appointments: Appointments) -> Proof:
    """Prove that one more appointment fits beside those that are ahead."""
    ahead = upcoming(facts.schedule, facts.now) if facts.schedule else ()
    fits = len(ahead) < appointments.most_ahead
    return Proof(
        name="most_ahead",
        value="true" if fits else "false",
        words_id="janji yang akan datang belum terlalu banyak" if fits else "janjinya sudah banyak",
        words_en="not too many appointments ahead" if fits else "many appointments ahead already",
    )


def _given_back(
    case: Case, facts: Facts, schedule: ScheduleFacts, rules: Rules, appointments: Appointments
) -> Weighed:
    reading = facts.reading
    ahead = upcoming(schedule, facts.now)
    meant = session_meant(case, reading, schedule, rules.zone, facts.now)
    session, gone = _meant(case, reading, meant, ahead, appointments), meant.gone
    agreed = reading is not None and reading.slots.yes_no == "yes" and case.waiting_for == "confirm"
    if session is None and not gone and ahead:
        booking = Booking(open="which", which=ahead)
    elif agreed and session is not None and session.id == case.session_id:
        booking = Booking(open=None)
    else:
        booking = Booking(open="confirm")
    proofs = prove(schedule, facts.contact, session, None, rules.limits, rules.zone, facts.now)
    return Weighed(
        booking=booking,
        session=session,
        gone=gone,
        proofs=tuple(proof for proof in proofs if proof.name in CANCEL_PREDICATES),
    )


def _meant(
    case: Case,
    reading: Reading | None,
    meant: Meant,
    ahead: tuple[Session, ...],
    appointments: Appointments,
) -> Session | None:
    """Return the appointment that is given back; None where it is still to be said which of several."""
    slots = reading.slots if reading else Slots()
    if case.waiting_for == "booking" and slots.choice and 0 < slots.choice <= len(case.meanings):
        return next((s for s in ahead if s.id == case.meanings[slots.choice - 1]), None)
    if meant.gone or case.session_id is not None or len(meant.wishes) < len(slots.when):
        return meant.session
    services = {service.id for service in named(said_in(reading), appointments)}
    of_it = [session for session in ahead if session.service in services] or list(ahead)
    return of_it[0] if len(of_it) == 1 else None
