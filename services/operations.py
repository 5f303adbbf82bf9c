"""C's hands: one guarded operation per task, once per key, whole with its result, audit and snapshot."""

from collections.abc import Callable
from datetime import datetime, tzinfo

from casefile.events import OperationDone
from casefile.packets import Action, AuditEntry, CResult, CTask
from policies.limits import Limits
from policies.privacy import hash_target
from ports.clock import Clock
from services import (
    catalogue,
    contacts,
    due,
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
from services.work import Outcome, Work, blocked, impossible
from store import outbox
from store.audit import write_audit
from store.database import Database
from store.inbox import put_event
from store.times import iso
from store.transaction import Tx

Operation = Callable[[Work], Outcome]
CHANNEL = "ops"
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
    "ENROL": ("enrolments", due.request),
    "BOOKING_CREATE": ("enrolments", due.request),
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
    """Implements ports.sinks.Operations; `salt` keeps the audit's hashes from being guessed."""

    def __init__(self, database: Database, clock: Clock, limits: Limits, zone: tzinfo, salt: str) -> None:
        self._database = database
        self._clock = clock
        self._limits = limits
        self._zone = zone
        self._salt = salt

    async def run(self, task: CTask) -> None:
        """Carry out a task once; its CResult enters the inbox in the same transaction."""
        await self.execute(task)

    async def execute(self, task: CTask, speaks_for: frozenset[str] = frozenset()) -> CResult:
        """Carry out a task once and return its result; a repeat returns the first result and changes nothing.

        `speaks_for` are contacts on whose behalf a system of the desk's own asks, where there is no case.
        """
        return await self._database.submit(lambda tx: self.within(tx, task, speaks_for))

    def within(self, tx: Tx, task: CTask, speaks_for: frozenset[str] = frozenset()) -> CResult:
        """Do the same inside a transaction that is open already."""
        now = self._clock.now()
        first = tx.one("SELECT result FROM operations WHERE key = ?", (task.idempotency_key,))
        if first is not None:
            _settle(tx, task, now)
            return CResult.model_validate_json(first["result"])
        work, outcome = self._carry_out(tx, task, now, speaks_for)
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
        work = Work(tx, task, now, self._limits, self._zone)
        if task.action not in SERVICES:
            return work, blocked(f"{task.action} is not on the list of allowed operations")
        if task.verification_status == "HOLD":
            return work, Outcome("NEED_VERIFICATION", "identity is not verified; nothing was done")
        owners = _owners(tx, task.case_id) | speaks_for
        if not owners and task.action not in _BY_STAFF:
            return work, impossible(f"there is no case {task.case_id}")
        covered = cover(tx, task)
        if task.approval_id and covered.record is None:
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
