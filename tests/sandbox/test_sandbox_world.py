"""The clock, the receipts and the program itself."""

import asyncio
import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sandbox_scenes import Client

from sandbox.clock import ClockState, SharedClock
from sandbox.receipts import ReceiptLog

ROOT = Path(__file__).parents[2]
AT = datetime(2026, 3, 2, 8, 1, tzinfo=UTC)


def test_two_holders_of_the_file_are_told_the_same_time(tmp_path: Path) -> None:
    ours, theirs = SharedClock(tmp_path / "clock.json"), SharedClock(tmp_path / "clock.json")
    ours.freeze(AT)
    assert theirs.now() == ours.now() == AT
    ours.advance(59)
    assert theirs.now() == AT + timedelta(seconds=59)
    theirs.advance(1)
    assert (ours.now(), ours.mode) == (AT + timedelta(minutes=1), "frozen")


def test_flowing_time_goes_on_from_where_it_was(tmp_path: Path) -> None:
    clock = SharedClock(tmp_path / "clock.json")
    clock.freeze(AT)
    clock.flow()
    first = clock.now()
    assert (clock.mode, first >= AT, clock.now() >= first) == ("flowing", True, True)
    clock.advance(3600)
    assert clock.now() >= AT + timedelta(hours=1)


def test_time_never_goes_back_and_a_fresh_clock_tells_the_real_one(tmp_path: Path) -> None:
    clock = SharedClock(tmp_path / "state" / "clock.json")
    assert abs(clock.now() - clock.wall()) < timedelta(minutes=1)
    with pytest.raises(ValueError, match="only moves forward"):
        clock.advance(-1)


def test_the_file_is_as_documented(tmp_path: Path) -> None:
    SharedClock(tmp_path / "clock.json").freeze(AT)
    held = json.loads((tmp_path / "clock.json").read_text())
    assert (held["mode"], held["virtual_epoch"]) == ("frozen", AT.timestamp())
    assert held.keys() == ClockState.model_fields.keys()
    assert [path.name for path in tmp_path.iterdir()] == ["clock.json"]


async def test_the_clock_is_moved_over_http(client: Client, clock: SharedClock) -> None:
    assert await client.control("clock", freeze_at="2026-03-02T15:01:00+07:00") == {
        "now": "2026-03-02T08:01:00+00:00",
        "mode": "frozen",
    }
    await client.control("clock", advance_seconds=900)
    assert clock.now() == AT + timedelta(minutes=15)
    assert (await client.control("clock", flow=True))["mode"] == "flowing"
    assert (
        await client.http.post("/sandbox/clock", json={"freeze_at": "2026-03-02T15:01:00"})
    ).status_code == 422


async def test_events_wait_for_the_first_new_one(client: Client) -> None:
    before = (await client.look("state"))["seq"]
    waiting = asyncio.create_task(client.look("events", after=before, wait=30))
    await client.control("clock", advance_seconds=1)
    told = await waiting
    assert [event["kind"] for event in told["events"]] == ["clock"]
    assert told["last"] == before + 1
    assert (await client.look("events", after=told["last"], wait=0))["events"] == []


async def test_receipts_go_on_after_a_restart_and_drop_a_torn_line(
    tmp_path: Path, clock: SharedClock
) -> None:
    path = tmp_path / "log.jsonl"
    first = ReceiptLog(path, clock)
    first.write("a", n=1)
    first.write("b", words="é")
    first.close()
    path.write_bytes(path.read_bytes() + b'{"seq": 3, "ki')
    second = ReceiptLog(path, clock)
    assert [receipt["kind"] for receipt in second.after(0)] == ["a", "b"]
    second.write("c")
    second.close()
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [(line["seq"], line["kind"]) for line in lines] == [(1, "a"), (2, "b"), (3, "c")]


async def test_it_runs_as_a_process_of_its_own(tmp_path: Path) -> None:
    settings: dict[str, Any] = {
        "wa": {
            "app_secret": "s", "verify_token": "v", "access_token": "t", "phone_number_id": "1",
            "display_number": "62215000",
        },
        "telegram": {"bot_token": "1:x", "lanes": {"ops": -1}},
        "personas": [{"key": "rina", "name": "Rina", "phone": "+628110000001"}],
    }  # fmt: skip
    (tmp_path / "settings.json").write_text(json.dumps(settings))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sandbox", "--port", "0", "--state", str(tmp_path / "state"),
        "--log", str(tmp_path / "receipts.jsonl"), "--settings", str(tmp_path / "settings.json"),
        cwd=ROOT, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout
    told = json.loads(await process.stdout.readline())
    async with httpx.AsyncClient(base_url=told["url"], trust_env=False) as http:
        people = (await http.get("/sandbox/people")).json()
        assert people["personas"][0]["name"] == "Rina"
        assert (await http.get("/")).headers["content-type"].startswith("text/html")
    process.terminate()
    assert await process.wait() == 0
    assert (tmp_path / "state" / "clock.json").exists()
