"""A page's change drafted by the sandbox's model over HTTP: what no source of the desk's says is not taken."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import yaml

from adapters.openai_model import OpenAIModel, OpenAISettings, TaskModel
from agents.page_drafts import PageAsked, PageDraft, drafted
from app.briefing import briefing_of
from app.cli.main import main
from app.drafting import ModelDrafter, NoDrafter
from app.rules import rules_of
from casefile.money import Price
from sandbox.clock import SharedClock
from sandbox.model import Temper
from sandbox.model_words import HOSTILE, SLOPPY
from sandbox.server import SandboxServer
from sandbox.settings import SandboxSettings, TelegramAccount, WhatsAppAccount
from store.database import Database
from tests.cli.cli_scenes import School, held
from tests.cli.test_desk_commands import own_copy
from tests.graph.whole import settings

CONFIG = settings().desks[0][1]
RULES = rules_of(CONFIG, 2026)
LIMITS = RULES.limits
ANSWER = "Ada parkir gratis di depan studio untuk 6 mobil, Kak."
TOLD = "Sekarang muat 9 mobil, dan motor di samping."
ASKED = PageAsked(language="id", words=TOLD, answer=ANSWER, sources=(TOLD,))
CONTENT = "Ada parkir gratis di depan studio untuk 9 mobil, dan motor di samping, Kak."
# What only an attacker, or a careless writer, would have put there.
NEVER = (
    *(
        "disetujui",
        "lunas",
        "Budi",
        "OTP",
        "hadiah",
        "orchestrator",
        "tier",
        "salah Kakak",
        "SYSTEM",
        "dijamin",
    ),
    *("31 Juli", "3 hari", "You are"),
)


class Desk:
    """The sandbox's model as D and F ask it."""

    def __init__(self, server: SandboxServer, drafter: ModelDrafter) -> None:
        self._server = server
        self.drafter = drafter

    def says(self, *answers: str, mood: str = "honest", slip: str | None = None) -> None:
        temper = {"mood": mood, "slip": slip, "answers": answers}
        self._server.sandbox.model.become(Temper.model_validate(temper))

    @property
    def url(self) -> str:
        """Where the model answers."""
        return f"{self._server.url}/v1"

    @property
    def prompts(self) -> list[str]:
        """The instructions of each call so far."""
        receipts = self._server.sandbox.receipts.after(0)
        return [r["messages"][0]["content"] for r in receipts if r["kind"] == "model.call"]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    account = WhatsAppAccount(
        app_secret="s", verify_token="v", access_token="a", phone_number_id="1", display_number="62"
    )
    told = SandboxSettings(
        wa=account,
        telegram=TelegramAccount(bot_token="7:t", lanes={}),
        state_dir=tmp_path,
        receipts=tmp_path / "receipts.jsonl",
    )
    server = SandboxServer(told, SharedClock(tmp_path / "clock.json"))
    await server.start()
    task = TaskModel(model="sandbox-large", price=Price(input=1, cached=1, output=1), timeout_seconds=60)
    endpoint = OpenAISettings(
        base_url=f"{server.url}/v1",
        api_key="sandbox-model-key",
        tasks={"page_content": task, "page_wording": task},
    )
    model = OpenAIModel(endpoint, lambda call: None)
    yield Desk(server, ModelDrafter(model, briefing_of(CONFIG, RULES, None)))
    await model.close()
    await server.stop()


async def test_d_says_what_and_f_says_how(desk: Desk) -> None:
    wording = "Kak, parkir gratis ada di depan studio untuk 9 mobil, dan motor di samping."
    desk.says(CONTENT, wording)
    assert await drafted(ASKED, desk.drafter, LIMITS) == PageDraft(text=wording)
    first, second = desk.prompts
    assert "You are D:" in first and "say what a page has to say" in first
    assert "You are F:" in second and "word a page's answer" in second


