"""A small school for the policy tests: packages, free hours, and worlds in which somebody is to be signed up."""

from datetime import date, timedelta

from casefile.case import Case
from casefile.enrolments import Enrolment, EnrolSeen, PackageOffer, Signup
from casefile.reading import Slots
from casefile.records import Package, Student
from policies.limits import Limits
from tests.policies.builders import NOW, slot
from tests.policies.worlds import World, case, facts, identity, reading, request, rules

TODAY = date(2026, 2, 10)
LIMITS = Limits(order_review=3_000_000, registration_fee=250_000, sibling_percent=10, trial_credit_days=7)


def offer(name: str = "Privat 8 sesi", **changes: object) -> PackageOffer:
    sessions, kind = int(name.split()[1]), name.split()[0].casefold()
    base = PackageOffer(
        id=f"pk_{kind}_{sessions}",
        name=name,
        name_en=f"{kind}, {sessions} lessons",
        sessions=sessions,
        minutes=60,
        weeks=12,
        price=330_000 * sessions,
        youngest=10,
        words=(kind,),
        page="price_list",
    )
    return base.model_copy(update=changes)


TRIAL = PackageOffer(
    id="pk_trial",
    name="Trial",
    name_en="Trial",
    trial=True,
    sessions=1,
    minutes=45,
    price=150_000,
    youngest=5,
    page="price_trial",
)
PRIVATE_8, PRIVATE_12 = offer(), offer("Privat 12 sesi")
ONLINE_8 = offer("Online 8 sesi", price=2_240_000)
CHILDREN = offer("Anak 4 sesi", price=1_100_000, youngest=5, oldest=9)
OFFERS = (TRIAL, CHILDREN, PRIVATE_8, PRIVATE_12, ONLINE_8)
# Of two coaches; only the second teaches children.
HOURS = (slot(id="f1", coach="Bima"), slot(NOW + timedelta(days=5), id="f2", coach="Nadia"))
RINA = Student(
    id="st1",
    name="Rina Ayu",
    own_contact="c1",
    package=Package(name="Privat 8 sesi", sessions_left=1, expires=date(2026, 3, 1)),
)


def enrolment(**changes: object) -> Enrolment:
    base = Enrolment(
        id="k1",
        kind="trial",
        state="paid",
        contact_id="c1",
        name="Tania",
        age=25,
        offer=TRIAL,
        total=150_000,
        invoice="INV-2026-0210-001",
        slot=HOURS[0],
        made_at=NOW,
        paid_at=NOW,
    )
    return base.model_copy(update=changes)


def seen(words: str = "", **changes: object) -> EnrolSeen:
    base = EnrolSeen(
        words=words, today=TODAY, offers=OFFERS, openings=HOURS, for_children=frozenset({"Nadia"})
    )
    return base.model_copy(update=changes)


def enrolling(
    intent: str,
    words: str = "",
    *,
    on: Case | None = None,
    slots: Slots | None = None,
    read: EnrolSeen | None = None,
    limits: Limits = LIMITS,
    **changes: object,
) -> World:
    """One message of a new contact, or of who the facts say, at a desk that bills enrolments."""
    asked = request(intent)
    base = {
        "identity": identity("NEW"),
        "students": (),
        "student": None,
        "enrolling": read or seen(words),
    }
    known = facts(reading(asked, slots=slots), **{**base, **changes})
    return World(on or case(), known, asked, rules(enrols=True, limits=limits))


def waiting(intent: str, waits: str, signup: Signup, **changes: object) -> Case:
    """A case that has asked for something of a sign-up."""
    return case(intent=intent, waiting_for=waits, signup=signup, **changes)
