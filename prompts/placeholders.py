"""The whole template language: `{name}` puts a value in, `[[...]]` is dropped when a value in it is empty."""

import re
from collections.abc import Mapping

from casefile.base import Frozen
from casefile.errors import BadInput

TOKEN = re.compile(r"\{([a-z][a-z_]*)\}")
_PART = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)


class Part(Frozen):
    """A stretch of a template; an optional one disappears when any of its values is empty."""

    text: str
    names: frozenset[str]
    optional: bool


class Text(Frozen):
    """A parsed template text."""

    parts: tuple[Part, ...]

    @property
    def names(self) -> frozenset[str]:
        """Every placeholder in the text."""
        return frozenset().union(*(part.names for part in self.parts))

    @property
    def required(self) -> frozenset[str]:
        """The placeholders that need a value that is not empty."""
        return frozenset().union(*(part.names for part in self.parts if not part.optional))

    @property
    def literal(self) -> str:
        """The words of the template itself, without any value."""
        return "".join(TOKEN.sub("", part.text) for part in self.parts)

    def fill(self, values: Mapping[str, str]) -> tuple[str, frozenset[str]]:
        """Put the values in, in one pass, and say which names ended up in the text.

        A value is never read as a template, whatever braces it holds. `values` must hold every name.
        """
        kept = [p for p in self.parts if not p.optional or all(values[name] for name in p.names)]
        text = "".join(TOKEN.sub(lambda found: values[found[1]], part.text) for part in kept)
        return text, frozenset().union(*(part.names for part in kept))


def parse(text: str, place: str) -> Text:
    """Parse a template text; raises BadInput at a stray brace or bracket, naming the place."""
    parts: list[Part] = []
    end = 0
    for found in _PART.finditer(text):
        parts.append(_part(text[end : found.start()], False, place))
        parts.append(_part(found[1], True, place))
        end = found.end()
    parts.append(_part(text[end:], False, place))
    return Text(parts=tuple(part for part in parts if part.text))


def _part(text: str, optional: bool, place: str) -> Part:
    names = frozenset(TOKEN.findall(text))
    rest = TOKEN.sub("", text)
    if "{" in rest or "}" in rest:
        raise BadInput(f"{place}: a placeholder is {{name}}, with a to z and _ only: {text.strip()!r}")
    if "[[" in rest or "]]" in rest:
        raise BadInput(f"{place}: an optional part is [[...]], not nested: {text.strip()!r}")
    if optional and not names:
        raise BadInput(f"{place}: an optional part needs a placeholder to depend on: {text.strip()!r}")
    return Part(text=text, names=names, optional=optional)
