"""What anything that enters a case means for it: messages are priced by the gate, the rest have their own rules."""

from typing import assert_never

from casefile.approval import ApprovalRecord
from casefile.case import Case
from casefile.events import (
    ApprovalGiven,
    CaseEvent,
    DeadlinePassed,
    DeliveryFailed,
    DependencyChanged,
    HumanSpoke,
    MessageReceived,
    OperationDone,
    OperatorCommand,
    OrderMoved,
    ReminderFellDue,
    WindowClosed,
)
from casefile.facts import Facts
from casefile.outside_events import OutsideReply
from casefile.payment_events import BillNews, PaymentRequested, PaymentReturned, PaymentSettled
from casefile.session_events import SessionMustMove
from casefile.verdict import Decision, RuleHit, Verdict
from policies.approvals import cite, matches
from policies.budget import spent_out
from policies.changes import keeps, wants_another_time
from policies.conditions import TAKEN_BACK
from policies.desk import Rules
from policies.gate import plain, verdict_of
from policies.lost import times_lost
from policies.matter import Matter
from policies.news import OPEN
from policies.outcomes import ahead, came_back, of_money, unheard
from policies.releasing import releasable
from policies.takeover import asks_anew, put_before, silent, speaks

GRAVE = frozenset({"legal", "chargeback", "minors_safety", "harassment", "abuse"})
WITHOUT_A_PERSON = frozenset({"ANSWER", "ASK", "NEED_VERIFICATION", "LOOK_UP", "EXECUTE"})
# Once they may still look for it.
LOST_FOR_GOOD = 2
# What a withdrawal must not swallow when it is said in the same breath.
ASKED_ANEW = GRAVE | {
    "refund",
    "privacy_delete",
    "privacy_export",
    "privacy_correct",
    "third_party",
    "exception",
    "complaint",
}


def admit_event(case: Case, facts: Facts, event: CaseEvent, matter: Matter, rules: Rules) -> Verdict:
    """Admit anything that can enter a case; `matter` is what its message, if it is one, was weighed as."""
    match event:
        case MessageReceived() | DependencyChanged():
            return _heard(case, facts, event, matter, rules)
        case OperationDone(result=result):
            return came_back(case, facts, matter, result)
        case ApprovalGiven():
            return _decided(case, facts, event)
        case DeadlinePassed():
            return _deadline(case, facts, event)
        case HumanSpoke():
            return plain(case, "RELAY", "PERSON.phone", "A person wrote from the business phone")
        case (
            OperatorCommand()
            | OutsideReply()
            | PaymentRequested()
            | PaymentSettled()
            | PaymentReturned()
            | DeliveryFailed()
            | WindowClosed()
        ) if _asked(case, facts) and not speaks(facts.conversation, event):
            return plain(
                case, "WAIT", "CASE.waiting", "Still a person's to decide; a command settles nothing"
            )
        case OperatorCommand() | OutsideReply():
            return _commanded(case, event)
        case PaymentRequested() | PaymentSettled() | PaymentReturned():
            return of_money(case, facts, event)
        case ReminderFellDue() | SessionMustMove() | OrderMoved() | BillNews():
            return ahead(case, facts, event, rules, served=_served(facts, rules))
        case DeliveryFailed() | WindowClosed():
            return unheard(case, event, rules)
        case _:
            assert_never(event)


def _heard(
    case: Case, facts: Facts, event: MessageReceived | DependencyChanged, matter: Matter, rules: Rules
) -> Verdict:
    if asks_anew((event,)) and silent(facts.conversation, (event,)):
        if _asked(case, facts):
            return _added(case, facts, "WAIT", "Added to the case; the person deciding sees it")
        return put_before(case, matter, rules)
    if isinstance(event, DependencyChanged) and not event.up:
        words = "A person on call wants the customers of an outage told before it is over"
        return plain(case, "WAIT", "INCIDENT.told", words)
    aside = _aside(case, matter) if event.type != "message_received" or not event.message.media else None
    return aside or _message(case, facts, matter, rules)


