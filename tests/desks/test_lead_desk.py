"""A desk that qualifies prospects is a folder too: it passes its own scripts, and none of it is Python."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from app.desk import desk_for, load_desk
from app.desk_check import mistakes
from app.desk_settings import read_desk
from app.play import play, play_all, scripts_of
from app.script import load_scripts
from app.settings import ROOT, load
from app.stage import cache_of
from casefile.errors import BadInput
from store.database import Backend
from tests.desks.deployment import software
from tests.support.postgres import Postgres

# The note, the booking after it, a correction, a person's task.
ON_POSTGRESQL = {"drip.id", "at-once.en", "changes.correction"}


async def test_a_desk_that_qualifies_prospects_passes_its_own_scripts() -> None:
    lines = list[str]()
    settings = software()
    failed = await play(scripts_of(settings, "all"), settings=settings, json=False, out=lines.append)
    assert failed == 0, "\n".join(lines)


async def test_leads_end_the_same_on_postgresql(postgres: Postgres) -> None:
    @contextmanager
    def lent() -> Iterator[Backend]:
        name = postgres.lend()
        yield postgres.backend(name)
        postgres.take_back(name)

    settings = software()
    scripts = [one for one in load_scripts(scripts_of(settings, "all")) if one.name in ON_POSTGRESQL]
    shown = play_all(scripts, settings=settings, loaded=load_desk(settings, cache_of(settings)), lending=lent)
    played = {result.name: (result.ok, lines) async for result, lines in shown}
    assert len(played) == len(ON_POSTGRESQL)
    assert [line for ok, lines in played.values() if not ok for line in lines] == []


def test_a_desk_is_data() -> None:
    assert list((ROOT / "desks").rglob("*.py")) == []


def test_a_question_that_no_template_asks_is_refused() -> None:
    [(home, config)] = software().desks
    assert config.leads is not None
    first, *others = config.leads.questions
    unasked = config.leads.model_copy(
        update={"questions": (first.model_copy(update={"template": "faq_answer"}), *others)}
    )
    with pytest.raises(
        BadInput, match=r"leads.questions.0.template: there is no template 'faq_answer' without"
    ):
        desk_for(home, config.model_copy(update={"leads": unasked}), 2026)


def test_hours_are_offered_of_a_service_there_is(tmp_path: Path) -> None:
    [(home, _)] = software().desks
    said = (home / "desk.yaml").read_text(encoding="utf-8").replace("service: demo ", "service: dmeo ")
    (tmp_path / "desk.yaml").write_text(said, encoding="utf-8")
    with pytest.raises(BadInput, match=r"leads.service: 'dmeo' is none of the services under appointments"):
        read_desk(tmp_path / "desk.yaml")


def test_every_desk_that_ships_can_be_served_beside_the_others(tmp_path: Path) -> None:
    homes = sorted(path.parent for path in (ROOT / "desks").glob("*/desk.yaml"))
    named = "".join(f"  - {home}\n" for home in homes)
    shipped = (ROOT / "config.yaml").read_text(encoding="utf-8")
    (tmp_path / "config.yaml").write_text(
        re.sub(r"(?m)^desks:.*\n(?:  - .*\n)+", f"desks:\n{named}", shipped), encoding="utf-8"
    )
    assert len(load(tmp_path / "config.yaml", {}).desks) == len(homes) > 3


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("template: ask_users", "template: ask_user", "leads.questions.1.template: there is no template"),
        (
            "page: starter_package",
            "page: starter_pack",
            "leads.page: starter_pack: there is no published page",
        ),
        ("service: demo ", "service: dmeo ", "leads.service: 'dmeo' is none of the services"),
        ("at_least: 5000000 ", "at_leats: 5000000 ", "leads.questions.2.at_leats: there is no such key"),
        ("kind: time", "kind: choice", "leads.questions.3: options belong to a choice"),
    ],
)
def test_a_mistake_in_an_interview_is_said_with_its_place(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    [(home, _)] = software().desks
    folder = Path(shutil.copytree(home, tmp_path / "desk"))
    spoilt = (folder / "desk.yaml").read_text(encoding="utf-8").replace(old, new)
    (folder / "desk.yaml").write_text(spoilt, encoding="utf-8")
    [mistake] = mistakes(folder, date(2026, 11, 23))
    assert mistake.where.endswith(".yaml") or ".yaml:" in mistake.where
    assert said in mistake.said
