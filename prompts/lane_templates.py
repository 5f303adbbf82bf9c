"""Lane templates: loaded and checked once, filled with escaped values, kept within one Telegram message."""

import re
from collections.abc import Mapping
from pathlib import Path

from casefile.base import Frozen, Language
from casefile.errors import BadInput
from prompts.catalogue import LANGUAGES
from prompts.files import only_keys, read_mapping
from prompts.placeholders import Text, parse

LANE_CHARS = 4096
_SHORTEST = 40
_KEYS = frozenset({"version", "text", "shorten"})
_TAG = re.compile(r"<(/?)(b|i|code|blockquote)>")


class LaneTemplate(Frozen):
    """One lane message; only the values named in `shorten` may be cut to fit."""

    text: Text
    shorten: frozenset[str]


class LaneTemplates(Frozen):
    """All lane messages in every language."""

    templates: Mapping[tuple[str, Language], LaneTemplate]

    @classmethod
    def load(cls, shared_dir: Path) -> "LaneTemplates":
        """Load `lane.<language>.yaml`; raises BadInput naming file, key and what is allowed."""
        found: dict[tuple[str, Language], LaneTemplate] = {}
        for language in LANGUAGES:
            path = shared_dir / f"lane.{language}.yaml"
            for name, raw in read_mapping(path).items():
                found[(name, language)] = _template(raw, f"{path}: {name}")
        for name in {name for name, _ in found}:
            both = [found.get((name, language)) for language in LANGUAGES]
            if both[0] is None or both[1] is None:
                raise BadInput(f"{shared_dir}: lane template {name!r} is there in one language only")
            if (both[0].text.names, both[0].text.required, both[0].shorten) != (
                both[1].text.names,
                both[1].text.required,
                both[1].shorten,
            ):
                raise BadInput(f"{shared_dir}: lane template {name!r}: id and en differ in their values")
        return cls(templates=found)

    def post(self, template_id: str, language: Language, values: Mapping[str, str]) -> str:
        """Render a lane message as Telegram HTML of at most 4096 characters.

        Every value is escaped; long ones that may be shortened end in "…". Raises BadInput for an unknown
        template, missing or strange values, or when what must be shown whole does not fit.
        """
        template = self.templates.get((template_id, language))
        if template is None:
            raise BadInput(f"there is no lane template {template_id!r} in {language!r}")
        names = template.text.names
        if set(values) != names:
            odd = ", ".join(sorted(set(values) ^ names))
            raise BadInput(f"lane template {template_id!r}: missing or unknown value: {odd}")
        if empty := sorted(name for name in template.text.required if not values[name]):
            raise BadInput(f"lane template {template_id!r}: empty value {', '.join(empty)}")
        return _fit(template, dict(values), template_id)


def escape(value: str) -> str:
    """Escape the three characters Telegram's HTML reads as markup."""
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _fit(template: LaneTemplate, values: dict[str, str], template_id: str) -> str:
    while True:
        html, _ = template.text.fill({name: escape(value) for name, value in values.items()})
        over = len(html) - LANE_CHARS
        if over <= 0:
            return html
        longest = max(template.shorten, key=lambda name: (len(values[name]), name), default="")
        length = len(values.get(longest, ""))
        if length <= _SHORTEST:
            raise BadInput(
                f"lane template {template_id!r}: what must stay whole is {over} characters too long"
            )
        # escaping makes some characters longer, so a cut by `over` may be too much: halve at the most
        keep = max(_SHORTEST, length // 2, length - over - 1)
        values[longest] = values[longest][: keep - 1].rstrip() + "…"


def _template(raw: object, place: str) -> LaneTemplate:
    entry = only_keys(raw, _KEYS, place)
    version, text = entry.get("version"), entry.get("text")
    if not isinstance(version, int) or version < 1:
        raise BadInput(f"{place}: version: {version!r} must be a whole number from 1 up")
    if not isinstance(text, str) or not text.strip():
        raise BadInput(f"{place}: text: must be words")
    parsed = parse(text, f"{place}: text")
    shorten = frozenset(entry.get("shorten", ()))
    if strange := shorten - parsed.names:
        raise BadInput(f"{place}: shorten: {', '.join(sorted(strange))} does not occur in the text")
    # an optional part can vanish, so it must be sound by itself and so must what is left
    _check_html("".join(part.text for part in parsed.parts if not part.optional), place)
    for part in parsed.parts:
        _check_html(part.text, place)
    return LaneTemplate(text=parsed, shorten=shorten)


def _check_html(text: str, place: str) -> None:
    rest = _TAG.sub("", text)
    if any(mark in rest for mark in "<>&"):
        raise BadInput(f"{place}: only <b>, <i>, <code> and <blockquote> may be used, without attributes")
    open_tags: list[str] = []
    for closing, tag in _TAG.findall(text):
        if not closing:
            open_tags.append(tag)
        elif not open_tags or open_tags.pop() != tag:
            raise BadInput(f"{place}: </{tag}> closes nothing")
    if open_tags:
        raise BadInput(f"{place}: <{open_tags[-1]}> is not closed")
