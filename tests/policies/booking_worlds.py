"""Worlds of a desk that takes bookings: what is free, who asks, and what they have booked already."""

from datetime import timedelta

from casefile.case import Case
from casefile.facts import ScheduleFacts
from casefile.reading import Reading, Request, Slots, WhenSlot
from casefile.records import Slot, Student
from policies.appointments import Appointments, Service
from tests.policies.builders import NOW, WIB, contact, conversation, schedule, session, slot
from tests.policies.worlds import World, case, identity, rules, world

CUT = Service(
    id="cut",
    name={"id": "potong rambut", "en": "haircut"},
    called=("potong",),
    minutes=60,
    people=("Maya", "Sinta"),
)
SPA = Service(id="spa", name={"id": "hair spa", "en": "hair spa"}, minutes=60, people=("Maya",))
DYE = Service(id="dye", name={"id": "cat rambut", "en": "colouring"}, minutes=120)
SERVICES = Appointments(services=(CUT, SPA, DYE), most_ahead=2)
# Friday at ten with either, and at two with Sinta alone.
TEN, SAME, TWO = (
    slot(NOW + timedelta(days=3)),
    slot(NOW + timedelta(days=3), id="f2", coach="Sinta"),
    slot(NOW + timedelta(days=3, hours=4), id="f3", coach="Sinta"),
)
FREE = (TEN, SAME, TWO)
SELF = Student(id="st1", name="Ani", own_contact="c1")


def at(found: Slot) -> WhenSlot:
    """Return how a message names the hour of a slot."""
    local = found.start.astimezone(WIB)
    return WhenSlot(text="jumat", date=local.date(), time=local.time())


def said(intent: str, words: str, slots: Slots | None = None, *signals: str) -> Reading:
    """Return the reading of a message with these words in it."""
    asked = Request(intent=intent, confidence=0.9, text=words, signals=signals)
    return Reading(
        language="id", normalized=words, requests=(asked,), signals=signals, slots=slots or Slots()
    )


def booking_world(
    intent: str,
    words: str = "kata",
    slots: Slots | None = None,
    *signals: str,
    on: Case | None = None,
    who: str = "WA_MATCH",
    free: tuple[Slot, ...] | None = FREE,
    booked: ScheduleFacts | None = None,
    offered: Appointments | None = SERVICES,
    students: tuple[Student, ...] = (SELF,),
    down: frozenset[str] = frozenset(),
    vip: bool = False,
) -> World:
    """A request about bookings; `booked` are the customer's own, read where it is given."""
    heard = said(intent, words, slots, *signals)
    base = world(intent)
    return World(
        case=on or case(),
        facts=base.facts.model_copy(
            update={
                "reading": heard,
                "conversation": conversation(),
                "contact": contact(vip=vip),
                "identity": identity(who),
                "students": students,
                "student": students[0] if len(students) == 1 else None,
                "free_slots": free,
                "schedule": booked,
                "down": down,
            }
        ),
        request=heard.requests[0],
        rules=rules(appointments=offered),
    )


def mine(*days: int, **changes: object) -> ScheduleFacts:
    """Return a schedule with a booking so many days ahead each."""
    kept = (session(NOW + timedelta(days=n), id=f"s{n}", **changes) for n in days)
    return schedule(sessions=tuple(kept))
