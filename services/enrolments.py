"""Trials, enrolments and renewals that are billed: recorded with their invoice, or not at all."""

from datetime import date, datetime, timedelta

from pydantic import JsonValue, ValidationError

from casefile.base import Frozen
from casefile.enrolments import Enrolment, EnrolmentKind, PackageOffer
from casefile.records import Contact, Invoice, Slot, Student
from policies.enrol_price import Price, price, same_person, trials_of
from policies.orders import needs_review
from services import appointments
from services.billing import write_bill
from services.enrolled import namesake, session_of, settle
from services.schedule import not_free, slot_asked
from services.work import Outcome, Work, blocked, impossible
from store import enrolments, records
from store.facts import answerable

FIELDS = frozenset({"kind", "package", "student_id", "name", "age", "own", "slot_id"})


class Wish(Frozen):
    """The parameters of an enrolment; `total` is what the customer was told it comes to."""

    kind: EnrolmentKind
    package: str
    student_id: str | None = None
    name: str
    age: int | None = None
    own: bool = True
    slot_id: str | None = None
    total: int | None = None


def enrol(work: Work) -> Outcome:
    """ENROL and BOOKING_CREATE: subject is the contact; params as in `Wish`. Without a package it is no such sale.

    A refusal's `blocked_by` is package, review, price, trial_once or slot_free.
    """
    if "package" not in work.task.params:
        return appointments.create(work)
    wish = _wish(work)
    if isinstance(wish, Outcome):
        return wish
    contact, offer = (
        records.contact(work.tx.all, work.task.subject),
        enrolments.package(work.tx.all, wish.package),
    )
    if contact is None:
        return impossible("the contact is not in the records")
    if contact.id not in work.owners:
        return blocked("the enrolment is for a contact this case does not speak for")
    if offer is None or not offer.published or offer.trial != (wish.kind == "trial"):
        return blocked("the package is not one that is published", "package")
    if not offer.fits(wish.age):
        return blocked(f"{offer.id} is not for somebody of {wish.age}", "package")
    student = _student(work, contact, wish)
    if isinstance(student, Outcome):
        return student
    return _recorded(work, contact, student, offer, wish)


def _recorded(
    work: Work, contact: Contact, student: Student | None, offer: PackageOffer, wish: Wish
) -> Outcome:
    read, today = work.tx.all, work.now.astimezone(work.zone).date()
    mine = enrolments.enrolments_of(read, contact.id)
    open_still = _open(work, mine, student, wish)
    if open_still is not None:
        return _outcome(open_still, _bill(work, open_still), "is open already")
    family, offers = records.students_of(read, contact.id), enrolments.packages(read)
    known = student if wish.student_id is not None else None
    costs = price(offer, wish.kind, known, wish.name, family, offers, mine, work.limits, work.now, today)
    if wish.total is not None and wish.total != costs.total:
        return blocked(f"it comes to {costs.total} now, not {wish.total}", "price", total=costs.total)
    reviewed = contact.vip or needs_review(costs.total, work.limits)
    if reviewed and not work.exception and work.task.case_id:
        return blocked("a person decides on this enrolment before it is billed", "review", total=costs.total)
    if wish.kind == "trial" and trials_of(wish.name, mine) and not work.exception:
        return blocked("a trial is taken once", "trial_once")
    slot = _taken(work, student) if wish.kind == "trial" else None
    if isinstance(slot, Outcome):
        return slot
    return _written(work, contact, student, offer, wish, costs, slot)


def _written(
    work: Work,
    contact: Contact,
    student: Student | None,
    offer: PackageOffer,
    wish: Wish,
    costs: Price,
    slot: Slot | None,
) -> Outcome:
    tx, key = work.tx, work.task.idempotency_key
    # Whoever has enrolled here is known from now on, by the number it came from.
    tx.execute("UPDATE contacts SET registered = 1 WHERE id = ?", (contact.id,))
    invoice = None
    if costs.total:
        day = work.now.astimezone(work.zone).date()
        last = _last_day(work, slot)
        invoice = write_bill(
            tx,
            contact.id,
            _described(offer, costs, wish.name),
            costs.total,
            last,
            day,
            student.id if student else None,
        )
    made = Enrolment(
        id=key,
        kind=wish.kind,
        state="billed",
        contact_id=contact.id,
        student_id=student.id if student else None,
        name=wish.name,
        age=wish.age,
        own=wish.own,
        offer=offer,
        total=costs.total,
        invoice=invoice.number if invoice else None,
        case_id=work.task.case_id,
        slot=slot,
        hold_until=_held_until(work, slot) if slot and invoice else None,
        made_at=work.now,
    )
    case = tx.one("SELECT conversation_id FROM cases WHERE id = ?", (work.task.case_id,))
    enrolments.put_enrolment(tx, made, case["conversation_id"] if case else None)
    changed = settle(tx, made, work.now, work.zone) if invoice is None else ()
    kept = enrolments.enrolment(tx.all, key)
    assert kept is not None
    outcome = _outcome(kept, invoice, "recorded")
    return Outcome(
        outcome.status,
        outcome.details,
        tuple(dict.fromkeys((contact.id, *changed))),
        new_state=outcome.new_state,
        refs=outcome.refs,
    )


