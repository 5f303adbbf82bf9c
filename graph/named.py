"""Who of the people here a turn has to name, and whose turn it is to decide."""

from casefile.approval import ApprovalRecord
from casefile.case import Case
from casefile.events import CaseEvent, OperationDone
from casefile.reading import Reading
from casefile.records import StaffMember
from graph.sources import Sources

TEAM = "person:ops"


async def people_named(
    case: Case,
    events: tuple[CaseEvent, ...],
    approval: ApprovalRecord | None,
    reading: Reading | None,
    sources: Sources,
) -> tuple[StaffMember, ...]:
    """Read who works here where the turn has to name somebody: who decides, did something or has to.

    A message that raises a risk may well lead to asking one of them.
    """
    with_somebody = case.owner.startswith("person:") and case.owner != TEAM
    ordered = any(isinstance(e, OperationDone) and e.result.due_from for e in events)
    risky = reading is not None and bool(reading.signals)
    needed = approval is not None or with_somebody or ordered or risky
    return await sources.staffing.staff() if needed else ()


def next_approver(approval: ApprovalRecord | None, staff: tuple[StaffMember, ...]) -> StaffMember | None:
    """Return whose turn it is to decide, or to be reminded: down the list, and round again."""
    pending = approval if approval is not None and approval.state == "pending" else None
    wanted = "operator" if pending is not None and pending.request.lane == "ops" else "coach"
    people = [s for s in staff if wanted in s.roles]
    turn = pending.request.reminders + 1 if pending is not None else 0
    return people[turn % len(people)] if people else None
