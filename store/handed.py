"""What has been handed to people: orders that are due, and the cases behind the posts they answer."""

import json
from collections.abc import Callable
from datetime import datetime

from casefile.base import Lane
from casefile.case import Case
from casefile.events import OperatorCommand
from casefile.packets import AuditEntry
from casefile.records import DueTask, TaskEnd
from ports.handed import AnsweredPost
from store.audit import write_audit
from store.connection import Row
from store.database import Database
from store.inbox import put_event
from store.times import moment
from store.transaction import Tx

CHANNEL = "staff"
Follow = Callable[[Tx, DueTask, TaskEnd, datetime], None]


class SqlHandedOver:
    """Implements ports.handed.HandedOver; `follow` books, in the same commit, what a settled order brings with it.

    Who only lists them needs none.
    """

    def __init__(self, database: Database, follow: Follow | None = None) -> None:
        self._database = database
        self._follow = follow

    async def case(self, case_id: str) -> Case | None:
        """Return a case file as its last turn left it."""
        row = self._database.read_one("SELECT body FROM cases WHERE id = ?", (case_id,))
        return None if row is None else Case.model_validate_json(row["body"])

    async def post(self, lane: Lane, message_id: str) -> AnsweredPost | None:
        """Look a lane post up by the id its channel gave it."""
        # Ids count within a group, so another lane may have the same.
        row = self._database.read_one(
            "SELECT case_id, json_extract(body, '$.thread') AS thread FROM outbox WHERE provider_id = ?"
            " AND kind = 'post_to_lane' AND json_extract(body, '$.lane') = ? ORDER BY seq DESC LIMIT 1",
            (message_id, lane),
        )
        return None if row is None else AnsweredPost(thread=row["thread"], case_id=row["case_id"])

    async def tasks(self, *, every: bool = False) -> tuple[DueTask, ...]:
        """List the orders that are due, the oldest first; with `every` those that are done as well."""
        where = "" if every else " WHERE state = 'due'"
        rows = self._database.read(f"SELECT * FROM due_tasks{where} ORDER BY at, id")
        return tuple(_task(row) for row in rows)

    async def settle(
        self,
        task: DueTask,
        end: TaskEnd,
        by: str,
        at: datetime,
        conversation_id: str,
        event: OperatorCommand | None,
    ) -> bool:
        """Settle an order, on the record, and let its case know in the same commit; False when it was settled."""

        def work(tx: Tx) -> bool:
            settled = tx.execute(
                "UPDATE due_tasks SET state = ? WHERE id = ? AND state = 'due'", (end, task.id)
            )
            if settled != 1:
                return False
            if self._follow is not None:
                self._follow(tx, task, end, at)
            entry = AuditEntry(
                at=at,
                case_id=task.case_id,
                actor=by,
                service="tasks",
                action=end,
                result="success",
                data_refs=(task.id,),
            )
            write_audit(tx, f"task:{task.id}", entry)
            if event is not None:
                put_event(tx, CHANNEL, f"done:{task.id}", conversation_id, event, at)
            return True

        return await self._database.submit(work)


def _task(row: Row) -> DueTask:
    return DueTask(
        id=row["id"],
        action=row["action"],
        subject=row["subject"],
        contact_id=row["contact_id"],
        case_id=row["case_id"],
        assignee=row["assignee"],
        conditions=str(json.loads(row["params"]).get("conditions") or ""),
        state=row["state"],
        at=moment(row["at"]),
    )
