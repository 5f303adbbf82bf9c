"""docs/new-desk.md keeps its word: a folder written from it, lying anywhere, is in order and passes its scripts."""

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from app.cli.main import main
from app.desk_check import Mistake, mistakes
from app.settings import ROOT, load
from app.stage import open_stage
from policies.intents import INTENTS

TODAY = date(2026, 11, 23)
INTENTS_FILE, EXAMPLES_FILE = "understanding/intents.yaml", "understanding/examples/faq.yaml"
WORKSHOP = Path(__file__).parent / "workshop"
PAGE = (ROOT / "docs" / "new-desk.md").read_text(encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The workshop, somewhere else on the disk."""
    return Path(shutil.copytree(WORKSHOP, tmp_path / "elsewhere" / "workshop"))


def test_a_folder_written_from_the_page_is_in_order_and_its_scripts_pass(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["desk", "check", str(folder), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["mistakes"] == []
    assert {script["name"]: script["ok"] for script in said["scripts"]} == {"book": True, "change": True}


def test_what_failed_is_shown_in_a_table_with_why(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    script = folder / "scripts" / "book.yaml"
    script.write_text(script.read_text("utf-8").replace("Rp 85.000", "Rp 1"), encoding="utf-8")
    assert main(["desk", "check", str(folder)]) == 1
    said = capsys.readouterr().out
    assert "every file is in order" in said and "1 of 2 scripts as expected" in said
    assert "✗  book" in said and "expected 'Rp 1' in a reply" in " ".join(said.split())


async def test_a_desk_lying_anywhere_boots_by_a_config_that_names_it(folder: Path) -> None:
    config = folder.parent / "config.yaml"
    config.write_text("desks: [workshop]\nsandbox: {port: 0}\n", encoding="utf-8")
    settings = load(config, {})
    stage = await open_stage(settings, folder.parent / "stage")
    try:
        assert stage.wired.desk.rules.appointments is not None
        assert stage.wired.desk_home == folder
    finally:
        await stage.stop()


def put(name: str, old: str, new: str) -> Callable[[Path], None]:
    """Spoil one file."""

    def spoil(home: Path) -> None:
        text = (home / name).read_text("utf-8")
        assert old in text
        (home / name).write_text(text.replace(old, new), encoding="utf-8")

    return spoil


def gone(name: str) -> Callable[[Path], None]:
    """Take a file, or a folder, away."""

    def spoil(home: Path) -> None:
        found = home / name
        shutil.rmtree(found) if found.is_dir() else found.unlink()

    return spoil


@pytest.mark.parametrize(
    ("spoil", "where", "said"),
    [
        (put("desk.yaml", "mode: production", "mode: producton"), "desk.yaml:10", "'producton' is not allowed"),
        (put("desk.yaml", "minutes: 30", "minutos: 30"), "desk.yaml:18", "minutos: there is no such key"),
        (put("desk.yaml", "limits:", "limits: ["), "desk.yaml:13", "is not YAML"),
        (put("desk.yaml", "people: [Joko]", "people: [Joka]"), "desk.yaml", "Joka: not in records/coaches.yaml"),
        (gone("knowledge"), "knowledge/", "the folder is missing"),
        (gone("knowledge/prices.en.md"), "knowledge/prices.en.md", "published in id only"),
        (put("knowledge/prices.id.md", "Published", "Public"), "knowledge/", "Status = 'Public'; allowed: Published"),
        (put("records/slots.yaml", "Joko, day_offset: 4", "Jaka, day_offset: 4"), "records/slots.yaml:5", "Jaka"),
        (put("records/sessions.yaml", "service: service", "service: wash"), "records/sessions.yaml:1", "known are oil"),
        (put("personas.yaml", "ct_dimas", "ct_nobody"), "workshop/personas.yaml:1", "not in records/contacts"),
        (put("personas.yaml", "contact: ct_dimas", "name: Siapa"), "workshop/personas.yaml:1", "a name and a phone"),
        (put("templates/id.yaml", "greeting", "greting"), "templates/id.yaml:1", "no such template"),
        (put(INTENTS_FILE, "faq.prices", "faq_prices"), f"{INTENTS_FILE}:1", "there is no such intent"),
        (put(INTENTS_FILE, "tier: R0", "tier: R9"), f"{INTENTS_FILE}:1", "tier: Input should be"),
        (put(INTENTS_FILE, "{tier", "[tier"), INTENTS_FILE, "not YAML"),
        (put(INTENTS_FILE, "faq.prices: {", "- {"), INTENTS_FILE, "a mapping"),
        (put(EXAMPLES_FILE, "faq.prices:", "faq.price:"), f"{EXAMPLES_FILE}:1", "has examples and is not in"),
        (gone(INTENTS_FILE), INTENTS_FILE, "the file is missing"),
        (put("scripts/book.yaml", "reply: {template: bo", "x: {template: bo"), "scripts/book.yaml:9", "x; allowed"),
    ],
)  # fmt: skip
def test_a_mistake_is_said_with_its_place(
    folder: Path, spoil: Callable[[Path], None], where: str, said: str
) -> None:
    spoil(folder)
    found = mistakes(folder, TODAY)
    assert any(one.where == where and said in one.said for one in found), found


def test_a_page_nobody_can_ask_for_and_an_intent_without_one_are_said(folder: Path) -> None:
    for language in ("id", "en"):
        page = folder / "knowledge" / f"prices.{language}.md"
        page.write_text(page.read_text("utf-8").replace("Topic: prices", "Topic: costs"), encoding="utf-8")
    assert mistakes(folder, TODAY) == [
        Mistake("knowledge/costs", "nobody can ask for it: faq.costs is not in understanding/intents.yaml"),
        Mistake("understanding/intents.yaml", "faq.prices: there is no page knowledge/prices.id.md"),
    ]
    # Of a later day, it need not be asked for yet.
    assert len(mistakes(folder, date(2025, 1, 1))) == 1


def test_too_few_examples_teach_nothing(folder: Path) -> None:
    (folder / "understanding" / "examples" / "faq.yaml").write_text("faq.prices:\n  a: berapa\n", "utf-8")
    (only,) = mistakes(folder, TODAY)
    assert "1 examples by 1 authors; at least 3 by 2" in only.said


def test_a_folder_that_is_not_there_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["desk", "check", str(tmp_path / "nowhere")]) == 1
    assert "there is no such folder" in capsys.readouterr().out


@pytest.mark.parametrize("desk", ["school", "shop", "salon", "software"])
def test_what_ships_is_in_order(desk: str) -> None:
    assert mistakes(ROOT / "desks" / desk, TODAY) == []


def test_the_page_lists_every_intent_there_is() -> None:
    assert [name for name in INTENTS if f"`{name}`" not in PAGE] == []
