"""Every scripted conversation of the school desk, played over HTTP, ends as its script expects."""

import asyncio
from pathlib import Path

import pytest

from app.desk import load_desk
from app.play import play_all, scripts_of
from app.play_show import Played
from app.script import Named, load_scripts
from app.settings import ROOT, load
from app.stage import cache_of

SETTINGS = load(ROOT / "config.yaml", {}).alone("school")
SCRIPTS = load_scripts(scripts_of(SETTINGS, "all"))
SCENARIOS = 37

Results = dict[str, tuple[Played, list[str]]]


@pytest.fixture(scope="module")
def results(request: pytest.FixtureRequest) -> Results:
    """Play the scripts whose tests were chosen, side by side."""
    chosen = {item.name for item in request.session.items}
    wanted = [named for named in SCRIPTS if f"test_ends_as_expected[{named.name}]" in chosen]

    async def played() -> Results:
        loaded = load_desk(SETTINGS, cache_of(SETTINGS))
        found = play_all(wanted, settings=SETTINGS, loaded=loaded)
        return {result.name: (result, lines) async for result, lines in found}

    return asyncio.run(played())


@pytest.mark.parametrize("named", SCRIPTS, ids=lambda named: named.name)
def test_ends_as_expected(named: Named, results: Results) -> None:
    played, lines = results[named.name]
    assert played.ok, "\n".join([*lines, *played.failures])


def test_every_scenario_is_there_in_both_languages() -> None:
    spoken: dict[Path, set[str]] = {}
    for named in SCRIPTS:
        spoken.setdefault(named.path, set()).add(named.script.language)
    assert len(spoken) >= SCENARIOS
    assert {path.stem: said for path, said in spoken.items() if said != {"id", "en"}} == {}
