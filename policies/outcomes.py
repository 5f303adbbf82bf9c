"""What comes back to a case from elsewhere: operations, payments, reminders, and words that did not arrive."""

from casefile.case import Case
from casefile.events import DeliveryFailed, News, OrderMoved, WindowClosed
from casefile.facts import Facts
from casefile.packets import CResult
from casefile.payment_events import BillNews, Money, PaymentRequested, PaymentReturned, PaymentSettled
from casefile.session_events import SessionMustMove
from casefile.verdict import Verdict
from policies.charging import bills_read, open_link
from policies.desk import Rules
from policies.enrol_outcomes import enrol_again
from policies.followups import to_be_said
from policies.gate import plain
from policies.identity import is_verified, may_be_billed
from policies.lead_outcomes import after_note
from policies.matter import Matter
from policies.payments import may_say_paid
from policies.reminders import still_due, still_to_move
from policies.shop_outcomes import asked_again

# The rule by which the school's own change is told.
SCHOOL_MOVES = "SCHOOL.moves"


def of_money(case: Case, facts: Facts, event: Money) -> Verdict:
    """Say what has become of a bill: it can be paid online, it is paid, or its money goes back."""
    if isinstance(event, PaymentReturned):
        return returned(case, facts, event)
    return paid(case, facts, event) if isinstance(event, PaymentSettled) else payable(case, facts, event)


def paid(case: Case, facts: Facts, event: PaymentSettled) -> Verdict:
    """Tell the customer what the books say now; what they do not say, or say to nobody, is not told."""
    bills = facts.payments.invoices if facts.payments else ()
    paid = any(bill.number == event.invoice and may_say_paid(bill.payment) for bill in bills)
    if paid and is_verified(facts.identity):
        return plain(case, "REPORT", "PAYMENT.settled", "The books say it is paid; B says so")
    return plain(case, "NUDGE", "PAYMENT.unread", "A payment came in that cannot be said yet: a person looks")


def returned(case: Case, facts: Facts, event: PaymentReturned) -> Verdict:
    """Tell the customer that their money goes back; what the provider would not do is a person's."""
    if event.why or not is_verified(facts.identity):
        return plain(
            case, "NUDGE", "PAYMENT.not_returned", "The money could not be given back: a person does"
        )
    return plain(case, "REPORT", "PAYMENT.returned", "The provider gives the money back; B says so")


def payable(case: Case, facts: Facts, event: PaymentRequested) -> Verdict:
    """Tell the customer how to pay, if they still have to; where no way could be made a person tells them."""
    if event.link is None:
        return plain(case, "NUDGE", "PAYMENT.no_link", "No way to pay online could be made: a person looks")
    known = may_be_billed(facts.identity)
    if known and any(b.number == event.invoice and open_link(b, facts.now) for b in bills_read(facts)):
        return plain(case, "REPORT", "PAYMENT.link", "A way to pay was made; B sends it")
    return plain(case, "SETTLE", "PAYMENT.over", "It cannot be paid this way any more: nothing is said")


def ahead(case: Case, facts: Facts, event: News, rules: Rules, *, served: bool) -> Verdict:
    """Bring news nobody asked for: of an order, a bill, or a session that the records still have tomorrow."""
    if isinstance(event, OrderMoved):
        return _moved(case, facts, served=served)
    if isinstance(event, BillNews):
        if served and to_be_said(event, facts, rules.reopen is not None):
            return plain(case, "REPORT", "BILL.news", "A bill comes due, or is paid; B says so")
        return plain(
            case, "SETTLE", "BILL.unsaid", "Nothing to say of a bill, or nobody who wants to hear it"
        )
    if isinstance(event, SessionMustMove):
        if served and still_to_move(event, facts):
            words = "The school cannot give a session: B says so and offers other hours"
            return plain(case, "ASK", SCHOOL_MOVES, words).model_copy(update={"missing": "slot"})
        return plain(case, "SETTLE", "SCHOOL.unsaid", "The session is moved already, or nobody can be told")
    if served and still_due(event, facts, rules.zone):
        return plain(case, "REPORT", "SESSION.tomorrow", "A session comes up tomorrow; B reminds of it")
    return plain(
        case, "SETTLE", "SESSION.unsaid", "Nothing to remind of, or nobody who wants it: nothing is said"
    )


def _moved(case: Case, facts: Facts, *, served: bool) -> Verdict:
    if served and is_verified(facts.identity) and not facts.identity.locked:
        return plain(case, "REPORT", "ORDER.moved", "An order got somewhere; B says so")
    return plain(case, "SETTLE", "ORDER.unsaid", "An order got somewhere; nobody is there who may hear it")


def came_back(case: Case, facts: Facts, matter: Matter, result: CResult) -> Verdict:
    """Say what an operation did; after one that was not done: another slot, a person's decision, a person's hands."""
    if result.status == "SUCCESS":
        led = after_note(case, facts, matter, result)
        return led or plain(case, "REPORT", "C.result", "C's operation came back; B says what it did")
    again = asked_again(case, matter, result) or enrol_again(case, matter, result)
    if again is not None:
        return again
    taken = result.refs.get("blocked_by") == "slot_free"
    if taken and matter.booking is not None and matter.choice is not None and matter.choice.offers:
        words = "The hour was taken in the same moment: others are offered"
        return plain(case, "ASK", "C.slot_taken", words).model_copy(update={"missing": "time"})
    # The session may be gone as well, moved by the other parent in the same moment: then there is nothing to offer for.
    movable = matter.session is not None and matter.choice is not None
    refused = result.status == "BLOCKED_POLICY" and result.action == "RESCHEDULE"
    if refused and facts.schedule is not None and (movable or not taken):
        if taken:
            words = "The slot was taken in the same moment: others are offered"
            return plain(case, "ASK", "C.slot_taken", words).model_copy(update={"missing": "slot"})
        words = "A condition stopped holding before it was written"
        raised = plain(case, "ESCALATE_COACH", "R3.predicate", words)
        update = {"tier": "R3", "approval_kind": "RESCHEDULE_EXCEPTION", "lane": "coach"}
        return raised.model_copy(update=update)
    handed = plain(case, "HAND_OVER", "C.failed", "The operation did not go through: a person looks")
    return handed.model_copy(update={"lane": "ops"})


def unheard(case: Case, event: DeliveryFailed | WindowClosed, rules: Rules) -> Verdict:
    """Invite a customer whose window has closed, where the desk has an approved template; else a person looks."""
    if isinstance(event, WindowClosed) and rules.reopen is not None:
        words = "WhatsApp takes our words only once the customer writes again: they are invited to"
        return plain(case, "INVITE", "CASE.window", words)
    return plain(case, "UNHEARD", "CASE.unheard", "Words did not reach the customer: a person looks")
