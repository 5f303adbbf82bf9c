"""What goes wrong on demand, and what has happened all the same."""

import asyncio
import json
from typing import Any

import httpx
import pytest
from sandbox_scenes import Client, Receiver

from sandbox.server import SandboxServer

RINA = "628110000001"


@pytest.fixture
async def open_chat(client: Client, receiver: Receiver) -> Client:
    await client.control("whatsapp/send", **{"from": "rina", "text": "Halo"})
    await receiver.until(lambda r: len(r.messages) == 1)
    return client


async def said_by_business(client: Client) -> list[str]:
    chat = await client.look("whatsapp/chat/rina")
    return [message["text"] for message in chat["messages"] if message["from"] == "business"]


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ({"mode": "5xx"}, 500, 1),
        ({"mode": "down"}, 503, 2),
        ({"mode": "429"}, 429, 130429),
        ({"mode": "error", "code": 131056}, 400, 131056),
    ],
)
async def test_a_refused_send_has_not_happened(
    open_chat: Client, fault: dict[str, Any], status: int, code: int
) -> None:
    await open_chat.control("faults", target="whatsapp", count=1, **fault)
    answer = await open_chat.text(RINA, "Halo")
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert await said_by_business(open_chat) == []
    assert (await open_chat.text(RINA, "Halo lagi")).is_success
    assert await said_by_business(open_chat) == ["Halo lagi"]


async def test_a_lost_answer_still_reports_its_key(
    open_chat: Client, receiver: Receiver, server: SandboxServer
) -> None:
    await open_chat.control("faults", target="whatsapp", mode="timeout_after_effect", count=1, seconds=60)
    async with httpx.AsyncClient(base_url=server.url, timeout=0.3, trust_env=False) as hasty:
        with pytest.raises(httpx.ReadTimeout):
            await Client(hasty).text(RINA, "Halo", biz_opaque_callback_data="case-1/1/0")
    await receiver.until(lambda r: len(r.statuses) == 3)
    assert receiver.statuses[0]["biz_opaque_callback_data"] == "case-1/1/0"
    assert await said_by_business(open_chat) == ["Halo"]


async def test_a_cut_connection_means_nothing_was_sent(open_chat: Client) -> None:
    await open_chat.control("faults", target="whatsapp", mode="cut", count=1)
    with pytest.raises(httpx.RemoteProtocolError):
        await open_chat.text(RINA, "Halo")
    assert await said_by_business(open_chat) == []


async def test_half_an_answer_and_a_broken_one_come_after_the_effect(open_chat: Client) -> None:
    await open_chat.control("faults", target="whatsapp", mode="half_body", count=1)
    with pytest.raises(httpx.RemoteProtocolError):
        await open_chat.text(RINA, "satu")
    await open_chat.control("faults", target="whatsapp", mode="bad_json", count=1)
    answer = await open_chat.text(RINA, "dua")
    assert answer.status_code == 200
    with pytest.raises(json.JSONDecodeError):
        answer.json()
    assert await said_by_business(open_chat) == ["satu", "dua"]


async def test_a_slow_answer_is_the_right_one(open_chat: Client) -> None:
    await open_chat.control("faults", target="whatsapp", mode="slow", count=1, seconds=0.05)
    assert (await open_chat.text(RINA, "Halo")).is_success


async def test_what_is_counted_is_met_before_what_lasts(open_chat: Client) -> None:
    await open_chat.control("faults", target="whatsapp", mode="slow", seconds=0.01)
    await open_chat.control("faults", target="whatsapp", mode="429", count=1)
    assert (await open_chat.text(RINA, "Halo")).status_code == 429
    assert (await open_chat.text(RINA, "Halo")).is_success
    await open_chat.control("faults", target="whatsapp", mode="5xx")
    assert (await open_chat.text(RINA, "Halo")).status_code == 500


async def test_a_send_may_fail_only_later(open_chat: Client, receiver: Receiver) -> None:
    await open_chat.control("faults", target="whatsapp", mode="failed_status", code=131047, count=1)
    assert (await open_chat.text(RINA, "Halo")).is_success
    await receiver.until(lambda r: len(r.statuses) == 1)
    assert (receiver.statuses[0]["status"], receiver.statuses[0]["errors"][0]["code"]) == ("failed", 131047)


async def test_a_fault_for_sends_is_not_eaten_by_a_read_mark(open_chat: Client, receiver: Receiver) -> None:
    await open_chat.control("faults", target="whatsapp", mode="5xx", count=1)
    mark = {"status": "read", "message_id": receiver.messages[0]["id"]}
    assert (await open_chat.post(mark)).is_success
    assert (await open_chat.text(RINA, "Halo")).status_code == 500
    await open_chat.control("faults", target="whatsapp", mode="5xx", count=1, op="read")
    assert (await open_chat.post(mark)).status_code == 500


async def test_down_lasts_until_mended_and_shows(open_chat: Client) -> None:
    assert (await open_chat.control("dependencies", name="whatsapp", up=False))["down"] == ["whatsapp"]
    for _ in range(3):
        assert (await open_chat.text(RINA, "Halo")).status_code == 503
    assert (await open_chat.control("dependencies", name="whatsapp", up=True))["down"] == []
    assert (await open_chat.text(RINA, "Halo")).is_success


async def test_the_servers_own_sources_answer_until_they_are_broken(client: Client) -> None:
    async def status(name: str) -> int:
        return (await client.http.get(f"/sources/{name}")).status_code

    assert (await client.http.get("/sources/schedule")).json() == {"name": "schedule", "up": True}
    await client.control("dependencies", name="schedule", up=False)
    await client.control("faults", target="payments", mode="429", seconds=7)
    assert (await status("schedule"), await status("payments"), await status("model")) == (503, 429, 200)
    assert (await client.look("state"))["down"] == ["payments", "schedule"]
    await client.http.delete("/sandbox/faults", params={"target": "payments"})
    assert (await status("schedule"), await status("payments")) == (503, 200)
    await client.control("dependencies", name="schedule", up=True)
    assert await status("schedule") == 200 and (await client.look("state"))["down"] == []
    assert await status("moon") == 404
    for path, body in (
        ("dependencies", {"name": "moon", "up": False}),
        ("faults", {"target": "moon", "mode": "down"}),
    ):
        assert (await client.http.post(f"/sandbox/{path}", json=body)).status_code == 400


async def test_stopping_wakes_whoever_waits(settings: Any, clock: Any) -> None:
    server = SandboxServer(settings, clock)
    await server.start()
    async with httpx.AsyncClient(base_url=server.url, timeout=60, trust_env=False) as http:
        poll = f"/telegram/bot{settings.telegram.bot_token}/getUpdates"
        waiting = [
            asyncio.create_task(http.get("/sandbox/events", params={"after": 99, "wait": 55})),
            asyncio.create_task(http.get(poll, params={"timeout": 50})),
        ]
        await http.get("/sandbox/clock")
        await server.stop()
        answers = await asyncio.gather(*waiting)
    assert [answer.status_code for answer in answers] == [200, 200]
