"""What a text may state in this turn, worked out from what was read - never from what a role says of itself."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from casefile.base import Language
from casefile.case import Case
from casefile.events import ApprovalGiven, CaseEvent, OperationDone, OrderMoved
from casefile.facts import Facts
from casefile.money import rupiah
from casefile.payment_events import PaymentReturned
from casefile.records import Invoice, Session, Slot, Snapshot
from casefile.verdict import Tier
from policies.days import AskedDays, asked_days
from policies.desk import Rules
from policies.enrol_grounds import brought, enrol_grounds
from policies.enrol_matter import EnrolMatter
from policies.freshness import fresh, of_this_month
from policies.identity import is_verified
from policies.lead_matter import lead_grounds
from policies.limits import Limits
from policies.news import approved
from policies.opening import open_day
from policies.payments import may_say_paid
from policies.shop_grounds import order_grounds, shop_grounds
from policies.shop_matter import ShopMatter
from policies.sla import deadline, next_update, window_words
from policies.words import date_words, moment_words, time_words

DONE_BY_ACTION = {
    "RESCHEDULE": "rescheduled",
    "REFUND": "refunded",
    "CANCEL": "cancelled",
    "BOOKING_CREATE": "booked",
    "BOOKING_CANCEL": "cancelled",
    "CONTACT_ERASE": "erased",
    "ENROL": "enrolled",
    "ORDER_CANCEL": "cancelled",
}


def grounds(
    case: Case,
    facts: Facts,
    events: tuple[CaseEvent, ...],
    rules: Rules,
    language: Language,
    shop: ShopMatter | None = None,
    enrol: EnrolMatter | None = None,
) -> tuple[str, ...]:
    """Return every value the facts of this turn allow to be said, written as people read them.

    Account data counts only for the verified contact, only its own, and a snapshot only while it is fresh; `shop`
    and `enrol` are what a shop's request, or one to sign somebody up, was weighed as.
    """
    limits = rules.limits
    values: list[str] = [str(limits.free_reschedules), limits.cutoff.words(language)]
    values += _counts(facts, limits)
    values += _names(facts)
    values += _windows(case, facts, rules, language)
    values += facts.titles.values()
    if rules.pay_to is not None:
        values += rules.pay_to.values().values()
    values += _days(facts, rules, language)
    values += _bookable(facts, rules, language)
    if _known(facts):
        values += _account(facts, rules, language)
        values += [f"{e.order_number} {e.tracking or ''}" for e in events if isinstance(e, OrderMoved)]
    if case.lead is not None and rules.leads is not None:
        values += lead_grounds(case.lead, rules.leads, language)
    if facts.shop is not None:
        values += shop_grounds(facts.shop, shop, rules.zone, language)
    if facts.enrolling is not None:
        values += enrol_grounds(facts.enrolling, enrol, rules.zone, language)
    values += _results(events, rules.zone, language, limits.free_reschedules)
    return tuple(values)


def done_now(case: Case, facts: Facts, events: tuple[CaseEvent, ...], text: str) -> frozenset[str]:
    """Return what a text may say is done: C's SUCCESS, a person's decision, a payment that is the truth.

    A payment is confirmed only of the invoices the text names; one that is paid says nothing of another.
    """
    done: set[str] = set()
    for event in events:
        match event:
            case OperationDone(result=result) if result.status == "SUCCESS":
                # What is billed first is not done before it is paid.
                billed = result.action == "ENROL" and result.new_state.get("invoice_number")
                done.add("billed" if billed else DONE_BY_ACTION.get(result.action, result.action.lower()))
                if case.release is not None:
                    done |= {"approved", "exception"}
            case PaymentReturned(why=""):
                done.add("refunded")
            case ApprovalGiven(decision="APPROVE" | "EDIT"):
                done |= {"approved", "exception"}
            case _:
                pass
    if approved(case):
        # Decided on record, in an earlier turn of this same case.
        done.add("approved")
    if brought(facts.enrolling, text):
        done.add("enrolled")
    named = [i for i in _own_invoices(facts) if i.number in text]
    if named and all(may_say_paid(i.payment) for i in named):
        done.add("confirmed")
    return frozenset(done)


def _counts(facts: Facts, limits: Limits) -> Iterator[str]:
    """Yield the small numbers of what is being asked: attempts left, and the numbers of the choices."""
    if facts.identity.locked or facts.identity.attempt == "failed":
        yield str(limits.verification_lock_minutes)
        failed = facts.identity_changes.get("failed_attempts")
        yield str(limits.verification_attempts - (failed if isinstance(failed, int) else 0))
    if facts.schedule is not None or facts.titles or (facts.reading and facts.reading.abstained):
        yield " ".join(str(n) for n in range(1, limits.offered_slots + 1))


def _bookable(facts: Facts, rules: Rules, language: Language) -> Iterator[str]:
    """Yield what can be booked by the hour: the services, what is free, and the numbers of these choices."""
    if rules.appointments is None:
        return
    services = rules.appointments.services
    yield from (service.name[language] for service in services)
    yield from _sessions(facts.free_slots or (), rules.zone, language)
    ahead = len(facts.schedule.sessions) if facts.schedule else 0
    if facts.free_slots is not None or ahead:
        yield " ".join(str(n) for n in range(1, max(rules.limits.offered_slots, len(services), ahead) + 1))


def _names(facts: Facts) -> Iterator[str]:
    contact = facts.contact
    if contact and contact.wa_name:
        yield contact.wa_name
    if _known(facts):
        if contact and contact.full_name:
            yield contact.full_name
        yield from (s.name for s in facts.students)


def _known(facts: Facts) -> bool:
    return is_verified(facts.identity) and not facts.identity.locked


def _fresh_snapshot(facts: Facts) -> Snapshot | None:
    held = _known(facts) and fresh(facts.snapshot, facts.identity.contact_id, facts.now)
    return facts.snapshot if held else None


def _own_invoices(facts: Facts) -> tuple[Invoice, ...]:
    """Return the account's invoices: from the books where they were read in this turn, else from the snapshot."""
    if facts.payments is not None and _known(facts):
        return tuple(i for i in facts.payments.invoices if i.contact_id == facts.identity.contact_id)
    snapshot = _fresh_snapshot(facts)
    return snapshot.invoices if snapshot else ()


