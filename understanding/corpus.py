"""Reads the understanding's YAML: intents, examples, lexicon and rules, and the hash that names them."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import cycle
from pathlib import Path
from typing import Any, Literal

import yaml

from casefile.base import Frozen
from casefile.errors import BadInput
from casefile.verdict import Tier
from understanding.lexicon import Lexicon, build_lexicon
from understanding.signals import SignalRules, build_rules

Kind = Literal["conversational", "faq", "account", "operation", "sensitive", "carrier"]
Named = Mapping[str, Sequence[str]]
HELD_OUT_AUTHORS = frozenset("gh")
# Words that come and go without changing what is said.
_POLITE = frozenset({
    "kakak", "mimin", "mas", "mbak", "bu", "pak", "halo", "hai", "hi", "ya", "dong", "sih", "deh", "kan", "nih",
    "please", "tolong", "the", "a", "an", "is",
})  # fmt: skip


class IntentCard(Frozen):
    """What an intent is; `signal` is the risk signal it stands for, `template` a hint for the reply."""

    intent: str
    tier: Tier
    kind: Kind
    template: str = ""
    signal: str | None = None


@dataclass(frozen=True)
class Example:
    """One training phrasing, with the letter of the person who wrote it."""

    text: str
    intent: str
    author: str


def data_files(*folders: Path) -> tuple[Path, ...]:
    """Return every YAML file a Reader is made from, in a fixed order; held-out lines are not among them."""
    found = [path for folder in folders for path in sorted(folder.rglob("*.yaml"))]
    return tuple(path for path in found if path.name != "heldout.yaml")


def content_hash(files: Iterable[Path], *parts: str) -> str:
    """Return the hex name of these files' bytes together with settings and versions."""
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    for part in parts:
        digest.update(part.encode() + b"\0")
    return digest.hexdigest()[:24]


def read_yaml(path: Path) -> Any:
    """Return the plain data of one YAML file."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def load_lexicon(*folders: Path) -> Lexicon:
    """Return the lexicon of the shared files with each further folder's own words over it."""
    merged: dict[str, dict[str, str]] = {"words": {}, "phrases": {}, "concepts": {}}
    keywords: list[str] = []
    for path in (folder / f"{name}.yaml" for folder in folders for name in ("lexicon", "concepts")):
        data = read_yaml(path) if path.exists() else {}
        for section, entries in merged.items():
            for key, value in (data.get(section) or {}).items():
                entries[str(key)] = f"{entries[str(key)]} {value}" if str(key) in entries else str(value)
        keywords += str(data.get("keywords", "")).split()
    return build_lexicon(merged["words"], merged["phrases"], keywords, merged["concepts"])


def load_rules(shared: Path, *further: Path) -> SignalRules:
    """Return the compiled risk-signal rules, each further folder's lines under the earlier ones of the same name.

    A signal that one leaves empty is not raised there: nothing it sells has a time that could be moved.
    """
    merged: dict[str, dict[str, Any]] = read_yaml(shared / "signals.yaml")
    for path in (folder / "signals.yaml" for folder in further):
        for section, entries in (read_yaml(path) if path.exists() else {}).items():
            for name, lines in entries.items():
                merged[section][name] = "" if lines is None else f"{merged[section].get(name, '')}\n{lines}"
    return build_rules(merged)


def load_cards(*folders: Path) -> dict[str, IntentCard]:
    """Return every intent's card by name, the shared ones and those of each further folder."""
    cards: dict[str, IntentCard] = {}
    for folder in folders:
        entries: Mapping[str, Mapping[str, Any]] = read_yaml(folder / "intents.yaml")
        cards |= {name: IntentCard(intent=name, **entry) for name, entry in entries.items()}
    return cards


def refuse_unknown_intents(examples: Iterable[Example], cards: Mapping[str, IntentCard]) -> None:
    """Raise BadInput for an example of an intent that no intents.yaml of its folders names."""
    for example in examples:
        if example.intent not in cards:
            raise BadInput(
                f"the example {example.text!r} ({example.author}) is of {example.intent!r}, which no intents.yaml "
                "of this desk names: add the intent there, or mend its name in the example"
            )


def refuse_near_duplicates(examples: Sequence[Example], texts: Sequence[str]) -> None:
    """Raise BadInput when two examples of an intent use the same words, politeness apart; `texts` are canonical.

    A line that is only repeated teaches nothing, and across authors it would let one answer for the other.
    Below three words there is no other way of saying it.
    """
    seen: dict[tuple[str, frozenset[str]], Example] = {}
    for example, text in zip(examples, texts, strict=True):
        words = frozenset(word for word in text.split() if word[0].isalnum()) - _POLITE
        if len(words) < 3:
            continue
        first = seen.setdefault((example.intent, words), example)
        if first is not example:
            raise BadInput(
                f"two examples of {example.intent} say the same: {first.text!r} ({first.author}) "
                f"and {example.text!r} ({example.author})"
            )


def load_examples(*folders: Path, named: Named | None = None) -> tuple[Example, ...]:
    """Return the training examples: in each file intent, author, then one phrasing a line.

    `named` are the desk's own names of what a line leaves open, such as `{service}`: line after line takes the next.
    """
    found: list[Example] = []
    for folder in folders:
        for path in sorted((folder / "examples").glob("*.yaml")):
            for intent, by_author in (read_yaml(path) or {}).items():
                for author, block in by_author.items():
                    if author not in HELD_OUT_AUTHORS:
                        lines = (line.strip() for line in str(block).splitlines())
                        found += [Example(line, intent, author) for line in lines if line]
    return tuple(_naming(found, named or {}))


def _naming(examples: Iterable[Example], named: Named) -> Iterator[Example]:
    names = {f"{{{what}}}": cycle(these) for what, these in named.items()}
    for example in examples:
        text = example.text
        for place, these in names.items():
            text = text.replace(place, next(these)) if place in text else text
        yield replace(example, text=text)
