"""A whole Loket whose school writes its pages in Notion, and people who change them there."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from app.cli.main import main
from app.desk import Loaded, load_desk
from app.play_world import World
from app.script_steps import Step
from app.settings import ROOT, Settings, load
from app.stage import Stage, cache_of, open_stage, overridden
from casefile.effects import SendMessage

MONDAY = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
RINA = "ct_rina"
DATABASE = "2f26ee68df304251aad48ddc420cba3d"
TOKEN = "sandbox-notion-token"
NOTION = {"knowledge": {"source": "notion", "database_id": DATABASE}}
SETTINGS = load(ROOT / "config.yaml", {}).alone("school")


def in_notion(settings: Settings) -> Settings:
    """Return the settings of the school with its pages in Notion."""
    home, config = settings.desks[0]
    changed: Any = NOTION
    return settings.model_copy(update={"desks": ((home, overridden(config, changed)),)})


def loaded(settings: Settings) -> Loaded:
    """Return what the school reads of its files; the trained reader is shared, so that nothing is trained again."""
    return load_desk(settings, cache_of(SETTINGS))


@dataclass(frozen=True, slots=True)
class Show:
    """A stage in the test's hand, and a config for commands that work on it."""

    stage: Stage
    http: httpx.AsyncClient
    world: World
    config: Path

    async def control(self, path: str, **body: Any) -> dict[str, Any]:
        """Post to the sandbox's control address."""
        answer = await self.http.post(f"{self.stage.sandbox.url}/sandbox/{path}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def edits(self, topic: str, text: str | None = None, **properties: Any) -> None:
        """Let somebody change a page in Notion."""
        change = {"topic": topic, "properties": properties}
        await self.control("notion/page", **change, **({} if text is None else {"text": text}))

    async def passes(self, seconds: float = 1.1) -> None:
        """Let time go by, and what follows from it happen."""
        self.stage.clock.advance(seconds)
        await self.world.settle()

    async def asks(self, text: str) -> SendMessage:
        """Let Rina ask, and return the answer as it is in the ledger."""
        await self.world.act(Step.model_validate({"say": text}))
        for _ in range(2):
            await self.passes()
        rows = await self.stage.wired.journal.outbox(["accepted", "delivered", "read"])
        return [row.effect for row in rows if isinstance(row.effect, SendMessage)][-1]

    async def loket(self, *words: str) -> int:
        """Run the real command beside the server."""
        at = ("--config", str(self.config), "--home", str(self.stage.home))
        return await asyncio.to_thread(main, [*words, *at])


def config_for(stage: Stage, folder: Path) -> Path:
    """Write a config whose school writes in the stage's Notion."""
    folder.mkdir()
    shared = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
    shared["notion"] = {"base_url": f"{stage.sandbox.url}/notion", "timeout_seconds": 3}
    config = folder / "config.yaml"
    config.write_text(yaml.safe_dump(shared, allow_unicode=True), encoding="utf-8")
    shutil.copytree(ROOT / "desks", folder / "desks")
    desk = folder / "desks" / "school" / "desk.yaml"
    told = yaml.safe_load(desk.read_text(encoding="utf-8"))
    desk.write_text(yaml.safe_dump(told | NOTION, allow_unicode=True), encoding="utf-8")
    # The trained reader is shared, so that nothing is trained again.
    (folder / "var").mkdir()
    (folder / "var" / "understanding").symlink_to(SETTINGS.cache.resolve())
    return config


@asynccontextmanager
async def showing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings = SETTINGS, **desk: Any
) -> AsyncIterator[Show]:
    """Open a stage whose pages lie in Notion."""
    monkeypatch.setenv("LOKET_NOTION_TOKEN", TOKEN)
    ours = in_notion(settings)
    stage = await open_stage(ours, tmp_path / "stage", freeze_at=MONDAY, desk=desk, loaded=loaded(ours))
    try:
        async with httpx.AsyncClient(timeout=30, trust_env=False) as http:
            world = World(stage, http, RINA)
            await world.meet()
            yield Show(stage, http, world, config_for(stage, tmp_path / "config"))
    finally:
        await stage.stop()
