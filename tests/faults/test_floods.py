"""Very much at once: long messages, large deliveries, one number's ten thousand messages, five hundred customers."""

import asyncio
import json
import resource
import sys
import time
from datetime import timedelta

import httpx
import pytest

from casefile.events import Client, MessageReceived
from casefile.records import Alias
from gateway.door import BODY_BYTES, Probes, build_door
from store.inbox import AT_ONCE
from tests.gateway_door.serving import Door, Server, Surroundings, whatsapp_channel
from tests.gateway_engine.room import BUDI, RINA, Room

STORY = "kemarin aku cerita ke teman kantor soal acara keluarga di luar kota, seru banget pokoknya. "
HOSTILE = {
    "dots": "a.",
    "dashes": "x-",
    "digits": "1 ",
    "words": "kata",
    "numbers": "08123456789 ",
    "bills": "INV-2026-1019-001 ",
    "lines": "\n",
    "marks": "😀",
}


async def test_very_long_message_beyond_what_whatsapp_sends_is_read_to_its_end(room: Room) -> None:
    await room.start()
    await room.answered(RINA, STORY * 60 + "jadi, aku mau refund aja, uangku balikin")
    assert len(STORY * 60) > 4096
    assert room.rows("SELECT state FROM cases")[0]["state"] == "awaiting_approval"


async def test_very_long_message_of_a_hundred_thousand_characters_is_read_by_a_person(room: Room) -> None:
    await room.start()
    said = (STORY * 2000)[:99_950] + "mau refund, uangku balikin"
    await room.answered(RINA, said)
    (case,) = room.rows("SELECT state, owner, body FROM cases")
    assert case["state"] == "with_person"
    assert len(case["body"]) < 10_000
    assert len(room.phones.sent) == 1
    assert room.rows("SELECT text FROM transcript WHERE direction = 'in'")[0]["text"] == said
    (post,) = room.lanes.in_thread("handover:")
    assert len(post.html) <= 4096


async def test_very_long_message_with_a_risk_in_it_goes_where_the_risk_goes(room: Room) -> None:
    await room.start()
    await room.answered(RINA, "mau refund, uangku balikin. " + STORY * 1200)
    assert room.rows("SELECT state FROM cases")[0]["state"] == "awaiting_approval"


@pytest.mark.parametrize("kind", HOSTILE)
async def test_very_long_message_made_to_be_slow_to_read(room: Room, kind: str) -> None:
    await room.start()
    async with asyncio.timeout(15):
        await room.answered(RINA, HOSTILE[kind] * (100_000 // len(HOSTILE[kind])))
    await room.answered(BUDI, "harga paket berapa?")
    assert room.phones.sent[-1].template.startswith("faq_answer")
    assert room.rows("SELECT 1 FROM inbox WHERE state <> 'read'") == []


async def test_a_delivery_of_three_megabytes_is_taken_whole(room: Room) -> None:
    await room.start()
    around = Surroundings()
    app = build_door(
        room.wired.journal,
        {"whatsapp/school": (whatsapp_channel(), "school")},
        room.intake.received,
        Probes(ready=around.ready, samples=around.samples),
        room.clock,
    )
    server = Server(app)
    await server.start()
    async with httpx.AsyncClient(verify=False, base_url=server.url) as http:
        assert (await Door(http, around).deliver(_delivery(BODY_BYTES))).status_code == 200
    await server.stop()
    assert room.rows("SELECT COUNT(*) AS n FROM inbox")[0]["n"] == 700
    await room.passes(seconds=30)
    assert room.rows("SELECT 1 FROM inbox WHERE state <> 'read'") == []
    assert room.rows("SELECT COUNT(*) AS n FROM transcript WHERE direction = 'in'")[0]["n"] == 700


async def test_ten_thousand_messages_from_one_number(room: Room) -> None:
    await room.start()
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(20):
        messages = [room.message(RINA, f"halo kak, ini pesan ke-{number}") for number in range(500)]
        await room.intake.received(await room.wired.journal.receive(messages))
        await room.passes(seconds=1)
    await room.hears(BUDI, "harga paket berapa?")
    await room.passes(seconds=1.2)
    assert len(room.phones.texts("wa-school-ct_budi")) == 1
    await room.passes(seconds=30)
    took = time.perf_counter() - began
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    turns = room.rows(
        "SELECT turn_id, COUNT(*) AS n FROM inbox WHERE conversation_id LIKE '%rina' GROUP BY turn_id"
    )
    assert sum(row["n"] for row in turns) == 10_000
    assert max(row["n"] for row in turns) <= AT_ONCE
    assert len(turns) <= 12
    assert room.rows("SELECT COUNT(DISTINCT text) AS n FROM transcript WHERE direction = 'in'")[0]["n"] == 501
    assert room.rows("SELECT COUNT(*) AS n FROM transcript WHERE direction = 'in'")[0]["n"] == 10_001
    assert len(room.lanes.in_thread("flood:")) == 1
    assert len(room.phones.sent) <= 12
    sys.stdout.write(
        f"10,000 messages of one number: {took:.1f} s, {len(turns)} turns, {grown:.0f} MB more\n"
    )


async def test_five_hundred_customers_at_once(room: Room) -> None:
    await room.start()
    began = time.perf_counter()
    received = await room.wired.journal.receive([_stranger(room, number) for number in range(500)])
    await room.intake.received(received)
    room.clock.advance(timedelta(seconds=1.2))
    async with asyncio.timeout(120):
        while len(room.phones.sent) < 500:
            await room.clock.news.wait()
            room.clock.news.clear()
    took = time.perf_counter() - began
    await room.rests()
    assert len(room.phones.sent) == 500
    assert len({message.conversation_id for message in room.phones.sent}) == 500
    assert {row["state"] for row in room.rows("SELECT state FROM inbox")} == {"read"}
    sys.stdout.write(f"500 customers at once: {took:.1f} s until the last was answered\n")


def _stranger(room: Room, number: int) -> MessageReceived:
    phone = f"+6281390{number:06d}"
    event = room.message(RINA, "harga paket berapa?")
    client = Client(phone=phone, display_name=f"Kak {number}", aliases=(Alias(kind="phone", value=phone),))
    return event.model_copy(update={"client": client})


def _delivery(size: int) -> bytes:
    """A delivery of exactly this many bytes: as many messages of the longest text as fit, then blanks."""
    messages = [
        {
            "from": f"62813900{number % 3:05d}",
            "id": f"wamid.big.{number}",
            "timestamp": "1795230000",
            "type": "text",
            "text": {"body": "kabar " * 680},
        }
        for number in range(700)
    ]
    value = {"metadata": {"phone_number_id": "55501"}, "contacts": [], "messages": messages}
    body = json.dumps(
        {"object": "whatsapp_business_account", "entry": [{"changes": [{"value": value}]}]}
    ).encode()
    assert size * 0.9 < len(body) <= size
    return body + b" " * (size - len(body))
