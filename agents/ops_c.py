"""C, operations: reads the record it is tasked on and writes operations on an explicit task; decides nothing."""

from dataclasses import dataclass

from agents.work import Proposal, Work
from casefile.case import PendingTask
from casefile.effects import PushDelta, RunOperation
from casefile.errors import DependencyDown
from casefile.facts import Facts
from casefile.packets import CTask
from casefile.payment_effects import RequestPayment
from casefile.records import Delta
from policies.charging import to_request
from ports.sources import Books, Records


@dataclass(frozen=True, slots=True)
class OpsSources:
    """What C may read."""

    records: Records
    books: Books


async def propose(work: Work, sources: OpsSources) -> Proposal:
    """Do the quick read a stale snapshot needs, or hand the case's task to the system of record."""
    if work.verdict.decision == "LOOK_UP":
        return await _look_up(work, sources)
    if work.verdict.decision in {"REPORT", "ANSWER"}:
        return Proposal("C", work.case, _billing(work, work.facts))
    return _execute(work)


async def _look_up(work: Work, sources: OpsSources) -> Proposal:
    contact_id = work.facts.identity.contact_id
    if contact_id is None:
        raise AssertionError("the gate lets nobody be looked up who is not identified")
    dependency = "payments" if work.verdict.intent in ("payment_status", "invoice_resend") else "schedule"
    try:
        if dependency == "payments":
            # The snapshot is the schedule's to give; what it says of bills counts only while the books can be read.
            await sources.books.payments(contact_id, work.now)
        snapshot = await sources.records.fresh_snapshot(contact_id, work.now)
    except DependencyDown as error:
        down = work.facts.down | {error.name, dependency}
        return Proposal("C", work.case, facts=work.facts.model_copy(update={"down": down}))
    delta = Delta(
        contact_id=contact_id,
        rev=snapshot.rev,
        as_of=snapshot.as_of,
        students=snapshot.students,
        invoices=snapshot.invoices,
        open_orders=snapshot.open_orders or (),
    )
    facts = work.facts.model_copy(update={"snapshot": snapshot})
    renewed = PushDelta(key=work.key("delta"), delta=delta)
    return Proposal("C", work.case, (renewed, *_billing(work, facts)), facts=facts)


def _billing(work: Work, facts: Facts) -> tuple[RequestPayment, ...]:
    """Have a way to pay made where the turn wants one."""
    number = to_request(work.events, facts, work.desk.rules.payments, work.verdict)
    return (RequestPayment(key=work.key("pay"), invoice_number=number),) if number else ()


def _execute(work: Work) -> Proposal:
    task = approved_task(work) or work.task
    if task is None:
        return Proposal("C", work.case)
    pending = PendingTask(
        key=task.idempotency_key, action=task.action, params=task.params, approval_id=task.approval_id
    )
    case = work.case.with_(task=pending, owner="C").move("executing", "C", work.now)
    return Proposal("C", case, (RunOperation(key=task.idempotency_key, task=task),))


def approved_task(work: Work) -> CTask | None:
    """Return the operation a person's decision released, exactly as it was asked."""
    given, record = work.approval(), work.facts.approval
    if given is None or record is None:
        return None
    if given.alternative is not None:
        chosen = next((a for a in record.request.alternatives if a.id == given.alternative), None)
        return chosen.operation if chosen else None
    return record.request.operation if given.decision != "DENY" else None
