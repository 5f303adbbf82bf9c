"""A small pattern language for rules a person can read, compiled to regular expressions.

Words are parted by spaces; `refund*` is any word starting so; `~` stands for up to three words between,
`~6` for up to six; `<want>` is a named group of alternatives; `_` is a space; `(a|b)?` may be left out.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

_GROUP = re.compile(r"<(\w+)>")
_GAP = re.compile(r"~(\d*)")
_WORD = re.compile(r"\w+")
_PLAIN_WORD = re.compile(r"([a-z0-9]+)(\*?)(?:[_ ].*)?")


@dataclass(frozen=True)
class Pattern:
    """A line as an expression; it can only match a text with one of `beginnings` (see the function of that name).

    None: the line may begin with anything, and every text is searched.
    """

    expression: str
    beginnings: frozenset[str] | None

    # Most lines wait long for a text that could match them; all of them together take a third of a second.
    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The expression, compiled when it is first needed."""
        return re.compile(self.expression)

    def may_match(self, begins: frozenset[str]) -> bool:
        """Tell whether a text with these beginnings is worth searching."""
        return self.beginnings is None or not self.beginnings.isdisjoint(begins)


@dataclass(frozen=True)
class Block:
    """The patterns of one rule in order, those of them that match anywhere, and the beginnings of the others."""

    patterns: tuple[Pattern, ...]
    anywhere: tuple[Pattern, ...]
    beginnings: frozenset[str]

    def found_in(self, text: str) -> bool:
        """Tell whether one of the patterns matches somewhere in the text."""
        return any(pattern.search(text) for pattern in self.worth_searching(text))

    def worth_searching(self, text: str) -> Iterator[re.Pattern[str]]:
        """Yield the expressions that may match a text, or one made of it by taking words away."""
        begins = beginnings(text)
        searched = self.anywhere if self.beginnings.isdisjoint(begins) else self.patterns
        return (pattern.regex for pattern in searched if pattern.may_match(begins))


# A message is searched for some twenty rules, whole, and again by clauses.
@lru_cache(maxsize=64)
def beginnings(text: str) -> frozenset[str]:
    """Return every way a word of the text begins, and each whole word followed by a space."""
    words = frozenset(_WORD.findall(text))
    stems = {word[:length] for word in words for length in range(1, len(word) + 1)}
    return frozenset(stems.union(f"{word} " for word in words))


def block_of(patterns: Iterable[Pattern]) -> Block:
    """Put patterns together."""
    kept = tuple(patterns)
    anywhere = tuple(pattern for pattern in kept if pattern.beginnings is None)
    return Block(kept, anywhere, frozenset[str]().union(*(pattern.beginnings or () for pattern in kept)))


def expand(line: str, groups: Mapping[str, str]) -> str:
    """Return the regular expression of one pattern line, without its word boundaries."""
    out: list[str] = []
    tokens = line.split()
    while tokens and _GAP.fullmatch(tokens[-1]):
        tokens.pop()
    for index, token in enumerate(tokens):
        gap = _GAP.fullmatch(token)
        if gap:
            out.append(rf"(?:\w+\W+){{0,{int(gap.group(1) or 3)}}}")
            continue
        word = token.removesuffix("?").replace("*", r"\w*").replace("_", r"\W+")
        word = _GROUP.sub(lambda m: f"(?:{_alternatives(m.group(1), groups)})", word)
        parted = word + r"\W+" if index + 1 < len(tokens) else word
        out.append(f"(?:{parted})?" if token.endswith(")?") else parted)
    return "".join(out)


def _alternatives(name: str, groups: Mapping[str, str]) -> str:
    return "|".join(expand(part, groups) for part in groups[name].split(" | "))


def compile_block(block: str, groups: Mapping[str, str]) -> Block:
    """Compile every line of a block to a whole-word pattern."""
    lines = [line.strip() for line in block.splitlines()]
    return block_of(_compiled(line, groups) for line in lines if line)


def _compiled(line: str, groups: Mapping[str, str]) -> Pattern:
    return Pattern(rf"(?<!\w)(?:{expand(line, groups)})(?!\w)", _first_words(line.split()[0], groups))


def _first_words(token: str, groups: Mapping[str, str]) -> frozenset[str] | None:
    """Return what a match can begin with, as `beginnings` writes it; None when that cannot be told."""
    choices = token[1:-1].split("|") if token.startswith("(") and token.endswith(")") else [token]
    found: set[str] = set()
    for choice in choices:
        named = _GROUP.fullmatch(choice)
        inside = groups[named.group(1)].split(" | ") if named else [choice]
        for first in (_PLAIN_WORD.fullmatch(one) for one in inside):
            if first is None:
                return None
            found.add(first.group(1) if first.group(2) else f"{first.group(1)} ")
    return frozenset(found)
