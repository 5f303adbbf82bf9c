"""The catalogue of customer templates: which there are, what each may mention, both languages alike."""

from collections.abc import Mapping
from pathlib import Path

from casefile.base import Frozen, Language
from casefile.errors import BadInput
from prompts.files import only_keys, read_mapping
from prompts.placeholders import Text, parse

LANGUAGES: tuple[Language, ...] = ("id", "en")
# a "pending verification" form says when the answer will come instead of the answer
PENDING_ONLY = frozenset({"time_window"})
_KEYS = frozenset({"version", "text", "pending", "facts", "states"})


class Template(Frozen):
    """One customer template in one language.

    `label` is its version, with the desk's name if it has one; `facts` are the variables whose values are
    factual, `states` the words of its own that state something (a day, a number, a status, our name).
    """

    label: str
    text: Text
    pending: Text | None
    facts: frozenset[str]
    states: tuple[str, ...]


def load_variables(path: Path) -> dict[str, frozenset[str]]:
    """Load which templates there are and what each may mention."""
    found: dict[str, frozenset[str]] = {}
    for name, entry in read_mapping(path).items():
        if not isinstance(entry, list) or not all(isinstance(item, str) for item in entry):
            raise BadInput(f"{path}: {name}: must be a list of variable names, [] when it has none")
        found[name] = frozenset(entry)
    return found


def added_variables(folders: list[Path], general: set[str]) -> dict[str, frozenset[str]]:
    """Load the templates that folders have besides the general ones, each worded there in both languages."""
    found: dict[str, frozenset[str]] = {}
    for path in (folder / "variables.yaml" for folder in folders):
        added = load_variables(path) if path.exists() else {}
        if twice := set(added) & (general | set(found)):
            raise BadInput(
                f"{path}: {listed(twice)}: there is a template of this name already; choose another"
            )
        for language in LANGUAGES:
            worded = read_mapping(path.with_name(f"{language}.yaml")) if added else {}
            if missing := set(added) - set(worded):
                raise BadInput(f"{path.with_name(f'{language}.yaml')}: missing {listed(missing)}")
        found |= added
    return found


def load_templates(
    path: Path, variables: Mapping[str, frozenset[str]], base: Mapping[str, Template], suffix: str
) -> dict[str, Template]:
    """Load one language's templates; what one leaves out (facts, pending form) comes from `base`."""
    found: dict[str, Template] = {}
    for name, raw in read_mapping(path).items():
        place = f"{path}: {name}"
        if name not in variables:
            raise BadInput(f"{place}: no such template; the names are in customer.variables.yaml")
        entry = only_keys(raw, _KEYS, place)
        version = entry.get("version")
        if not isinstance(version, int) or isinstance(version, bool) or version < 1:
            raise BadInput(f"{place}: version: {version!r} must be a whole number from 1 up")
        text = _text(entry.get("text"), variables[name], f"{place}: text")
        if unsaid := variables[name] - text.names:
            raise BadInput(f"{place}: text: must mention {listed(unsaid)}")
        pending = entry.get("pending")
        inherited = base.get(name)
        facts = frozenset(entry.get("facts", inherited.facts if inherited else ()))
        if strange := facts - variables[name] - PENDING_ONLY:
            raise BadInput(
                f"{place}: facts: {listed(strange)} is no variable of it; {_allowed(variables[name])}"
            )
        found[name] = Template(
            label=f"{version}{suffix}",
            text=text,
            pending=_text(pending, variables[name] | PENDING_ONLY, f"{place}: pending")
            if pending is not None
            else (inherited.pending if inherited else None),
            facts=facts | PENDING_ONLY,
            states=_states(entry.get("states", []), text, f"{place}: states"),
        )
    return found


def _text(raw: object, allowed: frozenset[str], place: str) -> Text:
    if not isinstance(raw, str) or not raw.strip() or raw != raw.strip():
        raise BadInput(f"{place}: must be words without blanks around them")
    text = parse(raw, place)
    if strange := text.names - allowed:
        raise BadInput(f"{place}: unknown placeholder {listed(strange)}; {_allowed(allowed)}")
    return text


def _states(raw: object, text: Text, place: str) -> tuple[str, ...]:
    if not isinstance(raw, list) or not all(isinstance(words, str) and words for words in raw):
        raise BadInput(f"{place}: must be a list of words")
    if absent := [words for words in raw if words not in text.literal]:
        raise BadInput(f"{place}: {absent[0]!r} does not stand in the text")
    return tuple(raw)


def load_labels(path: Path, language: Language) -> dict[tuple[str, Language], str]:
    """Load one language's short phrases."""
    found: dict[tuple[str, Language], str] = {}
    for key, words in read_mapping(path).items():
        if not isinstance(words, str) or not words.strip():
            raise BadInput(f"{path}: {key}: must be words")
        found[(key, language)] = words
    return found


def check_alike(
    templates: Mapping[tuple[str, Language], Template],
    variables: Mapping[str, frozenset[str]],
    place: Path,
) -> None:
    """Refuse templates whose languages take different values."""
    for name in variables:
        mine, other = (templates[(name, language)] for language in LANGUAGES)
        for what, first, second in (
            ("optional parts", mine.text.required, other.text.required),
            ("facts", mine.facts, other.facts),
            ("pending form", _names(mine.pending), _names(other.pending)),
        ):
            if first != second:
                raise BadInput(f"{place}: {name}: the {what} of id and en differ")


def _names(text: Text | None) -> frozenset[str] | None:
    return text.names if text is not None else None


def check_same(wanted: set[str], found: set[str], place: str) -> None:
    """Refuse a set of names that is not the wanted one."""
    if missing := wanted - found:
        raise BadInput(f"{place}: missing {listed(missing)}")
    if strange := found - wanted:
        raise BadInput(f"{place}: not wanted there: {listed(strange)}")


def _allowed(names: frozenset[str]) -> str:
    return f"allowed: {listed(names) or 'none'}"


def listed(names: set[str] | frozenset[str]) -> str:
    """Write names in a row, in order."""
    return ", ".join(sorted(names))
