"""Two desks in one process: one door and one bot, and nothing of one desk in the other's store."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.play_world import World
from app.service_keys import ServiceKey, new_key
from app.stage import Stage, open_stage
from store.database import Database
from tests.desks.deployment import two_desks
from tests.graph.whole import MONDAY, loaded

ADI = "+6281300001111"
Json = dict[str, Any]


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    opened = await open_stage(two_desks(), tmp_path / "stage", freeze_at=MONDAY, loaded=loaded())
    yield opened
    await opened.stop()


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(verify=False, timeout=10) as client:
        yield client


class Town:
    """The sandbox of both desks; `world` waits until nothing is left to do."""

    def __init__(self, stage: Stage, http: httpx.AsyncClient) -> None:
        self.stage = stage
        self._http = http
        self.world = World(stage, http, ADI)

    async def writes(self, text: str, business: str = "", sender: str = ADI) -> None:
        said = {"from": sender, "kind": "text", "text": text, "business": business}
        (await self._http.post(f"{self._at}/whatsapp/send", json=said)).raise_for_status()
        await self.world.collected()
        await self.world.settle()

    async def heard(self, business: str = "", sender: str = ADI) -> list[str]:
        chat = await self._http.get(f"{self._at}/whatsapp/chat/{sender}", params={"business": business})
        return [m["text"] for m in chat.json()["messages"] if m["from"] != "customer"]

    async def lane(self, name: str) -> list[str]:
        rows = (await self._http.get(f"{self._at}/telegram/chat/{name}")).json()["messages"]
        return [row["text"] for row in rows if row["from"].get("is_bot")]

    async def presses(self, lane: str, user_id: int, button: str) -> None:
        pressed = {"chat": lane, "user_id": user_id, "button": button}
        (await self._http.post(f"{self._at}/telegram/press", json=pressed)).raise_for_status()
        await self.world.settle()

    async def loses(self, name: str) -> None:
        """Let a system of record go, and be looked at until every desk has noticed."""
        broken = {"target": name, "mode": "down"}
        (await self._http.post(f"{self._at}/faults", json=broken)).raise_for_status()
        for _ in range(60):
            self.stage.clock.advance(1.1)
            await self.world.settle()
            told = await self.troubles()
            if len(told) == len(self.stage.server.desks):
                return
        raise AssertionError(f"not every desk has noticed: {told}")

    async def troubles(self) -> set[tuple[str, str]]:
        """Return what the page's banner is told: at which business what is out of order."""
        told = (await self._http.get(f"{self._at}/incidents")).json()["incidents"]
        return {(one["business"], one["name"]) for one in told}

    async def get(self, path: str) -> httpx.Response:
        return await self._http.get(f"{self.stage.server.url}{path}")

    def store(self, place: int) -> Database:
        return self.stage.server.desks[place].wired.database

    @property
    def _at(self) -> str:
        return f"{self.stage.sandbox.url}/sandbox"


@pytest.fixture
def town(stage: Stage, http: httpx.AsyncClient) -> Town:
    return Town(stage, http)


async def test_each_number_is_answered_by_its_own_desk(town: Town) -> None:
    await town.writes("harga paket les vokalnya berapa ya?")
    await town.writes("potong rambut dewasa berapa ya?", "barber")
    (school,), (barber,) = await town.heard(), await town.heard("barber")
    assert "Rp 1.400.000" in school
    assert "Rp 60.000" in barber
    for place, own in enumerate(("school", "barber")):
        rows = town.store(place).read("SELECT desk, account FROM conversations")
        assert [(row["desk"], row["account"]) for row in rows] == [(own, own)]
    assert {Path(town.store(place).path).name for place in (0, 1)} == {"loket.db", "loket-barber.db"}


