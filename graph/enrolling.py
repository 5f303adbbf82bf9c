"""What a turn reads to sign somebody up: packages, free hours, what was asked for before, what a bill was for."""

from collections.abc import Sequence
from datetime import datetime

from casefile.case import Case
from casefile.enrolments import Enrolment, EnrolSeen
from casefile.errors import DependencyDown
from casefile.events import CaseEvent, MessageReceived, OperationDone
from casefile.facts import Identity
from casefile.payment_events import BillNews, PaymentSettled
from graph.sources import Sources
from policies.desk import Rules
from policies.enrolments import ENROLMENTS
from policies.identity import may_be_billed


async def enrolling(
    case: Case,
    intent: str,
    events: Sequence[CaseEvent],
    identity: Identity,
    sources: Sources,
    rules: Rules,
    down: frozenset[str],
    now: datetime,
) -> tuple[EnrolSeen | None, frozenset[str]]:
    """Read what it takes to sign somebody up, or what the bill of this turn was for; None where it is neither."""
    reference = _reference(events)
    asks = intent in ENROLMENTS and (case.signup is not None or reference is None)
    if not rules.enrols or not (asks or reference) or "schedule" in down:
        return None, down
    seen = EnrolSeen(words=_words(events), today=now.astimezone(rules.zone).date())
    try:
        done = await _done(reference, identity, sources)
        if not asks or identity.locked:
            return seen.model_copy(update={"done": done}), down
        openings = await sources.enrolments.openings(now)
        known = may_be_billed(identity) and identity.contact_id is not None
        mine = await sources.enrolments.enrolments_of(identity.contact_id or "") if known else ()
        read = {
            "offers": await sources.enrolments.packages(),
            "openings": openings.slots,
            "for_children": frozenset(openings.for_children),
            "mine": mine,
            "done": done,
        }
        return seen.model_copy(update=read), down
    except DependencyDown as error:
        return None, down | {error.name}


async def _done(reference: str | None, identity: Identity, sources: Sources) -> Enrolment | None:
    """Read what the bill, or the operation, of this turn is for, if it is this customer's own."""
    made = await sources.enrolments.enrolled_by(reference) if reference else None
    return made if made is not None and made.contact_id == identity.contact_id else None


def _reference(events: Sequence[CaseEvent]) -> str | None:
    """Name the bill or the operation that has come back in this turn."""
    for event in events:
        match event:
            case OperationDone(result=result) if result.action in {"ENROL", "BOOKING_CREATE"}:
                return str(result.new_state.get("enrolment") or event.key)
            case PaymentSettled(invoice=invoice) | BillNews(invoice=invoice):
                return invoice
            case _:
                pass
    return None


def _words(events: Sequence[CaseEvent]) -> str:
    return "\n".join(e.message.text for e in events if isinstance(e, MessageReceived) and e.message.text)
