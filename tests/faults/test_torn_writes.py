"""A process killed in the middle of a write, a log torn in the middle of a frame, a page of rubbish."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli.main import main
from app.settings import ROOT
from store.database import Database
from store.errors import StoreFault

ADD = "INSERT INTO gaps (key, case_id, question, language, at) VALUES (?, '', ?, 'id', '')"
# Commits row after row, and says so of each only once the database has.
WRITER = f"""
import asyncio, sys
from pathlib import Path
from store.database import Database

async def write():
    database = Database.open(Path(sys.argv[1]))
    number = 0
    while True:
        number += 1
        row = (f"{{number:06d}}", "x" * 3000)
        await database.submit(lambda tx: tx.execute({ADD!r}, row))
        print(number, flush=True)

asyncio.run(write())
"""
FRAME_HEADER, LOG_HEADER = 24, 32


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """A database whose writer was killed with SIGKILL, and how many rows it had promised."""
    path = tmp_path_factory.mktemp("killed") / "loket.db"
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, cwd=ROOT)
    assert writer.stdout is not None
    promised = 0
    while promised < 60:
        promised = int(writer.stdout.readline())
    os.kill(writer.pid, signal.SIGKILL)
    for line in writer.stdout:
        promised = int(line)
    writer.wait()
    writer.stdout.close()
    return path, promised


def _copy(killed: Path, folder: Path) -> Path:
    for file in killed.parent.iterdir():
        # What the processes shared in memory is made anew from the log, as after a loss of power.
        if not file.name.endswith("-shm"):
            shutil.copy(file, folder / file.name)
    return folder / killed.name


async def _rows(path: Path) -> list[int]:
    """Open it, see that it can be written, and return the rows that are there."""
    database = Database.open(path)
    found = [int(row["key"]) for row in database.read("SELECT key FROM gaps ORDER BY key")]
    await database.submit(lambda tx: tx.execute(ADD, ("999999", "")))
    assert [tuple(row) for row in database.read("PRAGMA quick_check")] == [("ok",)]
    database.close()
    return found


async def test_killed_in_the_middle_of_a_write(killed: tuple[Path, int], tmp_path: Path) -> None:
    rows = await _rows(_copy(killed[0], tmp_path))
    assert rows == list(range(1, len(rows) + 1))
    assert len(rows) >= killed[1]


async def test_torn_write_half_a_frame_behind_the_last_commit(
    killed: tuple[Path, int], tmp_path: Path
) -> None:
    path = _copy(killed[0], tmp_path)
    log = path.with_name(f"{path.name}-wal")
    with log.open("ab") as file:
        file.write(log.read_bytes()[LOG_HEADER : LOG_HEADER + FRAME_HEADER + 2000])
    rows = await _rows(path)
    assert len(rows) >= killed[1]


@pytest.mark.parametrize("lost", [1, 2000, 4096 + FRAME_HEADER, 40_000])
async def test_torn_write_a_log_cut_short_opens_at_a_commit_before(
    killed: tuple[Path, int], tmp_path: Path, lost: int
) -> None:
    """What the disk itself has lost nobody has; what is left is whole, and work goes on from there."""
    path = _copy(killed[0], tmp_path)
    log = path.with_name(f"{path.name}-wal")
    os.truncate(log, log.stat().st_size - lost)
    rows = await _rows(path)
    assert rows == list(range(1, len(rows) + 1))
    assert killed[1] - 40 < len(rows)


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    """A home whose database has a page of rubbish in the middle."""
    path = tmp_path / "loket.db"
    Database.open(path).close()
    with path.open("r+b") as file:
        file.seek(4096 * (path.stat().st_size // 4096 // 2))
        file.write(os.urandom(4096))
    return tmp_path


def test_corrupted_page_is_refused_by_serve(damaged: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = damaged / "config.yaml"
    told = (ROOT / "config.yaml").read_text(encoding="utf-8")
    shutil.copytree(ROOT / "desks", damaged / "desks")
    config.write_text(told.replace("path: var/loket.db", f"path: {damaged / 'loket.db'}"), encoding="utf-8")
    assert main(["serve", "--config", str(config)]) == 2
    said = capsys.readouterr().err
    assert "is damaged" in said
    assert "restore the file from a copy" in said


def test_corrupted_page_is_named_by_doctor(damaged: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--home", str(damaged)]) == 1
    said = " ".join(capsys.readouterr().out.split())
    assert "is damaged" in said or "SQLITE_CORRUPT" in said
    assert "restore" in said


async def test_corrupted_page_found_while_running_is_no_messages_fault(tmp_path: Path) -> None:
    database = Database.open(tmp_path / "loket.db")
    for number in range(200):
        await database.submit(lambda tx, key=number: tx.execute(ADD, (str(key), "x" * 3000)))
    database.close()
    path = tmp_path / "loket.db"
    with path.open("r+b") as file:
        file.seek(path.stat().st_size - 4096 * 120)
        file.write(os.urandom(4096 * 100))
    opened = Database.open(path)
    with pytest.raises(StoreFault, match="SQLITE_CORRUPT"):
        opened.read("SELECT * FROM gaps")
    assert opened.stats.trouble is not None
    opened.close()
