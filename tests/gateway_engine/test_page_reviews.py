"""Pages past their review: named in the ops lane once a week, with whose they are."""

from datetime import timedelta
from pathlib import Path

from app.chores import chores_for
from tests.gateway_engine.room import MONDAY, Room, open_room


def posts(room: Room) -> list[str]:
    return [
        row["body"] for row in room.rows("SELECT body FROM outbox WHERE key LIKE 'review:%' ORDER BY key")
    ]


async def test_they_are_named_once_a_week_and_not_while_every_page_is_fresh(
    filled: Path, tmp_path: Path
) -> None:
    room = await open_room(filled, tmp_path / "loket.db", chores=True)
    chores = chores_for(room.wired, room.board)
    await chores.run_due(MONDAY)
    pages = room.wired.knowledge.reviewed()
    latest = max(page.last_reviewed for page in pages)
    # The first morning on which every page is past it: a Monday or later, and the two days after that.
    late = MONDAY + timedelta(days=182 - (MONDAY.date() - latest).days)
    late += timedelta(days=-late.weekday() % 7)
    await chores.run_due(MONDAY + timedelta(days=1))
    assert posts(room) == []
    for days in range(3):
        await chores.run_due(late + timedelta(days=days))
    (post,) = posts(room)
    assert f"{len(pages)} halaman sudah lebih dari 180 hari" in post
    assert pages[0].owner in post
    await chores.run_due(late + timedelta(days=7))
    assert len(posts(room)) == 2
    await room.close()
