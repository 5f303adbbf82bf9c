"""A store that fails under a turn stops that turn only: the next look takes the conversation up again."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from adapters.clock import ManualClock
from casefile.errors import LoketError
from casefile.events import Client, InboundMessage, MessageReceived
from gateway.draining import Collecting, Draining
from gateway.ratelimit import FloodCounter
from gateway.wakeups import InProcessWakeups
from ports.journal import InboxRow
from ports.wakeups import Handlers

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
CONVERSATION = "wa-school-ct_1"


class OneRow:
    """The part of a journal that wake-ups read: one message until it has been worked on."""

    def __init__(self) -> None:
        message = InboundMessage(id="m1", kind="text", text="halo")
        event = MessageReceived(
            account="school", received_at=NOW, sent_at=NOW, client=Client(), message=message
        )
        self.rows: tuple[InboxRow, ...] = (InboxRow(1, CONVERSATION, event, NOW, 0),)

    async def unread(self, conversation_id: str) -> tuple[InboxRow, ...]:
        return self.rows


async def others_done() -> None:
    """Let every other task of this loop come to its end."""
    await asyncio.wait(asyncio.all_tasks() - {asyncio.current_task()})


async def test_a_conversation_whose_store_failed_is_taken_up_at_the_next_look() -> None:
    journal, tried = OneRow(), []

    async def turn(conversation_id: str, rows: Sequence[InboxRow]) -> None:
        tried.append(conversation_id)
        if len(tried) == 1:
            raise LoketError("the disk is full")
        journal.rows = ()

    async def flood(conversation_id: str) -> None:
        raise AssertionError("one message is no flood")

    at_once = Collecting(timedelta(0), timedelta(0))
    wakeups = InProcessWakeups()
    draining = Draining(journal, ManualClock(NOW), at_once, FloodCounter(10), turn, flood)  # type: ignore[arg-type]
    await wakeups.start(Handlers(draining.drain, {}))
    wakeups.wake(CONVERSATION)
    await others_done()
    assert len(tried) == 1
    wakeups.wake(CONVERSATION)
    await others_done()
    assert len(tried) == 2
    assert journal.rows == ()
