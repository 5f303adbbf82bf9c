"""An outside AI answers into a conversation: once, checked like our own words, never against a person."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.play_world import World
from app.service_keys import ServiceKey
from app.settings import ROOT, load
from app.stage import Stage, open_stage
from tests.api.api_scenes import ALL, HASH, KEY
from tests.graph.whole import MONDAY, loaded

RINA, SESSION = "+6281200001001", "wa-school-ct_rina"
Json = dict[str, Any]


class Desk:
    """The school at work, and a system with a key to it."""

    def __init__(self, stage: Stage, http: httpx.AsyncClient) -> None:
        self.stage, self.http = stage, http
        self.world = World(stage, http, RINA)

    async def hears(self, text: str) -> None:
        said = {"from": RINA, "kind": "text", "text": text}
        await self.http.post(f"{self.stage.sandbox.url}/sandbox/whatsapp/send", json=said)
        await self.world.collected()
        await self.world.settle()

    async def say(self, message_id: str, text: str, session_id: str = SESSION) -> httpx.Response:
        body = {"session_id": session_id, "message_id": message_id, "text": text, "metadata": {"model": "x"}}
        answer = await self.http.post(f"{self.stage.server.url}/api/messages", json=body)
        await self.world.settle()
        return answer

    async def became(self, message_id: str) -> Json:
        told: Json = (await self.http.get(f"{self.stage.server.url}/api/messages/{message_id}")).json()
        return told

    async def said(self) -> list[str]:
        return [m["text"] for m in await self.world.chat(RINA) if m["from"] != "customer"]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    settings = load(ROOT / "config.yaml", {}).alone("school")
    key = ServiceKey(name="outside-ai", sha256=HASH, scopes=ALL)
    (home, school) = settings.desks[0]
    keyed = settings.model_copy(
        update={"desks": ((home, school.model_copy(update={"service_keys": (key,)})),)}
    )
    stage = await open_stage(keyed, tmp_path / "stage", freeze_at=MONDAY, loaded=loaded())
    headers = {"authorization": f"Bearer {KEY}"}
    async with httpx.AsyncClient(verify=False, timeout=10, headers=headers) as http:
        yield Desk(stage, http)
    await stage.stop()


async def test_words_leave_once_as_our_own(desk: Desk) -> None:
    await desk.hears("halo kak")
    before = len(await desk.said())
    for _ in range(2):
        answer = await desk.say("reply-0001", "Siap, Kak. Ada lagi yang bisa kami bantu?")
        assert answer.status_code == 202
    assert (await desk.said())[before:] == ["Siap, Kak. Ada lagi yang bisa kami bantu?"]
    assert (await desk.became("reply-0001"))["state"] in {"sent", "delivered", "read"}
    (row,) = desk.stage.wired.database.read("SELECT author FROM transcript WHERE text LIKE 'Siap, Kak. Ada%'")
    assert row["author"] == "B"


async def test_what_no_fact_bears_out_is_kept_back_and_a_person_sees_the_case(desk: Desk) -> None:
    await desk.hears("halo kak")
    answer = await desk.say("reply-0002", "Sesi Kakak berikutnya Minggu, 6 Desember 2026 pukul 09.15 WIB ya.")
    assert answer.status_code == 202
    assert not [text for text in await desk.said() if "6 Desember" in text]
    assert (await desk.became("reply-0002"))["state"] == "held"
    refused = await desk.say("reply-0003", "Refund Kakak pasti cair besok, dijamin!")
    assert refused.status_code in {409, 422}


async def test_a_person_s_case_and_an_unknown_conversation_take_no_words(desk: Desk) -> None:
    assert (await desk.say("reply-0004", "Halo, Kak.", "wa-school-ct_nobody")).status_code == 404
    assert (await desk.say("reply-0005", "Halo, Kak.")).status_code == 404
    await desk.hears("mau refund dong, uangku balikin")
    before = await desk.said()
    answer = await desk.say("reply-0006", "Halo, Kak.")
    assert answer.status_code == 409
    assert "a person decides" in answer.json()["detail"]
    assert await desk.said() == before


async def test_while_a_person_has_the_conversation_nobody_else_speaks(desk: Desk) -> None:
    await desk.hears("halo kak")
    tari = next(p for p in await desk.stage.wired.stored.staff() if p.id == "sf_tari")
    await desk.stage.server.staff.takeovers.take(SESSION, "test", tari, "cli:sf_tari")
    await desk.world.settle()
    answer = await desk.say("reply-0007", "Halo, Kak.")
    assert answer.status_code == 409
    assert "taken this conversation over" in answer.json()["detail"]
