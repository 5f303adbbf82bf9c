"""A whole Loket whose school keeps its students in Notion: scripts, people's changes, and Notion down."""

from pathlib import Path
from typing import Any

import pytest
from notion_scenes import MONDAY, SETTINGS, Show, loaded, showing

from app.cli.doctor_sheet import students
from app.play import play_all
from app.script import load_scripts
from app.stage import overridden

DATABASES = {
    "students": {"database_id": "a1aaaaaa1111411181111111111111a1"},
    "sessions": {"database_id": "a2aaaaaa1111411181111111111111a2"},
    "reschedules": {"database_id": "a3aaaaaa1111411181111111111111a3"},
}
RECORDS: dict[str, Any] = {"records": {"source": "notion", **DATABASES}}
# What reads the schedule, moves it, is refused, goes to a coach, meets an outage, and what money brings.
SCRIPTS = (
    *("reschedule-times", "reschedule-quota", "reschedule-missed", "parent-of-two", "schedule-down"),
    *("enrol-paid", "trial-paid"),
)


async def test_the_schools_scripts_end_as_they_do_with_our_own_store() -> None:
    home, config = SETTINGS.desks[0]
    ours = SETTINGS.model_copy(update={"desks": ((home, overridden(config, RECORDS)),)})
    scripts = load_scripts([home / "scripts" / f"{name}.yaml" for name in SCRIPTS])
    async for played, lines in play_all(scripts, settings=ours, loaded=loaded(ours)):
        assert played.ok, "\n".join([*lines, *played.failures])


async def edits(show: Show, lesson: str, **told: str) -> None:
    """Let somebody change a session in Notion."""
    await show.control("notion/row", database="session", find={"ID": lesson}, properties=told)


async def next_lesson(show: Show) -> str:
    return (await show.asks("kak jadwal lesku berikutnya kapan ya?")).text


async def waited(show: Show, minutes: int) -> None:
    for _ in range(minutes):
        await show.passes(60)
    for _ in range(5):
        await show.passes()


async def test_what_people_change_is_answered_after_a_webhook_or_with_the_next_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with showing(tmp_path, monkeypatch, **RECORDS) as show:
        first = await next_lesson(show)
        session = (await show.stage.wired.stored.schedule("st_rina", MONDAY)).sessions
        lesson = next(one.id for one in session if one.start > MONDAY)
        url = f"{show.stage.server.url}/webhooks/notion/school"
        token = (await show.control("notion/webhooks", subscribe=url))["token"]
        await show.passes()
        assert (await show.control("notion/webhooks", confirm=token))["active"]
        await waited(show, 6)
        await edits(show, lesson, Time="2026-12-05T15:00:00+07:00 - 2026-12-05T16:00:00+07:00")
        while (await show.http.get(f"{show.stage.sandbox.url}/sandbox/state")).json()["pending_webhooks"]:
            await show.world.settle()
        await waited(show, 1)
        second = await next_lesson(show)
        assert second != first
        # Nobody is told of this one: the look in turn finds it.
        await show.control("notion/webhooks", lose=1)
        await edits(show, lesson, Time="2026-11-24T07:30:00+07:00 - 2026-11-24T08:30:00+07:00")
        await waited(show, 6)
        third = await next_lesson(show)
        assert "24 November" in third and "07.30" in third.replace(":", ".")


async def test_a_row_not_in_order_is_said_in_the_ops_lane_once_and_by_the_doctor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async with showing(tmp_path, monkeypatch, **RECORDS) as show:
        await waited(show, 6)
        session = (await show.stage.wired.stored.schedule("st_rina", MONDAY)).sessions
        await edits(show, session[0].id, Coach="")
        await waited(show, 12)
        answer = await show.http.get(f"{show.stage.sandbox.url}/sandbox/telegram/chat/ops")
        posts = [message["text"] for message in answer.json()["messages"]]
        (post,) = [text for text in posts if "data siswa yang belum benar" in text]
        assert "Coach is empty" in post and "notion.so" in post
        found = list(students(show.stage.wired.settings))
        assert [one.state for one in found] == ["ok", "note"]
        assert "Coach is empty" in found[1].said


async def test_what_changes_here_is_written_there_within_a_minute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with showing(tmp_path, monkeypatch, **RECORDS) as show:
        await waited(show, 1)
        await show.stage.wired.database.submit(
            lambda tx: tx.execute("UPDATE students SET sessions_left = 77 WHERE id = 'st_rina'")
        )
        await waited(show, 1)
        answer = await show.http.get(
            f"{show.stage.sandbox.url}/sandbox/notion/rows", params={"database": "student"}
        )
        assert [row["Sessions left"] for row in answer.json()["rows"] if row["ID"] == "st_rina"] == ["77"]


async def test_while_notion_is_down_nothing_is_claimed_and_then_everybody_is_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with showing(tmp_path, monkeypatch, **RECORDS) as show:
        board = show.stage.wired.board
        await show.control("faults", target="notion", mode="down")
        for _ in range(60):
            if "schedule" in await board.down():
                break
            await show.passes(30)
        assert "schedule" in await board.down()
        assert "sedang kami cek lagi" in await next_lesson(show)
        await show.http.delete(f"{show.stage.sandbox.url}/sandbox/faults")
        for _ in range(60):
            if "schedule" not in await board.down():
                break
            await show.passes(30)
        await show.passes()
        rows = await show.stage.wired.journal.outbox(["accepted", "delivered", "read"])
        texts = [row.effect.text for row in rows if hasattr(row.effect, "text")]
        assert any("Terima kasih sudah menunggu" in text for text in texts)
