"""Golden conversations as files: found by the name of their set, and refused where they are not what a set needs."""

from collections.abc import Sequence
from pathlib import Path

from app.script import Named, Script, find_scripts, load_scripts
from app.settings import ROOT
from casefile.errors import BadInput
from evals.goldens import Golden, refusals, shortfalls

GOLDEN = ROOT / "evals" / "golden"
REDTEAM = ROOT / "evals" / "redteam"
ACCEPTED = ROOT / "evals" / "accepted"


def find_golden(asked: str) -> tuple[Path, ...]:
    """Return the files of a set by its name, or those at a path."""
    folder = GOLDEN / asked
    return find_scripts(GOLDEN, str(folder) if folder.is_dir() else asked)


def is_set(asked: str) -> bool:
    """Say whether this is a set's name, and no path to files of one's own."""
    return len(Path(asked).parts) == 1 and (GOLDEN / asked).is_dir()


def load_golden(paths: Sequence[Path]) -> tuple[Named, ...]:
    """Read golden conversations; raises BadInput with everything that is wrong, each with its file."""
    scripts = load_scripts(paths)
    if wrong := refusals([golden_of(named) for named in scripts]):
        raise BadInput("\n".join(wrong))
    return scripts


def missing(scripts: Sequence[Named]) -> list[str]:
    """Return of what a whole set holds too little."""
    return shortfalls([golden_of(named) for named in scripts])


def golden_of(named: Named) -> Golden:
    """Return what makes a conversation what it is."""
    script = named.script
    cases = [case for step in script.steps if step.expect for case in step.expect.case]
    tiers = [case.tier for case in cases if case.tier]
    return Golden(
        name=named.name,
        place=str(named.path),
        language=script.language,
        topic=script.topic,
        intents=script.intents,
        author=script.author,
        tier=max(tiers, default=None),
        said=_said(script),
        situation=_situation(script),
        decided=repr([(case.tier, case.decision, case.rules) for case in cases]),
    )


def _said(script: Script) -> tuple[str, ...]:
    return tuple(
        " ".join(step.say or ()) or step.press or step.kind
        for step in script.steps
        if step.speaks or step.press is not None
    )


def _situation(script: Script) -> str:
    besides = [
        step.model_dump_json(exclude={"say", "expect", "note"}, exclude_defaults=True)
        for step in script.steps
    ]
    parts = (script.sender, script.clock, script.desk, script.pages, script.records, besides)
    return repr(parts)