async def test_a_decision_is_that_of_the_desk_whose_lane_it_is(town: Town) -> None:
    await town.writes("mau refund dong, uangku balikin", "barber")
    assert not await town.lane("coach")
    (asked,) = await town.lane("coach@barber")
    assert "PKS-2026-0001" in asked
    # The school's coach is nobody at the barber's.
    await town.presses("coach@barber", 710001, "Deny")
    decided = "SELECT state, decided_by FROM approvals"
    assert town.store(1).read(decided)[0]["state"] == "pending"
    await town.presses("coach@barber", 710091, "Deny")
    assert tuple(town.store(1).read(decided)[0]) == ("denied", "sf_made")
    assert not town.store(0).read(decided)
    assert len(await town.heard("barber")) == 2


async def test_a_delivery_with_both_numbers_in_it_reaches_both(town: Town) -> None:
    """One app has one callback address, and WhatsApp packs several numbers' news into one delivery."""
    sandbox = town.stage.sandbox.sandbox
    for number in sandbox.numbers.values():
        number.hooks.holding = True
    customer = sandbox.people.find(ADI)
    for number in sandbox.numbers.values():
        number.say(customer, {"kind": "text", "text": "halo"})
    first, second = (number.hooks for number in sandbox.numbers.values())
    first._held += second._held
    first.release(batch=2)
    await town.world.collected()
    await town.world.settle()
    assert "Suara Kita" in (await town.heard())[0]
    assert "Pangkas Sore" in (await town.heard("barber"))[0]


async def test_the_probes_speak_for_every_desk(town: Town) -> None:
    assert (await town.get("/readyz")).text == "ready\n"
    figures = (await town.get("/metrics")).text
    for desk in ("school", "barber"):
        assert f'loket_store_commits_total{{desk="{desk}"}}' in figures
    await town.stage.server.desks[1].engine.performer.stop()
    answer = await town.get("/readyz")
    assert answer.status_code == 503
    assert answer.text.startswith("barber: performer has ended")


async def test_a_service_key_opens_its_own_desk_and_no_other(tmp_path: Path, http: httpx.AsyncClient) -> None:
    key, made = new_key()
    (home, barber) = two_desks().desks[1]
    given = ServiceKey(name="till", sha256=made, scopes=frozenset({"contacts:read"}))
    keyed = (two_desks().desks[0], (home, barber.model_copy(update={"service_keys": (given,)})))
    settings = two_desks().model_copy(update={"desks": keyed})
    stage = await open_stage(settings, tmp_path / "keyed", freeze_at=MONDAY, loaded=loaded())
    try:
        at = f"{stage.server.url}/api/contacts/lookup"
        bearer = {"authorization": f"Bearer {key}"}
        assert (await http.get(at, params={"alias": "ct_wayan"})).status_code == 401
        assert (await http.get(at, params={"alias": "ct_wayan"}, headers=bearer)).json()["id"] == "ct_wayan"
        assert (await http.get(at, params={"alias": "ct_rina"}, headers=bearer)).status_code == 404
        described = (await http.get(f"{stage.server.url}/api/openapi.json")).json()
        assert described["servers"] == [{"url": "/api"}]
    finally:
        await stage.stop()


async def test_the_console_shows_each_desk_its_own_cases(town: Town) -> None:
    await town.writes("mau refund dong, uangku balikin", "barber")
    school = (await town.get("/console/api/cases")).json()
    barber = (await town.get("/console/of/barber/api/cases")).json()
    assert school["cases"] == []
    assert [case["id"] for case in barber["cases"]] == ["PKS-2026-0001"]
    assert (school["zone"], barber["zone"]) == ("Asia/Jakarta", "Asia/Makassar")
    assert [desk["title"] for desk in barber["desks"] if desk["here"]] == ["Pangkas Sore"]
    assert (await town.get("/console/of/barber/api/cases/PKS-2026-0001")).status_code == 200
    assert (await town.get("/console/api/cases/PKS-2026-0001")).status_code == 404


async def test_the_banner_is_told_of_the_trouble_of_every_desk(town: Town) -> None:
    await town.loses("schedule")
    titles = {desk.wired.desk_config.title for desk in town.stage.server.desks}
    assert await town.troubles() == {(title, "schedule") for title in titles}
