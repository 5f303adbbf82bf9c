"""The weekly sample as a periodic job: ready and announced as the desk opens for the first time in a week."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.chores import chores_for
from store.auditing import SqlAuditBook
from tests.gateway_engine.room import BUDI, MONDAY, RINA, Room, open_room


@pytest.fixture
async def room(filled: Path, tmp_path: Path) -> AsyncIterator[Room]:
    opened = await open_room(filled, tmp_path / "loket.db", chores=True)
    yield opened
    await opened.close()


def posts(room: Room) -> list[str]:
    return [row["body"] for row in room.rows("SELECT body FROM outbox WHERE key LIKE 'audit:%'")]


async def test_last_weeks_answers_are_picked_and_announced_once(room: Room) -> None:
    await room.start()
    await room.answered(RINA, "harga paket berapa ya?")
    await room.answered(BUDI, "saya mau refund")
    chores = chores_for(room.wired, room.board)
    opening = MONDAY + timedelta(days=7)
    await chores.run_due(opening - timedelta(hours=2))
    assert posts(room) == []
    await chores.run_due(opening)
    (post,) = posts(room)
    assert "Audit 2026-W48" in post and "2 dari 2 jawaban" in post
    sample = await SqlAuditBook(room.wired.database, "school").sample("2026-W48")
    assert sample is not None and [a.tier for a in sample.answers] == ["R3", "R0"]
    for days in (1, 2):
        await chores.run_due(opening + timedelta(days=days))
    assert len(posts(room)) == 1


async def test_a_process_that_died_between_picking_and_saying_so_is_made_up_for(room: Room) -> None:
    await room.start()
    await room.answered(RINA, "harga paket berapa ya?")
    chores = chores_for(room.wired, room.board)
    await chores.run_due(MONDAY + timedelta(days=7))
    await room.wired.database.submit(lambda tx: tx.execute("DELETE FROM outbox WHERE key LIKE 'audit:%'"))
    await chores.run_due(MONDAY + timedelta(days=8))
    assert len(posts(room)) == 1


async def test_a_week_in_which_nothing_was_said_is_not_announced(room: Room) -> None:
    await room.start()
    chores = chores_for(room.wired, room.board)
    await chores.run_due(MONDAY + timedelta(days=7))
    assert posts(room) == []
    sample = await SqlAuditBook(room.wired.database, "school").sample("2026-W48")
    assert sample is not None and sample.sent == 0