@pytest.mark.parametrize("wording", [f"{CONTENT} Buka 24 jam ya.", "Parkir gratis ada di depan studio, Kak."])
async def test_wording_that_says_more_or_less_is_not_taken_and_the_content_stands(
    desk: Desk, wording: str
) -> None:
    desk.says(CONTENT, wording)
    draft = await drafted(ASKED, desk.drafter, LIMITS)
    assert draft.text == CONTENT
    assert draft.held and all(words.startswith("F: ") for words in draft.held)


async def test_what_a_customer_asks_is_no_source(desk: Desk) -> None:
    desk.says("Parkir sekarang Rp 50.000, Kak.")
    asked = ASKED.model_copy(update={"words": "Benar ya parkir Rp 50.000?", "sources": ()})
    draft = await drafted(asked, desk.drafter, LIMITS)
    assert draft.text == ""
    assert draft.held and all(words.startswith("D: ") for words in draft.held)
    # Nobody is asked to word what was not taken.
    assert len(desk.prompts) == 1


@pytest.mark.parametrize(
    ("mood", "slip"), [("hostile", s) for s in HOSTILE] + [("sloppy", s) for s in SLOPPY]
)
async def test_no_mood_puts_a_word_into_a_page_that_no_source_says(desk: Desk, mood: str, slip: str) -> None:
    desk.says(mood=mood, slip=slip)
    draft = await drafted(ASKED, desk.drafter, LIMITS)
    assert not [word for word in NEVER if word in draft.text]
    # The same of F, when D was sound.
    desk.says(CONTENT, mood=mood, slip=slip)
    draft = await drafted(ASKED, desk.drafter, LIMITS)
    assert not [word for word in NEVER if word in draft.text]


async def test_without_a_model_nothing_is_drafted() -> None:
    assert await drafted(ASKED, NoDrafter(), LIMITS) == PageDraft()


async def nothing(school: School) -> None:
    """A school in which nothing has happened."""


async def test_the_command_has_it_drafted_writes_down_what_it_cost_and_publishes_nothing(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home, folder = tmp_path / "home", tmp_path / "config"
    folder.mkdir()
    monkeypatch.setenv("LOKET_MODEL_API_KEY", "sandbox-model-key")
    config = own_copy(folder)
    shared = yaml.safe_load(config.read_text(encoding="utf-8"))
    price = {"strength": "strong", "input": 2_500, "cached": 1_250, "output": 10_000}
    task = {"model": "large", "timeout_seconds": 60}
    shared["model"] = {
        "provider": "openai",
        "base_url": desk.url,
        "models": {"large": price},
        "tasks": {"page_content": task, "page_wording": task},
    }
    config.write_text(yaml.safe_dump(shared), encoding="utf-8")
    at = ("--desk", "school", "--config", str(config), "--home", str(home))

    async def loket(*words: str) -> str:
        assert await asyncio.to_thread(main, [*words, *at]) == 0
        return capsys.readouterr().out

    await asyncio.to_thread(held, home, nothing)
    await loket("kb", "request", "--page", "parking.id", "--words", TOLD, "--by", "tari")
    (request,) = json.loads(await loket("kb", "requests", "--json"))
    desk.says(CONTENT, CONTENT)
    told = json.loads(await loket("kb", "draft", request["key"], "--by", "tari", "--json"))
    assert (told["text"], told["by"], told["a_person"]) == (CONTENT, "D, F", ["money"])
    assert "Nothing would change." in await loket("kb", "sync")
    database = Database.open(home / "loket.db")
    calls = database.read("SELECT task, desk, case_id, cost FROM model_calls ORDER BY task")
    database.close()
    assert [(row["task"], row["desk"], row["case_id"]) for row in calls] == [
        ("page_content", "school", ""),
        ("page_wording", "school", ""),
    ]
    assert all(row["cost"] > 0 for row in calls)
    # Kept: it is not asked for, and paid for, again.
    await loket("kb", "draft", request["key"], "--by", "tari")
    assert len(desk.prompts) == 2
