"""What signing somebody up costs: the package, the registration of a new student, and what is published to come off."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from casefile.base import Frozen
from casefile.enrolments import Enrolment, EnrolmentKind, PackageOffer
from casefile.records import Student
from policies.limits import Limits


class Price(Frozen):
    """What is to be paid, in rupiah; `sibling` and `trial` come off."""

    package: int
    registration: int = 0
    sibling: int = 0
    trial: int = 0

    @property
    def total(self) -> int:
        """The sum of it."""
        return self.package + self.registration - self.sibling - self.trial


def price(
    offer: PackageOffer,
    kind: EnrolmentKind,
    student: Student | None,
    name: str,
    family: Sequence[Student],
    offers: Sequence[PackageOffer],
    mine: Sequence[Enrolment],
    limits: Limits,
    now: datetime,
    today: date,
) -> Price:
    """Price a package for somebody: `family` are the students this contact answers for, `mine` what they asked for."""
    if kind == "trial":
        return Price(package=offer.price)
    others = [one for one in family if student is None or one.id != student.id]
    dearer = any(_counts(one, student, offer, offers, today) for one in others)
    return Price(
        package=offer.price,
        registration=limits.registration_fee if kind == "enrol" else 0,
        sibling=offer.price * limits.sibling_percent // 100 if dearer else 0,
        trial=_trial_credit(name, mine, limits, now) if kind == "enrol" else 0,
    )


def same_person(one: str, other: str) -> bool:
    """Say whether two names are one person's of this family: the first name alone is enough."""
    first, second = one.casefold().split(), other.casefold().split()
    shorter = min(len(first), len(second))
    return shorter > 0 and first[:shorter] == second[:shorter]


def trials_of(name: str, mine: Sequence[Enrolment]) -> tuple[Enrolment, ...]:
    """Return the trials this person has had or has been given."""
    return tuple(
        e for e in mine if e.kind == "trial" and e.state in {"billed", "paid"} and same_person(e.name, name)
    )


def _counts(
    sibling: Student,
    student: Student | None,
    offer: PackageOffer,
    offers: Sequence[PackageOffer],
    today: date,
) -> bool:
    """Say whether a sibling takes lessons in a dearer package; of two alike the one who came first pays in full."""
    package = sibling.package
    if package is None or not package.sessions_left or package.expires < today:
        return False
    theirs = next((one.price for one in offers if one.name == package.name), 0)
    came_first = student is None or sibling.id < student.id
    return theirs > offer.price or (theirs == offer.price and came_first)


def _trial_credit(name: str, mine: Sequence[Enrolment], limits: Limits, now: datetime) -> int:
    """Return what was paid for a trial so lately that it comes off the first package, and off no other."""
    first = not any(
        e.kind == "enrol" and e.state in {"billed", "paid"} and same_person(e.name, name) for e in mine
    )
    lately = now - timedelta(days=limits.trial_credit_days)
    paid = (e for e in trials_of(name, mine) if e.state == "paid" and e.paid_at and e.paid_at >= lately)
    return next((e.total for e in paid), 0) if first else 0
