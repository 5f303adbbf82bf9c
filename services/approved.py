"""Does an approval cover this task? Asked of the store, inside the writing transaction."""

from dataclasses import dataclass

from casefile.approval import ApprovalRecord
from casefile.packets import CTask
from policies.approvals import DERIVED
from store.approvals import approval_record
from store.transaction import Tx

# Added after the decision from the decision itself, so the request cannot have held them.
_FROM_DECISION = frozenset({"conditions", "approver"})


@dataclass(frozen=True, slots=True)
class Cover:
    """The approval behind a task, or why there is none."""

    record: ApprovalRecord | None = None
    conditions: str = ""
    refusal: str = ""

    @property
    def exception(self) -> bool:
        """Say whether a coach decided; an operator's word in the ops lane confirms what the policy allows."""
        return self.record is not None and self.record.request.lane == "coach"


def cover(tx: Tx, task: CTask) -> Cover:
    """Find the approval a task names; it must be of this case, released, and for exactly this operation."""
    if not task.approval_id:
        return Cover(refusal="no approval")
    row = tx.one("SELECT * FROM approvals WHERE id = ?", (task.approval_id,))
    if row is None:
        return Cover(refusal=f"approval {task.approval_id} is not known")
    record = approval_record(row)
    request = record.request
    if record.state not in ("approved", "edited", "denied"):
        return Cover(refusal=f"approval {request.id} is {record.state}")
    # A denial releases nothing but the ready alternative the person chose with it.
    own = (request.operation,) if record.state != "denied" else ()
    released = (*own, *(alternative.operation for alternative in request.alternatives))
    if request.case_id != task.case_id or not any(op and _same(op, task) for op in released):
        return Cover(refusal=f"approval {request.id} is for another operation")
    return Cover(record, conditions=str(task.params.get("conditions") or row["why"] or ""))


def _same(approved: CTask, task: CTask) -> bool:
    return _bound(approved) == _bound(task)


def _bound(task: CTask) -> dict[str, object]:
    plain = task.model_dump(mode="json", exclude=DERIVED)
    plain["params"] = {key: value for key, value in task.params.items() if key not in _FROM_DECISION}
    return plain
