"""A small pattern language for rules a person can read, compiled to regular expressions.

Words are parted by spaces; `refund*` is any word starting so; `~` stands for up to three words between,
`~6` for up to six; `<want>` is a named group of alternatives; `_` is a space; `(a|b)?` may be left out.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_GROUP = re.compile(r"<(\w+)>")
_GAP = re.compile(r"~(\d*)")
_PLAIN_WORD = re.compile(r"([a-z0-9]+)(\*?)(?:[_ ].*)?")


@dataclass(frozen=True)
class Pattern:
    """A compiled line; it can only match a text that holds one of `words` or a word with one of `stems`.

    Both empty: the line may begin with anything, and every text is searched.
    """

    regex: re.Pattern[str]
    words: frozenset[str]
    stems: tuple[str, ...]

    def may_match(self, words: frozenset[str]) -> bool:
        """Tell whether a text of these words is worth searching."""
        if not self.words and not self.stems:
            return True
        return not self.words.isdisjoint(words) or any(word.startswith(self.stems) for word in words)


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


def compile_block(block: str, groups: Mapping[str, str]) -> tuple[Pattern, ...]:
    """Compile every line of a block to a whole-word pattern."""
    lines = [line.strip() for line in block.splitlines()]
    return tuple(_compiled(line, groups) for line in lines if line)


def _compiled(line: str, groups: Mapping[str, str]) -> Pattern:
    words, stems = _beginnings(line.split()[0], groups)
    regex = re.compile(rf"(?<!\w)(?:{expand(line, groups)})(?!\w)")
    return Pattern(regex, frozenset(words), tuple(stems))


def _beginnings(token: str, groups: Mapping[str, str]) -> tuple[set[str], set[str]]:
    """Return the words and word stems a match can begin with; nothing at all when that cannot be told."""
    choices = token[1:-1].split("|") if token.startswith("(") and token.endswith(")") else [token]
    words: set[str] = set()
    stems: set[str] = set()
    for choice in choices:
        named = _GROUP.fullmatch(choice)
        inside = groups[named.group(1)].split(" | ") if named else [choice]
        for first in (_PLAIN_WORD.fullmatch(one) for one in inside):
            if first is None:
                return set(), set()
            (stems if first.group(2) else words).add(first.group(1))
    return words, stems
