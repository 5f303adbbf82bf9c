"""The database takes no writes: full disk, another process's lock, no permission. Nothing is lost, and it heals."""

import asyncio
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from app.settings import ROOT
from store.database import Database
from store.errors import StoreFault
from tests.faults.disks import fill, locked, small_disk
from tests.faults.house import PRICES, RINA, House, open_house


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path / "home") as opened:
        yield opened


async def _refused_until_mended(
    house: House, code: str, mend: Callable[[], Awaitable[None]], text: str = PRICES
) -> None:
    """See the door refuse and say why; mended, see what was refused answered once and the lane told.

    Where only what is long is refused, what is short still gets through, and the server is ready for that.
    """
    await house.writes(RINA, text)

    async def refused() -> bool:
        return 503 in house.answers()

    await house.until(refused)
    status, why = await house.ready()
    assert status == 503 or text != PRICES
    assert code in why or text != PRICES
    assert house.count("SELECT COUNT(*) FROM inbox WHERE channel = 'whatsapp'") == 0
    await mend()

    async def told() -> bool:
        return bool(await house.heard(RINA)) and any(code in post for post in await house.lane("ops"))

    await house.until(told)
    assert await house.is_ready()
    assert len(await house.heard(RINA)) == 1
    assert house.answers()[-1] == 200
    assert house.count("SELECT COUNT(*) FROM inbox WHERE state = 'quarantined'") == 0


async def test_disk_full(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 8) as disk:
        if disk is None:
            # This user may not mount one; the test of a database that may not grow is what is left.
            return
        async with open_house(tmp_path / "home", disk / "loket.db") as house:
            ballast = fill(disk)
            await _refused_until_mended(house, "SQLITE_FULL", lambda: asyncio.to_thread(ballast.unlink))


async def test_disk_full_while_a_turn_is_in_hand(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 8) as disk:
        if disk is None:
            return
        async with open_house(tmp_path / "home", disk / "loket.db") as house:
            await house.writes(RINA, PRICES)

            async def stored() -> bool:
                return 200 in house.answers()

            await house.until(stored)
            ballast = fill(disk)

            async def often() -> bool:
                # Often enough for a message that is at fault to be given up, which this one is not.
                return house.stage.wired.database.stats.refused > 8

            await house.until(often)
            assert await house.heard(RINA) == []
            assert house.count("SELECT MAX(attempts) FROM inbox") == 0
            ballast.unlink()

            async def answered() -> bool:
                return bool(await house.heard(RINA)) and await house.is_ready()

            await house.until(answered)
            assert len(await house.heard(RINA)) == 1


async def test_a_database_that_may_not_grow(house: House) -> None:
    """The same where no small disk can be mounted: SQLite itself refuses to take another page."""
    database = house.stage.wired.database
    pages = database.read_one("PRAGMA page_count")
    assert pages is not None
    await database.submit(lambda tx: tx.one(f"PRAGMA max_page_count = {pages[0]}"))
    with pytest.raises(StoreFault, match="SQLITE_FULL"):
        while True:
            await database.submit(
                lambda tx: tx.execute(
                    "INSERT INTO measures (name, at, value, detail) VALUES ('', '', 0, ?)", ("x" * 50_000,)
                )
            )

    async def grow() -> None:
        await database.submit(lambda tx: tx.one("PRAGMA max_page_count = 1000000"))

    await _refused_until_mended(house, "SQLITE_FULL", grow, PRICES + " ya kak" * 1500)


async def test_locked_database(house: House) -> None:
    database = house.stage.wired.database
    await database.submit(lambda tx: tx.one("PRAGMA busy_timeout = 50"))
    with ExitStack() as other:
        other.enter_context(locked(database.path))

        async def released() -> None:
            await asyncio.to_thread(other.close)

        await _refused_until_mended(house, "SQLITE_BUSY", released)


async def test_read_only_database(house: House) -> None:
    """A connection that may only read: what SQLite does when the file system turns read-only under it."""
    # Nothing public changes the writer's connection once it may not write.
    connection = house.stage.wired.database._writer._connection
    connection.execute("PRAGMA query_only = ON")

    async def writable() -> None:
        connection.execute("PRAGMA query_only = OFF")

    await _refused_until_mended(house, "SQLITE_READONLY", writable)


def test_serve_refuses_a_database_it_may_not_write(tmp_path: Path) -> None:
    """A start of its own process, as a user to whom neither file nor folder belongs."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "loket.db"
        Database.open(path).close()
        path.chmod(0o444)
        Path(folder).chmod(0o555)
        done = subprocess.run(
            [sys.executable, "-c", OPEN_AS_NOBODY, str(path)], capture_output=True, text=True, cwd=ROOT
        )
        Path(folder).chmod(0o755)
    assert "SQLITE_READONLY" in done.stdout, done.stderr
    assert "give the process write permission" in done.stdout


OPEN_AS_NOBODY = """
import os, sys
from pathlib import Path
from store.database import Database
from store.errors import StoreFault
if os.geteuid() == 0:
    os.setuid(65534)
try:
    Database.open(Path(sys.argv[1]))
except StoreFault as error:
    print(error)
"""
