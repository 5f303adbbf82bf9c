"""The first reply is timed from the customer's message, and one that was late is on the record."""

from datetime import timedelta
from pathlib import Path

import pytest

from casefile.events import Client, InboundMessage, MessageReceived
from casefile.records import Alias
from tests.graph.whole import open_world, phone_of


@pytest.mark.parametrize(("minutes", "late"), [(0, 0), (3, 0), (4, 1), (10, 1)])
async def test_a_reply_after_the_desks_limit_counts_as_late(tmp_path: Path, minutes: int, late: int) -> None:
    world = await open_world(tmp_path)
    phone = phone_of("ct_rina")
    event = MessageReceived(
        account="school",
        received_at=world.clock.now(),
        sent_at=world.clock.now(),
        client=Client(phone=phone, aliases=(Alias(kind="phone", value=phone),)),
        message=InboundMessage(id="wamid.1", kind="text", text="halo kak"),
    )
    (received,) = await world.wired.journal.receive([event])
    world.clock.advance(timedelta(minutes=minutes))
    await world.run(received.conversation_id)
    (row,) = world.rows("SELECT value FROM measures WHERE name = 'first_response'")
    assert row["value"] == minutes * 60
    assert len(world.rows("SELECT value FROM measures WHERE name = 'first_response_late'")) == late
    world.wired.database.close()