def _message(case: Case, facts: Facts, matter: Matter, rules: Rules) -> Verdict:
    if _asked(case, facts):
        return _pending(case, facts, matter, rules)
    takes_back = matter.intent == "withdrawal" and matter.signals <= TAKEN_BACK
    if case.waiting_for is not None and takes_back and not _asks_anew(case, matter.signals):
        words = "The customer took back what was still being asked about; nothing was done"
        return plain(case, "WITHDRAW", "CASE.dropped", words)
    if keeps(case, matter, facts.reading):
        words = "The customer said no to the time that was asked about: the session stays where it is"
        return plain(case, "WITHDRAW", "CASE.kept", words)
    if not _served(facts, rules):
        words = "Not on the pilot's list: pointed to the usual channel, and the ops lane sees it"
        return plain(case, "HAND_OVER", "PILOT.redirect", words)
    if case.state == "with_person":
        return _added(case, facts, "HAND_OVER", "Added to the case; the person handling it sees it")
    verdict = verdict_of(matter, rules)
    if verdict.decision == "NEED_VERIFICATION" and times_lost(case) >= LOST_FOR_GOOD:
        rule = RuleHit(
            id="CASE.lost", words="Cannot give what proves who they are: a person finds another way"
        )
        update = {"decision": "HAND_OVER", "lane": "ops", "missing": None, "rules": (rule, *verdict.rules)}
        return verdict.model_copy(update=update)
    if verdict.decision in WITHOUT_A_PERSON and spent_out(case, rules.limits):
        rule = RuleHit(
            id="CASE.cost", words="Models have cost this case what they may: a person takes it from here"
        )
        update = {"decision": "HAND_OVER", "lane": "ops", "missing": None, "rules": (rule, *verdict.rules)}
        return verdict.model_copy(update=update)
    asked_enough = (
        verdict.missing == "meaning" and case.clarifications >= rules.limits.clarifications_per_case
    )
    too_long = case.turn - case.opened_turn > rules.limits.max_turns
    if (asked_enough or too_long) and verdict.decision in {"ASK", "NEED_VERIFICATION"}:
        rule = RuleHit(id="CASE.stuck", words="Going round in circles: a person takes it from here")
        update = {"decision": "HAND_OVER", "lane": "ops", "missing": None, "rules": (rule, *verdict.rules)}
        return verdict.model_copy(update=update)
    return verdict


def _aside(case: Case, matter: Matter) -> Verdict | None:
    """Let what nobody who has the case needs to hear be answered by B alone."""
    if case.state not in OPEN:
        return None
    if matter.news:
        return plain(case, "WAIT", "CASE.news", "Only asks how it stands; it is still a person's")
    if matter.intent == "acknowledge_wait" and not matter.signals:
        return plain(case, "WAIT", "CASE.courtesy", "Only says that they wait; nobody is disturbed")
    return None


def _served(facts: Facts, rules: Rules) -> bool:
    """Say whether this customer is served: in pilot an allowlist of numbers can be set."""
    if rules.mode != "pilot" or not rules.pilot_allowlist:
        return True
    return bool(facts.contact and facts.contact.phone in rules.pilot_allowlist)


def _asked(case: Case, facts: Facts) -> ApprovalRecord | None:
    """Return the approval this case waits for, or None."""
    record = facts.approval
    waits = record is not None and record.state == "pending" and record.request.id == case.approval_id
    return record if waits else None


def _pending(case: Case, facts: Facts, matter: Matter, rules: Rules) -> Verdict:
    """While a person decides, a message adds facts, changes what is wanted or takes it back; it decides nothing."""
    signals = _signals(facts)
    record = _asked(case, facts)
    if record is not None and wants_another_time(record.request, matter, facts.reading):
        words = "The customer wants another time than the one being decided on: that request is void"
        verdict = verdict_of(matter, rules)
        if verdict.decision == "ASK":
            hit = RuleHit(id="CASE.changed", words=words)
            return verdict.model_copy(update={"rules": (*verdict.rules, hit)})
        return plain(case, "WAIT", "CASE.changed", words)
    if "withdrawal" in signals and not _asks_anew(case, signals):
        words = "The customer took the request back; the approval is void"
        return plain(case, "WITHDRAW", "CASE.withdrawn", words)
    return _added(case, facts, "WAIT", "Added to the case; the person deciding sees it")


