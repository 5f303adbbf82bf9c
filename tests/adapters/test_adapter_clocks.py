"""Three clocks, one port: what holds for one holds for all."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.clock import ManualClock, SharedFileClock, SystemClock
from casefile.errors import LoketError
from ports.clock import Clock
from sandbox.clock import SharedClock

START = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
FAR = START + timedelta(days=36500)


@pytest.fixture(params=["system", "file", "no_file", "manual"])
def clock(request: pytest.FixtureRequest, tmp_path: Path) -> Clock:
    path = tmp_path / "clock.json"
    if request.param == "file":
        SharedClock(path).freeze(START)
    clocks: dict[str, Clock] = {
        "system": SystemClock(),
        "file": SharedFileClock(path),
        "no_file": SharedFileClock(path),
        "manual": ManualClock(START),
    }
    return clocks[request.param]


async def test_now_is_utc_and_never_goes_back(clock: Clock) -> None:
    first, second = clock.now(), clock.now()
    assert first.tzinfo is UTC
    assert first <= second


async def test_a_moment_past_is_not_waited_for(clock: Clock) -> None:
    async with asyncio.timeout(10):
        await clock.wait_until(clock.now(), asyncio.Event())
        await clock.wait_until(START - timedelta(days=36500), asyncio.Event())


async def test_waking_ends_the_wait(clock: Clock) -> None:
    wake = asyncio.Event()
    waiting = asyncio.create_task(clock.wait_until(FAR, wake))
    await asyncio.sleep(0)
    assert not waiting.done()
    wake.set()
    async with asyncio.timeout(10):
        await waiting
        await clock.wait_until(FAR, wake)


async def test_a_moment_to_come_is_waited_for_in_real_time() -> None:
    for clock in (SystemClock(), SharedFileClock(Path("nowhere/clock.json"))):
        at = clock.now() + timedelta(milliseconds=5)
        async with asyncio.timeout(10):
            await clock.wait_until(at, asyncio.Event())
        assert clock.now() >= at


async def test_manual_clock_wakes_those_it_was_moved_past() -> None:
    clock = ManualClock(START)
    near = asyncio.create_task(clock.wait_until(START + timedelta(minutes=1), asyncio.Event()))
    far = asyncio.create_task(clock.wait_until(START + timedelta(minutes=5), asyncio.Event()))
    await asyncio.sleep(0)
    clock.advance(timedelta(minutes=1))
    await near
    assert not far.done()
    clock.advance(timedelta(minutes=4))
    await far
    assert clock.now() == START + timedelta(minutes=5)
    with pytest.raises(ValueError, match="forward"):
        clock.advance(timedelta(seconds=-1))


async def test_the_server_reads_what_the_sandbox_says(tmp_path: Path) -> None:
    path = tmp_path / "clock.json"
    theirs, ours = SharedClock(path), SharedFileClock(path)
    theirs.freeze(START)
    assert ours.now() == theirs.now() == START
    waiting = asyncio.create_task(ours.wait_until(START + timedelta(hours=1), asyncio.Event()))
    await asyncio.sleep(0)
    theirs.advance(3600)
    async with asyncio.timeout(10):
        await waiting
    assert ours.now() == START + timedelta(hours=1)
    theirs.flow()
    assert ours.now() >= START + timedelta(hours=1)


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", json.dumps({"mode": "fast", "virtual_epoch": 1, "real_epoch": 1})]
)
async def test_a_clock_file_that_says_nothing_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "clock.json"
    path.write_text(text)
    with pytest.raises(LoketError, match=r"clock\.json"):
        SharedFileClock(path).now()


async def test_a_clock_that_is_set_back_keeps_nobody_waiting_for_what_it_had_been_ahead(
    tmp_path: Path,
) -> None:
    told = iter([0.0, 0.0])
    system = SystemClock(lambda: next(told, -3600.0))
    shared = SharedFileClock(tmp_path / "clock.json")
    SharedClock(tmp_path / "clock.json").freeze(START)
    manual = ManualClock(START)
    waits = [
        asyncio.create_task(system.wait_until(datetime.fromtimestamp(0.01, UTC), asyncio.Event())),
        asyncio.create_task(shared.wait_until(FAR, asyncio.Event())),
        asyncio.create_task(manual.wait_until(FAR, asyncio.Event())),
    ]
    await asyncio.sleep(0)
    SharedClock(tmp_path / "clock.json").freeze(START - timedelta(hours=1))
    manual.set_back(timedelta(hours=1))
    async with asyncio.timeout(10):
        await asyncio.gather(*waits)
    assert shared.now() == manual.now() == START - timedelta(hours=1)
