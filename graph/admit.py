"""Price what enters a case and write the verdict into it, before any role works."""

from datetime import datetime

from casefile.case import Case, Gap
from casefile.events import CaseEvent, MessageReceived, News, OrderMoved
from casefile.facts import Facts
from casefile.payment_events import BillNews
from casefile.session_events import SessionMustMove
from casefile.verdict import Verdict
from graph.state import Entry
from policies.desk import Rules
from policies.entering import admit_event
from policies.gate import request_of
from policies.intents import spec
from policies.matter import weigh
from policies.outcomes import SCHOOL_MOVES
from policies.sla import kind_and_sla
from policies.takeover import TAKEN


def admitted(case: Case, facts: Facts, events: tuple[CaseEvent, ...], rules: Rules) -> Entry:
    """Weigh what enters, price it, and write the verdict into the case."""
    matter = weigh(case, facts, request_of(case, facts.reading), rules)
    # Of a burst the file decides: whatever is said beside it, somebody has to look at it.
    shown = (e for e in events if isinstance(e, MessageReceived) and e.message.media is not None)
    verdict = admit_event(case, facts, next(shown, events[-1]), matter, rules)
    return Entry(_written(case, facts, events, verdict), events, facts, matter, verdict)


def _written(case: Case, facts: Facts, events: tuple[CaseEvent, ...], verdict: Verdict) -> Case:
    messages = [e for e in events if isinstance(e, MessageReceived)]
    files = (m.message.media.id for m in messages if m.message.media)
    case = case.with_(evidence=(*case.evidence, *files)[-10:])
    if not messages or verdict.decision in {"WAIT", "WITHDRAW"}:
        return case.with_(updated_at=facts.now)
    small = spec(verdict.intent).kind == "conversational" and bool(case.intent)
    kind, sla = kind_and_sla(verdict.intent, verdict.signals, verdict.tier)
    signals = tuple(f"signal:{s}" for s in verdict.signals if s != "policy_question")
    answering = case.waiting_for is not None and case.request != ""
    words = "\n".join(m.message.text for m in messages if m.message.text)
    taken = verdict.rules[0].id == TAKEN
    if verdict.rules[0].id == "CASE.addition" or (taken and case.request):
        # What it is about stays; the person who has it reads what came after.
        added = words or f"({messages[-1].message.kind})"
        case = case.with_(additions=(*case.additions, added)[-5:])
        answering = case.request != ""
    elif case.waiting_for == "offer" and (not small or verdict.intent == "accepted_offer"):
        # Said to an offer of ours it means little without what came before.
        words, answering = f"{case.request}\n{words}".strip(), False
        small = False
    # What was a person's before they took the conversation stays so for its own reason.
    kept = case.state == "with_person" if taken else small
    return case.with_(
        intent=case.intent if small else verdict.intent,
        tier=case.tier if small and case.tier > verdict.tier else verdict.tier,
        kind=kind,
        sla=sla,
        request=case.request if answering or (small and case.request) else words[:REQUEST_CHARS],
        student_id=facts.student.id if facts.student else case.student_id,
        tags=tuple(dict.fromkeys((*case.tags, *signals)))[:20],
        cause=case.cause if kept and case.cause else f"{verdict.rules[0].id} {verdict.intent}",
        gap=case.gap if case.gap == "knowledge" else GAPS.get(verdict.rules[0].id, case.gap),
        updated_at=facts.now,
    )


REQUEST_CHARS = 500
# What the cause of a case begins with that nobody's question opened.
REMINDED, MOVED, BILLED = "SESSION.tomorrow", "ORDER.moved", "BILL.news"
# What a turn shows to be missing; a page that is missing outweighs words that were not clear.
GAPS: dict[str, Gap] = {"R0.no_page": "knowledge", "ASK.unclear": "meaning", "CASE.stuck": "meaning"}


def blank(
    case_id: str, desk: str, conversation_id: str, contact_id: str, language: str, now: datetime
) -> Case:
    """Open a new case file."""
    return Case.model_validate(
        {
            "id": case_id,
            "desk": desk,
            "conversation_id": conversation_id,
            "contact_id": contact_id,
            "language": language,
            "opened_at": now,
            "updated_at": now,
        }
    )


def bringing(case: Case, event: News, now: datetime) -> Case:
    """Return a new case as a reminder, or news of an order or a bill, enters it: nobody has asked."""
    if isinstance(event, OrderMoved):
        about = case.with_(intent="order_status", tier="R1", cause=f"{MOVED} order_status")
    elif isinstance(event, SessionMustMove):
        about = case.with_(
            intent="reschedule",
            tier="R2",
            student_id=event.student_id,
            session_id=event.session_id,
            cause=f"{SCHOOL_MOVES} reschedule",
        )
    elif isinstance(event, BillNews):
        about = case.with_(intent="payment_status", tier="R1", cause=f"{BILLED} payment_status")
    else:
        cause = f"{REMINDED} next_session"
        about = case.with_(intent="next_session", tier="R1", student_id=event.student_id, cause=cause)
    return about.move("triaged", "A", now)
