"""A page's change drafted by the sandbox's model over HTTP: what no source of the desk's says is not taken."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.openai_model import OpenAIModel, OpenAISettings, TaskModel
from agents.page_drafts import PageAsked, PageDraft, drafted
from app.briefing import briefing_of
from app.drafting import ModelDrafter, NoDrafter
from app.rules import rules_of
from casefile.money import Price
from sandbox.clock import SharedClock
from sandbox.model import Temper
from sandbox.model_words import HOSTILE, SLOPPY
from sandbox.server import SandboxServer
from sandbox.settings import SandboxSettings, TelegramAccount, WhatsAppAccount
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
