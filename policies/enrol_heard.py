"""What a message makes of a sign-up: for whom, which of the packages listed, which free hour."""

from casefile.case import Case
from casefile.enrolments import EnrolmentKind, EnrolSeen, PackageOffer, Signup
from casefile.facts import Facts, ScheduleFacts
from casefile.reading import Slots
from casefile.records import Student
from policies.desk import Rules
from policies.enrol_words import named_in, who_in
from policies.sessions import Meant
from policies.slots import SlotChoice, choose

# Whoever is younger is taught by those who teach children.
CHILD = 13


def who(case: Case, facts: Facts, seen: EnrolSeen, kind: EnrolmentKind, known: Student | None) -> Signup:
    """Return whom it is for: the student on record whose package goes on, else whoever was told of."""
    before = case.signup or Signup()
    if known is not None:
        own = known.own_contact is not None and known.own_contact == facts.identity.contact_id
        return before.with_(name=known.name, own=own)
    if facts.reading is None:
        return before
    signup = who_in(
        seen.words, before, asked=case.waiting_for == "who", loose=case.waiting_for in {None, "who"}
    )
    tried = next((e for e in seen.mine if e.kind == "trial" and e.state == "paid"), None)
    if kind == "enrol" and not signup.name and signup.age is None and tried is not None:
        # Whoever has had a trial and goes on need not say again who they are.
        return signup.with_(name=tried.name, age=tried.age, own=tried.own)
    return signup


def package(
    case: Case,
    seen: EnrolSeen,
    slots: Slots,
    signup: Signup,
    known: Student | None,
    listed: tuple[PackageOffer, ...],
    *,
    refused: bool,
) -> tuple[PackageOffer | None, tuple[PackageOffer, ...]]:
    """Return the package meant, and those to choose from; `refused`: they have just said no to one."""
    if len(listed) == 1:
        return listed[0], listed
    among = tuple(offer for offer in listed if offer.id in signup.among) or listed
    chosen = slots.choice if case.waiting_for == "package" else None
    if chosen is not None and 0 < chosen <= len(among):
        return among[chosen - 1], among
    named = _like_theirs(named_in(among, seen.words) or named_in(listed, seen.words), known, seen)
    if len(named) == 1:
        return named[0], named
    if named or refused:
        return None, named or listed
    before = next((offer for offer in listed if offer.id == signup.package), None)
    same = next((o for o in listed if known and known.package and o.name == known.package.name), None)
    return before or (same if case.waiting_for != "package" else None), among


def _like_theirs(
    named: tuple[PackageOffer, ...], known: Student | None, seen: EnrolSeen
) -> tuple[PackageOffer, ...]:
    """Return of several that were named the one of the kind a student takes already."""
    package = known.package if known else None
    kinds = {word for o in seen.offers if package and o.name == package.name for word in o.words}
    alike = tuple(offer for offer in named if kinds & set(offer.words))
    return alike if len(alike) == 1 else named


def hour(
    case: Case, facts: Facts, seen: EnrolSeen, signup: Signup, rules: Rules, *, refused: bool
) -> SlotChoice:
    """Return how far the wish for an hour got, among the hours of those who may teach this person."""
    child = signup.age is not None and signup.age < CHILD
    free = tuple(s for s in seen.openings if not child or s.coach in seen.for_children)
    schedule = ScheduleFacts(
        student_id="", sessions=(), free_slots=free, reschedules_this_month=0, read_at=facts.now, rev=0
    )
    whens = facts.reading.slots.when if facts.reading else ()
    wishes = whens or ((case.wish,) if case.wish is not None and case.waiting_for in {"who", None} else ())
    asked = case.with_(chosen=None) if refused else case
    limits, choice = rules.limits, SlotChoice(state="none")
    # "Saturday morning or Monday afternoon": the first that can be.
    tried = [Meant(wishes=(wish,)) for wish in wishes] or [Meant()]
    for meant in tried:
        found = choose(asked, facts.reading, schedule, meant, rules.zone, facts.now, limits.offered_slots)
        if choice.state == "none" or found.state not in {"no_slot", "taken"}:
            choice = found
        if found.state not in {"no_slot", "taken"}:
            break
    return choice
