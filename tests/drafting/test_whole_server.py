"""A whole Loket and its sandbox over real HTTP: a customer on WhatsApp, with the sandbox's model in each mood."""

from pathlib import Path

import httpx

from app.desk import load_desk
from app.play_world import World
from app.script_steps import Step
from app.settings import ROOT, ModelConfig, load
from app.stage import cache_of, open_stage
from tests.graph.whole import MONDAY

RINA = "ct_rina"
KIND = "Semoga membantu ya, Kak."
CONFIG = {
    "provider": "openai",
    "models": {"sandbox-small": {"input": 2_500, "output": 10_000}},
    "tasks": {
        name: {"model": "sandbox-small", "timeout_seconds": 60}
        for name in ("draft", "draft_sensitive", "repair")
    },
}


async def test_a_customer_hears_a_good_draft_a_mended_one_and_never_a_bad_one(tmp_path: Path) -> None:
    base = load(ROOT / "config.yaml", {}).alone("school")
    shared = base.shared.model_copy(update={"model": ModelConfig.model_validate(CONFIG)})
    settings = base.model_copy(update={"shared": shared})
    loaded = load_desk(settings, cache_of(settings))
    stage = await open_stage(settings, tmp_path / "stage", freeze_at=MONDAY, loaded=loaded)
    async with httpx.AsyncClient(timeout=30, trust_env=False) as http:
        world = World(stage, http, RINA)
        await world.meet()
        answers: list[str] = []
        # Three ways to ask, for the same question is paid for only once.
        for temper, words in (
            ({"mood": "honest"}, "jadwal les aku kapan ya?"),
            ({"answers": ["Sesinya besok jam 9 pagi!"]}, "kapan jadwal les berikutnya?"),
            ({"mood": "hostile"}, "les aku berikutnya kapan kak?"),
        ):
            set_ = await http.post(f"{stage.sandbox.url}/sandbox/model", json=temper)
            assert set_.status_code == 200, set_.text
            await world.act(Step.model_validate({"say": words}))
            for _ in range(2):
                stage.clock.advance(1.1)
                await world.settle()
            answers.append([m["text"] for m in await world.chat(RINA) if m["from"] == "business"][-1])
        honest, mended, hostile = answers
        assert honest == mended == f"{hostile}\n\n{KIND}"
        assert "Kamis, 26 November 2026" in hostile
        rows = stage.wired.database.read("SELECT detail FROM measures WHERE name = 'draft' ORDER BY at", ())
        assert [row["detail"].split()[0] for row in rows] == ["sent", "mended", "replaced"]
    await stage.stop()
