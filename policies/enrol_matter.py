"""What a trial, an enrolment or a renewal comes to: for whom, which package, which hour, what it costs."""

from typing import Literal

from pydantic import JsonValue

from casefile.base import Frozen
from casefile.case import Case
from casefile.enrolments import EnrolmentKind, EnrolSeen, PackageOffer, Signup
from casefile.facts import Facts
from casefile.packets import CTask
from casefile.reading import Reading, Request, Slots
from casefile.records import Slot, Student
from policies.desk import Rules
from policies.enrol_heard import hour, package, who
from policies.enrol_price import Price, price, same_person
from policies.enrol_proofs import prove
from policies.enrol_words import ADULT, gives_who, short_answer
from policies.enrolments import ENROLMENTS
from policies.identity import may_be_billed
from policies.reschedule import Proof
from policies.slots import SlotChoice

KINDS: dict[str, EnrolmentKind] = {
    "trial_request": "trial",
    "enrol_request": "enrol",
    "renewal_request": "renew",
}
ASKS = frozenset({"who", "package", "slot", "confirm"})
Open = Literal["records", "child", "who", "package", "slot", "confirm", "nothing"]


class EnrolMatter(Frozen):
    """What the gate's rows on enrolments look at; `open` is what has to be settled first, None when nothing is.

    `fitting` are packages to choose from, `choice` the hour of a trial; `settled`: they have said yes to exactly this.
    """

    kind: EnrolmentKind
    signup: Signup = Signup()
    student: Student | None = None
    offer: PackageOffer | None = None
    fitting: tuple[PackageOffer, ...] = ()
    choice: SlotChoice | None = None
    price: Price | None = None
    open: Open | None = None
    proofs: tuple[Proof, ...] = ()

    @property
    def settled(self) -> bool:
        """Say whether nothing is left to ask."""
        return self.open is None

    @property
    def proved(self) -> bool:
        """Say whether the records prove every condition of it."""
        return bool(self.proofs) and all(proof.value == "true" for proof in self.proofs)

    @property
    def second_trial(self) -> bool:
        """Say whether it is a second trial of the same person."""
        return any(proof.name == "first_trial" and proof.value == "false" for proof in self.proofs)

    @property
    def slot(self) -> Slot | None:
        """The hour of a trial, once one is meant."""
        return self.choice.slot if self.choice else None


def weigh_enrolment(case: Case, facts: Facts, intent: str, rules: Rules) -> EnrolMatter | None:
    """Weigh a request to sign somebody up; None where the desk leaves that to its people."""
    if not rules.enrols or intent not in ENROLMENTS:
        return None
    seen, student = facts.enrolling, facts.student
    kind = KINDS[intent]
    if kind == "renew" and student is None and len(facts.students) > 1:
        return EnrolMatter(kind=kind, open="child" if seen else "records")
    known = student if kind == "renew" else None
    if kind == "renew" and (known is None or known.package is None):
        # Nothing of theirs runs that could go on: it is a first package.
        kind = "enrol"
    if seen is None:
        return EnrolMatter(kind=kind, open="records")
    slots = facts.reading.slots if facts.reading else Slots()
    signup = who(case, facts, seen, kind, known)
    if known is None and kind == "enrol":
        known = next((one for one in facts.students if same_person(one.name, signup.name)), None)
        kind = "renew" if known is not None and known.package is not None else kind
    age = signup.age if signup.age is not None or not signup.own else ADULT
    listed = tuple(o for o in seen.offers if o.published and o.trial == (kind == "trial") and o.fits(age))
    refused = case.waiting_for == "confirm" and slots.yes_no == "no"
    offer, fitting = package(case, seen, slots, signup, known, listed, refused=refused)
    among = tuple(one.id for one in fitting) if fitting != listed else ()
    signup = signup.with_(package=offer.id if offer else None, among=among)
    choice = hour(case, facts, seen, signup, rules, refused=refused) if kind == "trial" else None
    costs = _price(offer, kind, known, signup, facts, seen, rules)
    opened = _open(signup, known, offer, listed, choice)
    if opened is None and not _agreed(case, slots, signup, kind, choice, costs):
        opened = "confirm"
    return EnrolMatter(
        kind=kind,
        signup=signup,
        student=known,
        offer=offer,
        fitting=fitting,
        choice=choice,
        price=costs,
        open=opened,
        proofs=prove(kind, signup, offer, choice.slot if choice else None, costs, facts, seen, rules),
    )