def _asks_anew(case: Case, signals: frozenset[str]) -> bool:
    """Say whether a message raises a risk that this case is not about."""
    return bool((signals & ASKED_ANEW).difference(tag.removeprefix("signal:") for tag in case.tags))


def _added(case: Case, facts: Facts, decision: Decision, words: str) -> Verdict:
    """Let a message join a case that is a person's; a grave one is put before them at once."""
    signals = _signals(facts)
    update = {"urgent": bool(signals & GRAVE), "signals": tuple(sorted(signals))}
    return plain(case, decision, "CASE.addition", words).model_copy(update=update)


def _signals(facts: Facts) -> frozenset[str]:
    return frozenset(facts.reading.signals) if facts.reading else frozenset()


def _commanded(case: Case, event: OperatorCommand | OutsideReply) -> Verdict:
    """Let a person's or another system's words leave, or settle what a person says is over."""
    if isinstance(event, OutsideReply):
        return plain(case, "RELAY", "OUTSIDE.words", "Another system answers; checked like our own words")
    if event.command in {"reply", "done"} and event.words:
        return plain(case, "RELAY", "PERSON.words", "A person answers; exactly their words leave")
    if event.command == "done":
        return plain(case, "SETTLE", "TASK.done", "What a person had to do is done; nothing is left to say")
    return plain(case, "SETTLE", "OPERATOR.command", "An operator settled the case")


def _decided(case: Case, facts: Facts, event: ApprovalGiven) -> Verdict:
    """Let a person's decision do what it says, if it is on what is being asked now."""
    record = _answered(case, facts, event)
    if record is None:
        words = "A decision on what is no longer asked: nothing follows from it"
        return plain(case, "WAIT" if _asked(case, facts) else "SETTLE", "APPROVAL.stale", words)
    if _changed(case, facts, record):
        again = plain(case, "ESCALATE_COACH", "APPROVAL.changed", "A cited page changed: asked anew")
        return again.model_copy(update={"approval_kind": record.request.kind, "lane": "coach"})
    if event.decision == "APPROVE" and event.alternative is None and not releasable(record.request):
        words = "There is nothing to approve yet: the customer has still to prove who they are"
        return plain(case, "WAIT", "APPROVAL.unproved", words)
    if event.decision == "DENY" and event.alternative is None:
        return plain(case, "DECLINE", "COACH.denied", "An allowlisted person said no")
    return plain(case, "RELEASE", "COACH.approved", "An allowlisted person decided; exactly that leaves")


def _answered(case: Case, facts: Facts, event: ApprovalGiven) -> ApprovalRecord | None:
    """Return what a decision is about when that is what is being asked now, its alternative included."""
    record = _asked(case, facts)
    if record is None or event.approval_id != record.request.id:
        return None
    choices = {None, *(a.id for a in record.request.alternatives)}
    return record if event.alternative in choices else None


def _changed(case: Case, facts: Facts, record: ApprovalRecord) -> bool:
    """Say whether what the pending approval is bound to is not what it was."""
    request, page = record.request, facts.excerpt
    cited = (cite(page),) if page else ()
    return not matches(record, request.operation, request.text, case.conversation_id, cited)


def _deadline(case: Case, facts: Facts, event: DeadlinePassed) -> Verdict:
    if _asked(case, facts):
        if event.timer == "approval":
            words = "Undecided: reminded, next approver, and the customer told once"
            return plain(case, "WAIT", "APPROVAL.deadline", words)
        return plain(
            case, "WAIT", "APPROVAL.clock", "Undecided as the promised time comes: the customer is told"
        )
    if event.timer in {"resolve", "close"}:
        return plain(case, "SETTLE", "CASE.quiet", "Quiet for long enough: resolved, later closed")
    if case.state in {"answered", "resolved", "closed"}:
        return plain(case, "SETTLE", "SLA.late", "The clock ran out after the answer: nothing is left to say")
    return plain(case, "NUDGE", "SLA.clock", "A clock is about to run out; nobody waits without a word")
