"""Which template a finished text was made of, and which values stand in it."""

import re
from collections.abc import Mapping

from casefile.base import Frozen, Language
from prompts.placeholders import TOKEN, Part, Text
from prompts.render import Templates

# Fewer words of its own say nothing about where a text comes from.
LEAST = 12


class Recognised(Frozen):
    """A template (`wording` is its text, placeholders and all) and the values that were put in."""

    template_id: str
    wording: str
    values: dict[str, str]


def recognise(templates: Templates, text: str, language: Language) -> Recognised | None:
    """Return the template with the most words of its own that reads exactly like this text; None when none does."""
    found: list[tuple[int, Recognised]] = []
    for (name, spoken), template in templates.templates.items():
        own = len(template.text.literal)
        if spoken != language or own < LEAST or not _may_be(template.text, text):
            continue
        match = re.fullmatch(_pattern(template.text), text, re.DOTALL)
        if match is not None:
            values = {key: value for key, value in match.groupdict().items() if value}
            found.append((own, Recognised(template_id=name, wording=_wording(template.text), values=values)))
    return max(found, key=lambda one: one[0])[1] if found else None


def generalised(text: str, values: Mapping[str, str]) -> str:
    """Put placeholders back where the values of a template stand in other words, the longest first."""
    for name, value in sorted(values.items(), key=lambda item: -len(item[1])):
        if len(value) > 1:
            text = re.sub(rf"(?<![\w{{]){re.escape(value)}(?![\w}}])", f"{{{name}}}", text)
    return text


def _may_be(template: Text, text: str) -> bool:
    """Say whether every word a template always says stands in a text; most templates are out at once."""
    return all(p.optional or all(piece in text for piece in TOKEN.split(p.text)[::2]) for p in template.parts)


def _pattern(text: Text) -> str:
    named: set[str] = set()
    return "".join(f"(?:{_part(p, named)})?" if p.optional else _part(p, named) for p in text.parts)


def _part(part: Part, named: set[str]) -> str:
    said, end = "", 0
    for found in TOKEN.finditer(part.text):
        said += re.escape(part.text[end : found.start()])
        said += f"(?P={found[1]})" if found[1] in named else f"(?P<{found[1]}>.+?)"
        named.add(found[1])
        end = found.end()
    return said + re.escape(part.text[end:])


def _wording(text: Text) -> str:
    return "".join(f"[[{part.text}]]" if part.optional else part.text for part in text.parts)
