"""Plays scripted conversations through the same HTTP path a customer takes, and says whether each ended as expected."""

import asyncio
import json as jsons
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
from pydantic import ValidationError

from app.desk import Loaded, load_desk
from app.play_check import Rows, differences, forbidden
from app.play_seen import Difference, Seen, Watcher
from app.play_show import Played, PlayedStep, ending, heading, step_lines, summary
from app.play_wait import NotSettled
from app.play_world import World
from app.script import Named, find_scripts, load_scripts
from app.script_expect import Expect
from app.script_steps import Step
from app.script_world import changed
from app.settings import Settings
from app.stage import Stage, cache_of, open_stage, overridden
from casefile.errors import BadInput, LoketError
from store.database import Backend

Out = Callable[[str], None]
# Lends a database for as long as a script is played; None stands for a file of the stage's own.
Lending = Callable[[], AbstractContextManager[Backend | None]]
SETTLED_SECONDS = 10.0
# Most of a script is waiting: for its servers to start and stop, and for the clock to be looked at.
AT_ONCE = 4


async def play(paths: Sequence[Path], *, settings: Settings, json: bool, out: Out) -> int:
    """Play the scripts in these files; returns 0 only if each ended as expected.

    `out` takes finished lines: for people a transcript, with `json` one object per script. Raises BadInput
    when a file cannot be read as a script; nothing is played then.
    """
    scripts = load_scripts(paths)
    loaded = load_desk(settings, cache_of(settings))
    for named in scripts:
        fits(named, settings, loaded)
    results = []
    async for played, lines in play_all(scripts, settings=settings, loaded=loaded):
        for line in [jsons.dumps(played.as_json(), ensure_ascii=False)] if json else lines:
            out(line)
        results.append(played)
    for line in () if json else summary(results):
        out(line)
    return 0 if all(played.ok for played in results) else 1


def scripts_of(settings: Settings, asked: str) -> tuple[Path, ...]:
    """Return the files meant by `all`, a name among the desk's scripts, or a path."""
    return find_scripts(settings.desks[0][0] / "scripts", asked)


def sorted_scripts(settings: Settings, asked: Sequence[str]) -> list[tuple[Settings, list[Path]]]:
    """Return each desk with those of its scripts that are meant; raises BadInput for what no desk has.

    A file belongs to the desk whose folder it lies in, one that lies elsewhere to the first.
    """
    found: dict[Path, list[Path]] = {home: [] for home, _ in settings.desks}
    for one in asked:
        named = "." if one == "all" else f"{one}.yaml"
        meant = [home for home in found if Path(one).resolve().is_relative_to(home)]
        meant = meant or [home for home in found if (home / "scripts" / named).exists()]
        for home in meant or list(found)[:1]:
            found[home] += find_scripts(home / "scripts", one)
    return [(desk, found[home]) for desk in settings.each for home, _ in desk.desks if found[home]]


async def play_all(
    scripts: Sequence[Named], *, settings: Settings, loaded: Loaded, lending: Lending = nullcontext
) -> AsyncIterator[tuple[Played, list[str]]]:
    """Play several scripts side by side; yields each with its transcript, in the order given."""
    places = asyncio.Semaphore(AT_ONCE)

    async def one(named: Named) -> tuple[Played, list[str]]:
        async with places:
            lines = heading(named)
            with lending() as database:
                played = await play_one(
                    named, settings=settings, loaded=loaded, out=lines.append, database=database
                )
            return played, [*lines, ending(played)]

    async with asyncio.TaskGroup() as group:
        for task in [group.create_task(one(named), name=named.name) for named in scripts]:
            yield await task


async def play_one(
    named: Named,
    *,
    settings: Settings,
    loaded: Loaded,
    out: Out,
    look: Callable[[Stage], None] | None = None,
    own_model: bool = False,
    database: Backend | None = None,
) -> Played:
    """Play one script on a stage of its own, with fresh records and a clock that only moves when told.

    `look` sees the stage as it stands before the first step, and again after the last.
    """
    script = named.script
    played = Played(named.name, script.title, script.language, len(script.steps))
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="loket-script-") as home:
        starts = script.starts(ZoneInfo(settings.desks[0][1].hours.zone))
        stage = await open_stage(
            settings,
            Path(home) / "stage",
            freeze_at=starts,
            desk=script.desk,
            loaded=changed(loaded, script),
            watched=any(step.broken or step.mend or step.fault for step in script.steps),
            own_model=own_model,
            database=database,
        )
        try:
            async with httpx.AsyncClient(verify=False, timeout=SETTLED_SECONDS) as client:
                show = _Show(named, stage, client, out)
                if look is not None:
                    look(stage)
                played.failures += await show.run()
                played.played += show.played
                if look is not None:
                    look(stage)
        finally:
            await stage.stop()
    played.seconds = time.perf_counter() - began
    return played


class _Show:
    """One script on its stage."""

    def __init__(self, named: Named, stage: Stage, client: httpx.AsyncClient, out: Out) -> None:
        self._script = named.script
        self._stage = stage
        self._out = out
        self._world = World(stage, client, named.script.sender)
        self._watcher = Watcher(stage, self._world)
        self.played: list[PlayedStep] = []

    async def run(self) -> list[str]:
        """Play every step until one fails; what comes after it would only say the same again."""
        await self._world.meet()
        await self._world.settle()
        for number, step in enumerate(self._script.steps, 1):
            failures = await self._step(step)
            if failures:
                return [f"step {number}{_words(step)}: {failure}" for failure in failures]
        return self._at_the_end()

    async def _step(self, step: Step) -> list[str]:
        began = time.perf_counter()
        at = self._stage.clock.now().astimezone(self._stage.wired.desk.rules.zone)
        who = (step.expect.to if step.expect else None) or self._world.who(step)
        try:
            await self._world.act(step)
        except (LoketError, NotSettled) as error:
            self._out(f"          ✗ {error}")
            return [str(error)]
        seen = await self._watcher.after(who)
        differs = forbidden(self._script.forbid, seen.replies)
        if step.expect is not None:
            differs += self._compared(step.expect, seen)
        self.played.append(PlayedStep(step, who, seen, tuple(differs), time.perf_counter() - began))
        failures = [difference.words for difference in differs]
        for line in step_lines(step, self._world.who(step), at, seen, failures):
            self._out(line)
        return failures

    def _compared(self, expect: Expect, seen: Seen) -> list[Difference]:
        try:
            records: list[Rows] = [self._watcher.rows(one.table, one.where) for one in expect.record]
        except KeyError as column:
            return [Difference("run", f"expect.record: there is no column {column} in that table")]
        return differences(expect, seen, records)

    def _at_the_end(self) -> list[str]:
        """Check what holds of every script: nothing set aside, nothing said twice."""
        failures = [f"an event was set aside: {why}" for why in self._watcher.quarantined()]
        sent = [r for r in self._stage.sandbox.sandbox.receipts.after(0) if r["kind"] == "whatsapp.send"]
        twice = [key for key, times in Counter(r["key"] for r in sent).items() if times > 1]
        return failures + [f"{key} was sent more than once" for key in twice]


def fits(named: Named, settings: Settings, loaded: Loaded) -> None:
    """Check what a script changes of desk, pages and records, before anything is played."""
    try:
        overridden(settings.desks[0][1], named.script.desk)
        changed(loaded, named.script)
    except (BadInput, ValidationError) as error:
        raise BadInput(f"{named.path}: {error}") from error


def _words(step: Step) -> str:
    return f" ({step.say[0]!r})" if step.say else ""
