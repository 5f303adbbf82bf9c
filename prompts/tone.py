"""Tone rules: how we sound, per language."""

from collections.abc import Mapping
from pathlib import Path

from casefile.base import Frozen, Language
from casefile.errors import BadInput
from prompts.catalogue import LANGUAGES
from prompts.files import only_keys, read_mapping


class ToneRules(Frozen):
    """What to do and what not to do when writing in one language; `never` are words a draft is held for."""

    do: tuple[str, ...]
    dont: tuple[str, ...]
    never: tuple[str, ...] = ()


def load_tone(path: Path) -> Mapping[Language, ToneRules]:
    """Load the tone rules of every language; raises BadInput naming file, key and what is allowed."""
    data = only_keys(read_mapping(path), frozenset({"version", *LANGUAGES}), str(path))
    return {language: _rules(data.get(language), f"{path}: {language}") for language in LANGUAGES}


def _rules(raw: object, place: str) -> ToneRules:
    entry = only_keys(raw, frozenset({"do", "dont", "never"}), place)
    return ToneRules(
        do=_lines(entry.get("do"), f"{place}: do"),
        dont=_lines(entry.get("dont"), f"{place}: dont"),
        never=_lines(entry["never"], f"{place}: never") if "never" in entry else (),
    )


def _lines(raw: object, place: str) -> tuple[str, ...]:
    if not isinstance(raw, list) or not raw or not all(isinstance(line, str) and line for line in raw):
        raise BadInput(f"{place}: must be a list of sentences")
    return tuple(raw)