def _outcome(made: Enrolment, invoice: Invoice | None, how: str) -> Outcome:
    state: dict[str, JsonValue] = {
        "enrolment": made.id,
        "state": made.state,
        "invoice_number": made.invoice,
        "invoice": invoice.model_dump(mode="json") if invoice else None,
    }
    words = f"{made.kind} {how}" + (f", invoice {made.invoice}" if made.invoice else "")
    return Outcome(
        "SUCCESS", words, contacts=(made.contact_id,), new_state=state, refs={"invoice": made.invoice}
    )


def _wish(work: Work) -> Wish | Outcome:
    given = {name: value for name, value in work.task.params.items() if name in FIELDS}
    try:
        return Wish.model_validate({**given, "total": work.task.constraints.get("total")})
    except ValidationError as error:
        said = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        return impossible(f"the enrolment's parameters do not fit: {said}")


def _student(work: Work, contact: Contact, wish: Wish) -> Student | Outcome | None:
    """Return the student on record it is for: the one named, else one of this contact's of the same name."""
    read = work.tx.all
    if wish.student_id is not None:
        student = records.student(read, wish.student_id)
        if student is None:
            return impossible("the student is not in the records")
        return student if contact.id in answerable(student) else blocked("the student is somebody else's")
    if wish.kind == "renew":
        return impossible("a renewal names the student")
    student = namesake(read, contact.id, wish.name)
    if student is not None and student.package is not None and wish.kind == "enrol":
        return blocked("the student has a package already: it is renewed", "package")
    return student


def _open(work: Work, mine: tuple[Enrolment, ...], student: Student | None, wish: Wish) -> Enrolment | None:
    """Return what this contact has asked for already and has still to pay; asked for again it is the same bill."""
    for made in mine:
        bill = _bill(work, made)
        same = made.offer.id == wish.package and made.kind == wish.kind and same_person(made.name, wish.name)
        if made.state == "billed" and same and bill is not None and bill.status in {"unpaid", "expired"}:
            return made if wish.kind != "trial" or made.slot is None or made.slot.id == wish.slot_id else None
    return None


def _bill(work: Work, made: Enrolment) -> Invoice | None:
    return records.invoice(work.tx.all, made.invoice) if made.invoice else None


def _taken(work: Work, student: Student | None) -> Slot | Outcome:
    """Take the hour of a trial; whoever comes second finds it taken."""
    slot = slot_asked(work)
    if slot is None:
        return impossible("the hour is not in the records")
    if why := not_free(work, slot, student.id if student else ""):
        return blocked(why, "slot_free")
    held = session_of(work.task.idempotency_key)
    work.tx.execute("UPDATE slots SET session_id = ? WHERE id = ?", (held, slot.id))
    return slot


def _held_until(work: Work, slot: Slot) -> datetime:
    return min(work.now + timedelta(minutes=work.limits.reservation_minutes), slot.start)


def _last_day(work: Work, slot: Slot | None) -> date:
    """Return the day a bill is due: a trial's with its hour, any other so many days from now."""
    until = _held_until(work, slot) if slot else work.now + timedelta(days=work.limits.invoice_days)
    return until.astimezone(work.zone).date()


def _described(offer: PackageOffer, costs: Price, name: str) -> str:
    """Say on the bill what it is for."""
    parts = [
        offer.name if offer.trial else f"Paket {offer.name}",
        "biaya pendaftaran" if costs.registration else "",
        "potongan kakak-adik" if costs.sibling else "",
        "potongan trial" if costs.trial else "",
    ]
    return f"{', '.join(part for part in parts if part)} - {name}"