def _windows(case: Case, facts: Facts, rules: Rules, language: Language) -> Iterator[str]:
    """Yield the time windows that the service levels give for this turn."""
    ends = {deadline(rules.hours, tier, urgent, facts.now, rules.limits) for tier, urgent in WINDOWS}
    ends.add(next_update(rules.hours, facts.now, rules.limits))
    claimed = facts.claim.due_at if facts.claim else None
    ends |= {due for due in (case.due_at, claimed) if due is not None}
    for end in ends:
        yield window_words(rules.hours, facts.now, end, language)


WINDOWS: tuple[tuple[Tier, bool], ...] = (("R0", False), ("R2", False), ("R3", True))


def _days(facts: Facts, rules: Rules, language: Language) -> Iterator[str]:
    """Yield the day that is asked about, and how the desk is open on it: the hours are the desk's own."""
    today = facts.now.astimezone(rules.zone).date()
    days = asked_days(facts.reading, today)
    if days is None:
        return
    yield days.words(today, language)
    opening = open_day(rules.hours, days.first)
    for edge in opening.hours or ():
        at = datetime.combine(opening.again or opening.day, edge, rules.zone)
        yield moment_words(at, rules.zone, language)
    if opening.again is not None:
        yield AskedDays(first=opening.again, last=opening.again).words(today, language)


def _account(facts: Facts, rules: Rules, language: Language) -> Iterator[str]:
    zone = rules.zone
    snapshot = _fresh_snapshot(facts)
    own = {s.id for s in facts.students}
    for student in snapshot.students if snapshot else ():
        used = student.reschedules_this_month
        counted = f" {used} {max(0, rules.limits.free_reschedules - used)}"
        yield student.name + (counted if of_this_month(snapshot, facts.now, zone) else "")
        yield from _sessions(student.sessions, zone, language)
        if student.package is not None:
            until = datetime.combine(student.package.expires, time(12), zone)
            yield f"{student.package.name} {student.package.sessions_left} {date_words(until, zone, language)}"
    yield from _invoices(snapshot.invoices if snapshot else (), zone, language)
    for order in (snapshot.open_orders if snapshot else None) or ():
        yield from order_grounds(order, zone, language)
    if facts.schedule is not None and facts.schedule.student_id in own:
        yield from _sessions(facts.schedule.sessions, zone, language)
        yield from _sessions(facts.schedule.free_slots, zone, language)
    if facts.payments is not None:
        bills = (i for i in facts.payments.invoices if i.contact_id == facts.identity.contact_id)
        yield from _invoices(bills, zone, language)


def _sessions(sessions: Iterable[Session | Slot], zone: ZoneInfo, language: Language) -> Iterator[str]:
    for session in sessions:
        ends = time_words(session.end, zone, language)
        yield f"{moment_words(session.start, zone, language)} {session.coach} {ends}"


def _invoices(invoices: Iterable[Invoice], zone: ZoneInfo, language: Language) -> Iterator[str]:
    for invoice in invoices:
        due = datetime.combine(invoice.due, time(12), zone).astimezone(UTC)
        yield invoice.number
        yield f"{rupiah(invoice.amount, language)} {invoice.description}"
        yield date_words(due, zone, language)
        if invoice.payment.at is not None:
            yield date_words(invoice.payment.at, zone, language)
        yield STATE_WORDS[invoice.payment.state]
        if invoice.link is not None:
            yield f"{invoice.link.url} {moment_words(invoice.link.expires_at, zone, language)}"


STATE_WORDS = {
    "PENDING": "menunggu pembayaran; waiting for payment",
    "CONFIRMED": "lunas; paid",
    "FAILED": "belum berhasil; gagal; failed; didn't go through",
    "EXPIRED": "habis masa bayar; kedaluwarsa; expired",
    "REVERSED": "dibatalkan; ditarik kembali; reversed",
}


def _results(
    events: tuple[CaseEvent, ...], zone: ZoneInfo, language: Language, free_reschedules: int
) -> Iterator[str]:
    for event in events:
        if not isinstance(event, OperationDone):
            continue
        for state in (event.result.old_state, event.result.new_state):
            if "start" in state:
                start = datetime.fromisoformat(str(state["start"]))
                yield f"{moment_words(start, zone, language)} {state.get('coach', '')}"
        used = event.result.new_state.get("reschedules_this_month")
        if isinstance(used, int):
            yield f"{used} {max(0, free_reschedules - used)}"
