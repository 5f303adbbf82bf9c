"""kill -9 at every step of a move's way to Notion: gone on with by another process, it is there once."""

import asyncio
import json
import sys
from pathlib import Path

import pytest
from services_scenes import NOW, School, move
from sheet_scenes import SheetSchool, in_notion

from app.settings import ROOT
from store.database import Database

HERE = Path(__file__).parent


async def met(sheet: SheetSchool) -> None:
    """Wait until the process has come to the step at which it is held."""
    after = 0
    while True:
        answer = await sheet.http.get("/sandbox/events", params={"after": after, "wait": 10})
        told = answer.json()
        if any(event["kind"] == "fault.met" for event in told["events"]):
            return
        after = told["last"]


@pytest.mark.parametrize(
    ("op", "mode"),
    [
        ("page", "slow"),
        ("create", "slow"),
        ("create", "timeout_after_effect"),
        ("update", "slow"),
        ("update", "timeout_after_effect"),
    ],
)
async def test_a_process_killed_on_the_way_leaves_one_move(tmp_path: Path, op: str, mode: str) -> None:
    path = tmp_path / "loket.db"
    school = await School(Database.open(path)).open(tmp_path / "records")
    async with in_notion(school, tmp_path) as sheet:
        await sheet.mirror.look(NOW)
        settings = {**sheet.settings.model_dump(mode="json"), "timeout_seconds": 60}
        # The first page that is asked for is the student's, as the move is prepared; nothing is begun then.
        await sheet.control("faults", target="notion", op=op, mode=mode, count=1, seconds=60)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, str(HERE / "sheet_mover.py"), str(path), json.dumps(settings)),
            env={"PYTHONPATH": f"{ROOT}:{HERE}", "PATH": ""},
        )
        await met(sheet)
        process.kill()
        assert await process.wait() == -9
        await sheet.http.delete("/sandbox/faults")
        result = await school.operations.execute(move())
        assert result.status == "SUCCESS", result.details
        keyed = [row["ID"] for row in await sheet.rows("session") if row["Loket key"] == "k1"]
        lines = [row for row in await sheet.rows("reschedule") if row["Loket key"] == "k1"]
        assert (sorted(keyed), len(lines)) == (["ss_rina_1", "ss_rina_1-r1"], 1)
        assert len(school.database.read("SELECT 1 FROM reschedules WHERE id = 'k1'")) == 1
    school.database.close()
