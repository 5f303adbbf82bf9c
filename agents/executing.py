"""B's hand-over to C: an explicit task for what the gate lets be carried out; the customer hears when C is done."""

from agents import booking, enrolling, lead_turns, moving, shop_turns
from agents.work import Proposal, Work
from casefile.packets import CTask
from policies.booking_intents import BOOKING
from policies.intents import spec
from policies.shop_intents import SHOP


def execute(work: Work) -> Proposal:
    """Hand C an explicit task; the customer hears of it when C is done."""
    matter, key = work.matter, work.key("operation")
    action = spec(work.verdict.intent).action
    if work.verdict.intent in SHOP:
        return shop_turns.execute(work, key)
    if action == "LEAD_NOTE":
        return lead_turns.execute(work, key)
    if work.verdict.intent in BOOKING:
        return Proposal("B", booking.executing(work), task=booking.task(work, key))
    if matter.enrol is not None:
        case = work.case.with_(waiting_for=None, signup=matter.enrol.signup)
        return Proposal("B", case, task=enrolling.task(work, key))
    if action == "RESCHEDULE":
        if matter.session is None or matter.choice is None or matter.choice.slot is None:
            raise AssertionError("the gate executes only a proved session and slot")
        task = moving.task(work, matter.session, matter.choice.slot, None, key)
        case = work.case.with_(waiting_for=None, session_id=matter.session.id, chosen=matter.choice.slot)
        return Proposal("B", case, task=task)
    if action is None:
        raise AssertionError(f"the gate executes only operations, not {work.verdict.intent}")
    task = CTask(
        case_id=work.case.id,
        action=action,
        subject=work.facts.identity.contact_id or work.facts.conversation.contact_id,
        params={"intent": work.verdict.intent, "request": work.case.request},
        verification_status="OK",
        idempotency_key=key,
    )
    return Proposal("B", work.case.with_(waiting_for=None), task=task)
