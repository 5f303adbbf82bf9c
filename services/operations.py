"""C's hands: one guarded operation per task, once per key, whole with its result, audit and snapshot."""

from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo

from casefile.events import OperationDone
from casefile.packets import Action, AuditEntry, CResult, CTask
from policies.limits import Limits
from policies.privacy import hash_target
from ports.clock import Clock
from services import (
    appointments,
    catalogue,
    contacts,
    due,
    enrolments,
    exchanges,
    invoices,
    leads,
    order_changes,
    order_moves,
    orders,
    refunds,
    schedule,
    school_moves,
)
from services.approved import cover
from services.revisions import revise
from services.sheet_moves import MOVES, SheetMover, begun
from services.work import Outcome, Work, blocked, impossible
from store import outbox, sheet
from store.audit import write_audit
from store.database import Database
from store.inbox import put_event
from store.times import iso
from store.transaction import Tx

Operation = Callable[[Work], Outcome]
CHANNEL = "ops"
# The ledger tries an operation again long before this.
LEFT_BEHIND = timedelta(minutes=10)
# The allow-list: an action that is not here is blocked and audited.
SERVICES: dict[Action, tuple[str, Operation]] = {
    "RESCHEDULE": ("schedule", schedule.move),
    "INVOICE_RESEND": ("invoices", invoices.resend),
    "PAYMENT_CONFIRM_MANUAL": ("invoices", invoices.confirm_by_hand),
    "PAYMENT_RECONCILE": ("invoices", due.request),
    "REFUND": ("refunds", refunds.release),
    "OPT_OUT": ("contacts", contacts.opt_out),
    "OPT_IN": ("contacts", contacts.opt_in),
    "CONTACT_CORRECT": ("contacts", contacts.data_order),
    "CONTACT_EXPORT": ("contacts", contacts.data_order),
    "CONTACT_ERASE": ("contacts", contacts.data_order),
    "ENROL": ("enrolments", enrolments.enrol),
    "BOOKING_CREATE": ("appointments", enrolments.enrol),
    "BOOKING_CANCEL": ("appointments", appointments.cancel),
    "CANCEL": ("enrolments", due.cancel),
    "HAND_OVER": ("staff", due.request),
    "ORDER_CREATE": ("orders", orders.create),
    "ORDER_AMEND": ("orders", order_changes.amend),
    "ORDER_CANCEL": ("orders", order_changes.cancel),
    "ADDRESS_UPDATE": ("orders", order_changes.change_address),
    "SIZE_EXCHANGE": ("orders", exchanges.request),
    "ORDER_STATUS": ("orders", order_moves.move),
    "STOCK_SET": ("catalogue", catalogue.set_stock),
    "SCHOOL_MOVE": ("schedule", school_moves.must_move),
    "LEAD_NOTE": ("leads", leads.note),
}
# Given by a staff member from the command line, where there may be no case.
_BY_STAFF: frozenset[Action] = frozenset(
    {"PAYMENT_CONFIRM_MANUAL", "ORDER_STATUS", "STOCK_SET", "SCHOOL_MOVE"}
)
_AUDIT = {
    "SUCCESS": "success",
    "FAILED": "error",
    "BLOCKED_POLICY": "blocked",
    "NEED_VERIFICATION": "blocked",
}


