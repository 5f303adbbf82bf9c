"""What is wrong with how a desk understands its customers: unknown intents, too few examples, pages nobody reaches."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from app.desk import UNDERSTANDING, layer_of
from app.desk_settings import DeskConfig
from app.yaml_lines import line_of
from policies.intents import FAQ_PREFIX, known
from services.pages import Page
from understanding.corpus import HELD_OUT_AUTHORS, IntentCard

Said = tuple[str, str]
# Fewer teach a few phrasings and no meaning (docs/new-desk.md).
EXAMPLES, AUTHORS = 3, 2


def misunderstood(
    home: Path, config: DeskConfig, pages: Sequence[Page] | None, today: date
) -> Iterator[Said]:
    """Yield each mistake with its place in the folder.

    A page of a later day need not be asked for yet; of pages that cannot be read (None) nothing is said.
    """
    folder = home / "understanding"
    layer = layer_of(config)
    above = (UNDERSTANDING, layer.folder) if layer else (UNDERSTANDING,)
    own, problems = _mapping(folder / "intents.yaml")
    yield from problems
    yield from _cards(folder / "intents.yaml", own)
    shared = {name for one in above for name in _mapping(one / "intents.yaml")[0]}
    lines: dict[str, dict[str, int]] = {}
    for path in (p for one in (*above, folder) for p in sorted((one / "examples").glob("*.yaml"))):
        taught, problems = _mapping(path)
        yield from problems
        yield from _unknown(path, taught, {*own, *shared}, folder)
        _count(taught, lines)
    for name in own:
        many, people = sum(lines.get(name, {}).values()), len(lines.get(name, {}))
        # What a person decides is heard by its words (docs/understanding.md), however it is put.
        if (own[name] or {}).get("kind") != "sensitive" and (many < EXAMPLES or people < AUTHORS):
            said = f"{name}: {many} examples by {people} authors; at least {EXAMPLES} by {AUTHORS} are needed"
            yield _at(folder / "intents.yaml", name), said
    if pages is not None:
        yield from _unreachable(own, pages, today)


def _cards(path: Path, own: dict[str, Any]) -> Iterator[Said]:
    for name, entry in own.items():
        try:
            IntentCard.model_validate({"intent": name} | dict(entry or {}))
        except (ValidationError, TypeError, ValueError) as error:
            first = error.errors()[0] if isinstance(error, ValidationError) else None
            why = (
                f"{first['loc'][-1]}: {first['msg']}"
                if first
                else "its keys are tier, kind, signal, template"
            )
            yield _at(path, name), f"{name}: {why}"
        if not known(name):
            yield _at(path, name), f"{name}: there is no such intent; docs/new-desk.md lists those there are"


def _unknown(path: Path, taught: dict[str, Any], known_here: set[str], folder: Path) -> Iterator[Said]:
    """Yield the examples of intents that no file of intents names; those of what all desks share are in order."""
    if path.is_relative_to(folder):
        for name in (name for name in taught if name not in known_here):
            yield _at(path, name), f"{name}: has examples and is not in understanding/intents.yaml"


def _count(taught: dict[str, Any], lines: dict[str, dict[str, int]]) -> None:
    for name, by_author in taught.items():
        for author, block in (by_author if isinstance(by_author, dict) else {}).items():
            if author not in HELD_OUT_AUTHORS:
                mine = lines.setdefault(name, {})
                said = sum(bool(line.strip()) for line in str(block).splitlines())
                mine[author] = mine.get(author, 0) + said


def _unreachable(own: dict[str, Any], pages: Sequence[Page], today: date) -> Iterator[Said]:
    """Yield pages that no intent asks for, and intents that no page answers."""
    topics = {page.page_id for page in pages}
    asked = {name.removeprefix(FAQ_PREFIX) for name in own if name.startswith(FAQ_PREFIX)}
    in_force = {page.page_id for page in pages if page.status == "Published" and page.effective <= today}
    for topic in sorted(in_force - asked):
        yield f"knowledge/{topic}", f"nobody can ask for it: faq.{topic} is not in understanding/intents.yaml"
    for topic in sorted(asked - topics):
        yield "understanding/intents.yaml", f"faq.{topic}: there is no page knowledge/{topic}.id.md"


def _mapping(path: Path) -> tuple[dict[str, Any], list[Said]]:
    shown = (
        f"understanding/{path.name}" if path.name == "intents.yaml" else f"understanding/examples/{path.name}"
    )
    if not path.is_file():
        return {}, [(shown, "the file is missing")]
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        return {}, [(shown, f"not YAML: {error}")]
    if not isinstance(raw, dict):
        return {}, [(shown, "a mapping from intents is expected")]
    return raw, []


def _at(path: Path, name: str) -> str:
    shown = (
        f"understanding/{path.name}" if path.name == "intents.yaml" else f"understanding/examples/{path.name}"
    )
    return f"{shown}:{line_of(path.read_text(encoding='utf-8'), (name,))}"