def enrol_intent(case: Case, request: Request, reading: Reading | None) -> str | None:
    """Return what a message asks for while somebody is being signed up in its case; None where that says nothing."""
    if case.signup is None or case.waiting_for not in ASKS or case.intent not in ENROLMENTS:
        return None
    if reading is None or reading.signals or request.intent in ENROLMENTS - {case.intent}:
        # "Langsung daftar aja" in the middle of a trial means what it says, unless it only tells for whom.
        told = reading is not None and case.waiting_for == "who" and gives_who(request.text)
        return case.intent if told and reading is not None and not reading.signals else None
    return case.intent if answers_signup(reading, case) else None


def answers_signup(reading: Reading, case: Case) -> bool:
    """Say whether a message carries what a case asks for who is to be signed up."""
    if case.signup is None or reading.signals:
        return False
    match case.waiting_for:
        case "who":
            return gives_who(reading.normalized)
        case "package":
            return bool(reading.slots.choice) or short_answer(reading.normalized)
        case _:
            return False


def task_params(made: EnrolMatter) -> dict[str, JsonValue]:
    """Return the parameters of the task for C: the same weighing always gives the same."""
    return {
        "kind": made.kind,
        "package": made.offer.id if made.offer else None,
        "student_id": made.student.id if made.student else None,
        "name": made.signup.name,
        "age": made.signup.age,
        "own": made.signup.own,
        "slot_id": made.slot.id if made.slot else None,
    }


def unproved_enrolment(task: CTask, made: EnrolMatter, facts: Facts) -> str:
    """Say what of a task is not exactly what was proved and agreed to; empty when all of it is."""
    if not made.settled or not made.proved or not may_be_billed(facts.identity):
        return ", ".join(proof.name for proof in made.proofs if proof.value != "true") or "a yes to it"
    same = (
        task.subject == facts.identity.contact_id
        and task.params == task_params(made)
        and made.price is not None
        and task.constraints.get("total") == made.price.total
    )
    return "" if same else "the task is not the one that was agreed to"


def _open(
    signup: Signup,
    known: Student | None,
    offer: PackageOffer | None,
    listed: tuple[PackageOffer, ...],
    choice: SlotChoice | None,
) -> Open | None:
    if known is None and (not signup.name or signup.age is None):
        return "who"
    if not listed:
        return "nothing"
    if offer is None:
        return "package"
    if choice is not None and choice.slot is None:
        return "slot" if choice.offers else "nothing"
    return None


def _agreed(
    case: Case,
    slots: Slots,
    signup: Signup,
    kind: EnrolmentKind,
    choice: SlotChoice | None,
    costs: Price | None,
) -> bool:
    """Say whether they have said yes to exactly this; to choose one of the hours offered for it is a yes as well."""
    before = case.signup
    total = costs.total if costs else None
    same = before is not None and _without_sum(before) == _without_sum(signup) and before.shown == total
    if kind == "trial":
        return same and choice is not None and choice.state == "chosen"
    return same and case.waiting_for == "confirm" and slots.yes_no == "yes"


def _without_sum(signup: Signup) -> Signup:
    return signup.with_(shown=None, among=())


def _price(
    offer: PackageOffer | None,
    kind: EnrolmentKind,
    known: Student | None,
    signup: Signup,
    facts: Facts,
    seen: EnrolSeen,
    rules: Rules,
) -> Price | None:
    if offer is None:
        return None
    family, offers = facts.students, seen.offers
    return price(
        offer, kind, known, signup.name, family, offers, seen.mine, rules.limits, facts.now, seen.today
    )
