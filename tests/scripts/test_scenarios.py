"""Every scripted conversation of the shipped desks, played over HTTP, ends as its script expects."""

import asyncio
from pathlib import Path

import pytest

from app.desk import load_desk
from app.play import play_all, scripts_of
from app.play_show import Played
from app.script import Named, load_scripts
from app.settings import ROOT, load
from app.stage import cache_of

DEPLOYED = load(ROOT / "config.yaml", {})
# How many situations each desk has scripts for, at the least.
SCENARIOS = {"school": 37, "shop": 21}
DESKS = {name: DEPLOYED.alone(name) for name in SCENARIOS}
SCRIPTS = {name: load_scripts(scripts_of(settings, "all")) for name, settings in DESKS.items()}
EVERY = [
    pytest.param(name, named, id=f"{name}-{named.name}")
    for name, scripts in SCRIPTS.items()
    for named in scripts
]

Results = dict[tuple[str, str], tuple[Played, list[str]]]


@pytest.fixture(scope="module")
def results(request: pytest.FixtureRequest) -> Results:
    """Play the scripts whose tests were chosen, those of a desk side by side."""
    chosen = {item.name for item in request.session.items}

    async def played() -> Results:
        found: Results = {}
        for name, settings in DESKS.items():
            wanted = [n for n in SCRIPTS[name] if f"test_ends_as_expected[{name}-{n.name}]" in chosen]
            if wanted:
                loaded = load_desk(settings, cache_of(settings))
                ended = play_all(wanted, settings=settings, loaded=loaded)
                found |= {(name, result.name): (result, lines) async for result, lines in ended}
        return found

    return asyncio.run(played())


@pytest.mark.parametrize(("desk", "named"), EVERY)
def test_ends_as_expected(desk: str, named: Named, results: Results) -> None:
    played, lines = results[desk, named.name]
    assert played.ok, "\n".join([*lines, *played.failures])


@pytest.mark.parametrize("desk", SCENARIOS)
def test_every_scenario_is_there_in_both_languages(desk: str) -> None:
    spoken: dict[Path, set[str]] = {}
    for named in SCRIPTS[desk]:
        spoken.setdefault(named.path, set()).add(named.script.language)
    assert len(spoken) >= SCENARIOS[desk]
    assert {path.stem: said for path, said in spoken.items() if said != {"id", "en"}} == {}
