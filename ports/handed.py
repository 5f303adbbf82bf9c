"""What has been handed to people, as those see it who take their words."""

from datetime import datetime
from typing import Protocol

from casefile.base import Frozen, Lane
from casefile.case import Case
from casefile.events import OperatorCommand
from casefile.records import DueTask, TaskEnd


class AnsweredPost(Frozen):
    """A post of ours that somebody answers: its thread, and the case it is about."""

    thread: str
    case_id: str


class HandedOver(Protocol):
    """Cases and orders that wait for a person."""

    async def case(self, case_id: str) -> Case | None:
        """Return a case file as its last turn left it."""
        ...

    async def post(self, lane: Lane, message_id: str) -> AnsweredPost | None:
        """Look a lane post up by the id its channel gave it."""
        ...

    async def tasks(self, *, every: bool = False) -> tuple[DueTask, ...]:
        """List the orders that are due, the oldest first; with `every` those that are done as well."""
        ...

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
        ...
