"""Every dependency down, slow, refusing, broken and cut short: noticed, said, waited for, and healed by itself.

A whole Loket and its sandbox over real HTTP, on a clock that the tests move.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.desk import Loaded, load_desk
from app.play_world import World
from app.script_steps import Step
from app.settings import ROOT, load
from app.stage import Stage, cache_of, open_stage

MONDAY = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
SETTINGS = load(ROOT / "config.yaml", {}).alone("school")
SHORT = {
    "whatsapp": SETTINGS.shared.whatsapp.model_copy(update={"timeout_seconds": 1.0}),
    "telegram": SETTINGS.shared.telegram.model_copy(update={"timeout_seconds": 1.0}),
}
# Nobody here waits longer than a second, so that being slow need not take long.
IMPATIENT = SETTINGS.model_copy(update={"shared": SETTINGS.shared.model_copy(update=SHORT)})
MODES = ("down", "slow", "429", "5xx", "bad_json", "half_body")
RINA = "ct_rina"
LOOKS = 60
# Longer than the way to a source may take, shorter than nobody would wait for.
SLOW_SECONDS = 3
# What must not be said while the source it is known from is out of reach.
CLAIMS = {"schedule": "26 November", "payments": "lunas"}
ASKED = {
    "schedule": "jadwal les aku kapan ya?",
    "payments": "pembayaran aku sudah masuk belum ya?",
    "knowledge": "harga paket berapa?",
    "model": "harga paket berapa?",
    "telegram": "harga paket berapa?",
    "whatsapp": "harga paket berapa?",
}


@dataclass(frozen=True, slots=True)
class Show:
    """A stage in the test's hand."""

    stage: Stage
    http: httpx.AsyncClient
    world: World

    async def control(self, path: str, **body: Any) -> None:
        answer = await self.http.post(f"{self.stage.sandbox.url}/sandbox/{path}", json=body)
        assert answer.status_code == 200, answer.text

    async def passes(self, seconds: float = 1.1) -> None:
        """Let time go by, and what follows from it happen."""
        self.stage.clock.advance(seconds)
        await self.world.settle()

    async def down(self) -> frozenset[str]:
        return await self.stage.wired.board.down()

    async def until_down(self, name: str, is_down: bool) -> None:
        for _ in range(LOOKS):
            if (name in await self.down()) == is_down:
                return
            await self.passes()
        raise AssertionError(
            f"{name}: {'never down' if is_down else 'never back'}, down are {await self.down()}"
        )

    async def says(self, text: str) -> None:
        """Let Rina write, and time for an answer go by."""
        await self.world.act(Step.model_validate({"say": text}))
        for _ in range(2):
            await self.passes()

    async def heard(self) -> list[str]:
        """Return what she has been sent."""
        return [m["text"] for m in await self.world.chat(RINA) if m["from"] == "business"]

    async def posts(self, lane: str) -> list[str]:
        """Return what a group reads."""
        return [m["text"] for m in (await self.world.lane(lane))["messages"] if m["from"].get("is_bot")]

    def steps(self, name: str) -> list[str]:
        """Return what has happened to a dependency's incidents."""
        rows = self.stage.wired.database.read(
            "SELECT what FROM incident_steps JOIN incidents ON incidents.id = incident_steps.incident_id"
            " WHERE incidents.name = ? AND what IN ('opened', 'closed') ORDER BY seq",
            (name,),
        )
        return [row["what"] for row in rows]


@pytest.fixture(scope="session")
def loaded() -> Loaded:
    return load_desk(SETTINGS, cache_of(SETTINGS))


@pytest.fixture
async def show(tmp_path: Path, loaded: Loaded) -> AsyncIterator[Show]:
    stage = await open_stage(IMPATIENT, tmp_path / "stage", freeze_at=MONDAY, loaded=loaded)
    async with httpx.AsyncClient(timeout=30, trust_env=False) as http:
        show = Show(stage, http, World(stage, http, RINA))
        await show.world.meet()
        await show.passes()
        yield show
    await stage.stop()


@pytest.mark.parametrize("name", sorted(ASKED))
async def test_it_is_noticed_in_every_form_and_heals_by_itself(show: Show, name: str) -> None:
    for round_, mode in enumerate(MODES, start=1):
        await show.control("faults", target=name, mode=mode, seconds=SLOW_SECONDS if mode == "slow" else 1)
        await show.until_down(name, True)
        before = len(await show.heard())
        await show.says(ASKED[name])
        said = (await show.heard())[before:]
        if name in CLAIMS:
            assert said and not any(CLAIMS[name] in text for text in said), (mode, said)
        elif name != "whatsapp":
            assert len(said) == 1, (mode, said)
        await show.http.delete(f"{show.stage.sandbox.url}/sandbox/faults", params={"target": name})
        await show.until_down(name, False)
        # A message whose answer was lost is proved or sent again within the window statuses have.
        await show.passes(seconds=3)
        answered = (await show.heard())[before:]
        assert len(answered) == (2 if name in CLAIMS else 1), (mode, answered)
        if name == "schedule":
            assert CLAIMS[name] in answered[-1]
        assert show.steps(name) == ["opened", "closed"] * round_, mode
    shown = [post for post in await show.posts("incident") if "pulih" in post]
    assert len(shown) == len(MODES)
