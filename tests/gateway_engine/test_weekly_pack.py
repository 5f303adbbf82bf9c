"""The weekly pack: last week's figures in the ops lane on Monday at eight, once."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.chores import chores_for
from tests.gateway_engine.room import BUDI, MONDAY, RINA, Room, open_room


@pytest.fixture
async def room(filled: Path, tmp_path: Path) -> AsyncIterator[Room]:
    opened = await open_room(filled, tmp_path / "loket.db", chores=True)
    yield opened
    await opened.close()


def posts(room: Room) -> list[str]:
    return [row["body"] for row in room.rows("SELECT body FROM outbox WHERE key LIKE 'weekly:%'")]


async def test_last_week_is_posted_on_monday_at_eight_and_once(room: Room) -> None:
    await room.start()
    await room.answered(RINA, "harga paket berapa ya?")
    await room.answered(BUDI, "saya mau refund")
    chores = chores_for(room.wired, room.board)
    # MONDAY is ten in the morning in Jakarta.
    eight = MONDAY + timedelta(days=7, hours=-2)
    await chores.run_due(eight - timedelta(minutes=1))
    assert posts(room) == []
    await chores.run_due(eight)
    (post,) = posts(room)
    assert "2026-W48" in post and "loket report weekly" in post
    assert "• R0: 1, ke orang 0/1 (0%), selesai 0" in post
    assert "• R3: 1, ke orang 1/1 (100%), selesai 0" in post
    assert "• refund: 1 diminta, 0 disetujui" in post
    assert "per 100 kasus diperiksa: 0.0 (0/2)" in post
    for later in (timedelta(hours=2), timedelta(days=1), timedelta(days=6)):
        await chores.run_due(eight + later)
    assert len(posts(room)) == 1
    await chores.run_due(eight + timedelta(days=7))
    assert len(posts(room)) == 2


async def test_a_week_in_which_nothing_came_is_told_as_well(room: Room) -> None:
    await room.start()
    await chores_for(room.wired, room.board).run_due(MONDAY + timedelta(days=7))
    (post,) = posts(room)
    assert "jawaban pertama, jam kerja: -" in post and "R0:" not in post