class GuardedOperations:
    """Implements ports.sinks.Operations; `salt` keeps the audit's hashes from being guessed.

    `mover` writes sessions where they are kept, when that is another system.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        limits: Limits,
        zone: tzinfo,
        salt: str,
        mover: SheetMover | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._limits = limits
        self._zone = zone
        self._salt = salt
        self._mover = mover

    async def run(self, task: CTask) -> None:
        """Carry out a task once; its CResult enters the inbox in the same transaction."""
        await self.execute(task)

    async def execute(self, task: CTask, speaks_for: frozenset[str] = frozenset()) -> CResult:
        """Carry out a task once and return its result; a repeat returns the first result and changes nothing.

        `speaks_for` are contacts on whose behalf a system of the desk's own asks, where there is no case.
        """
        now = self._clock.now()
        if self._mover is not None and task.action in MOVES:
            await self._mover.prepare(task, now)
        result = await self._database.submit(lambda tx: self._once(tx, task, now, speaks_for))
        if result is None and self._mover is not None:
            result = await self._mover.moved(task, lambda tx: self._once(tx, task, now, speaks_for))
        assert result is not None
        return result

    def within(self, tx: Tx, task: CTask, speaks_for: frozenset[str] = frozenset()) -> CResult:
        """Do the same inside a transaction that is open already; for what is written nowhere else."""
        result = self._once(tx, task, self._clock.now(), speaks_for)
        assert result is not None
        return result

    async def finish(self, now: datetime) -> None:
        """Go on with moves that whoever asked for them has not come back for; raises DependencyDown."""
        for task, speaks_for in sheet.left_behind(self._database.read, now - LEFT_BEHIND):
            await self.execute(task, speaks_for)

    def _once(self, tx: Tx, task: CTask, now: datetime, speaks_for: frozenset[str]) -> CResult | None:
        """Do it, whole with everything that belongs to it; None where it has only been begun."""
        first = tx.one("SELECT result FROM operations WHERE key = ?", (task.idempotency_key,))
        if first is not None:
            _settle(tx, task, now)
            return CResult.model_validate_json(first["result"])
        work, outcome = self._carry_out(tx, task, now, speaks_for)
        if outcome.status == "BEGUN":
            return None
        result = outcome.result(work, _bump(work, outcome))
        tx.execute(
            "INSERT INTO operations (key, case_id, action, subject, status, result, at) VALUES (?, ?, ?,"
            " ?, ?, ?, ?)",
            (
                task.idempotency_key,
                task.case_id,
                task.action,
                task.subject,
                result.status,
                result.model_dump_json(),
                iso(now),
            ),
        )
        self._document(work, result)
        _report(tx, task, result, now)
        _settle(tx, task, now)
        return result

    def _carry_out(
        self, tx: Tx, task: CTask, now: datetime, speaks_for: frozenset[str]
    ) -> tuple[Work, Outcome]:
        elsewhere = self._mover is not None
        work = Work(tx, task, now, self._limits, self._zone, elsewhere=elsewhere)
        if task.action not in SERVICES:
            return work, blocked(f"{task.action} is not on the list of allowed operations")
        if task.verification_status == "HOLD":
            return work, Outcome("NEED_VERIFICATION", "identity is not verified; nothing was done")
        owners = _owners(tx, task.case_id) | speaks_for
        if not owners and task.action not in _BY_STAFF:
            return work, impossible(f"there is no case {task.case_id}")
        covered = cover(tx, task)
        if task.approval_id and covered.record is None and not begun(tx, task):
            return work, blocked(covered.refusal)
        work = Work(
            tx,
            task,
            now,
            self._limits,
            self._zone,
            owners,
            covered.record.decided_by if covered.record else None,
            covered.exception,
            covered.conditions,
            elsewhere,
        )
        return work, SERVICES[task.action][1](work)

    def _document(self, work: Work, result: CResult) -> None:
        task = work.task
        entry = AuditEntry.model_validate(
            {
                "at": work.now,
                "case_id": task.case_id or None,
                "actor": "C",
                "service": SERVICES[task.action][0] if task.action in SERVICES else "none",
                "action": task.action,
                "target_hash": hash_target(task.subject, self._salt),
                "params_hash": hash_target(task.model_dump_json(include={"params"}), self._salt),
                "result": _AUDIT[result.status],
                "reason": result.details,
                "approver": work.approver,
                "data_refs": (task.idempotency_key, f"rev {result.rev}"),
            }
        )
        write_audit(work.tx, f"op:{task.idempotency_key}", entry)


def _owners(tx: Tx, case_id: str) -> frozenset[str]:
    """Return the contacts a case speaks for: who wrote, and who they proved to be."""
    row = tx.one(
        "SELECT cases.contact_id, conversations.verified_contact FROM cases"
        " LEFT JOIN conversations ON conversations.id = cases.conversation_id WHERE cases.id = ?",
        (case_id,),
    )
    return frozenset(contact for contact in tuple(row or ()) if contact)


def _bump(work: Work, outcome: Outcome) -> int:
    """Give every changed contact its next rev and renewed snapshot; return the one of the case's contact."""
    revs: dict[str, int] = {}
    for contact_id in outcome.contacts:
        revs[contact_id] = revise(work.tx, work.reading, contact_id, work.now)
    own = [number for contact_id, number in revs.items() if contact_id in work.owners]
    return max(own or revs.values(), default=0)


def _report(tx: Tx, task: CTask, result: CResult, now: datetime) -> None:
    row = tx.one("SELECT conversation_id FROM cases WHERE id = ?", (task.case_id,))
    if row is not None:
        key = task.idempotency_key
        event = OperationDone(at=now, case_id=task.case_id, key=key, result=result)
        put_event(tx, CHANNEL, key, row["conversation_id"], event, now)


def _settle(tx: Tx, task: CTask, now: datetime) -> None:
    """Mark the effect that asked for this as taken."""
    queue = outbox.operation_queue(task.idempotency_key)
    for row in tx.all("SELECT key FROM outbox WHERE queue = ?", (queue,)):
        outbox.accept(tx, row["key"], task.idempotency_key, now)
