"""What a model holding a role is told: the rules for all, the role's own, the task at hand, the shape of its answer."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from casefile.base import Language, Role
from casefile.errors import BadInput
from prompts.catalogue import LANGUAGES
from prompts.files import only_keys, parse_mapping
from prompts.placeholders import parse
from prompts.tone import load_tone
from prompts.variant import SHIPPED, words_in

HERE = SHIPPED
ROLES: Mapping[Role, str] = {
    "A": "orchestrator_a",
    "B": "frontline_b",
    "C": "ops_c",
    "D": "specialist_d",
    "E": "data_e",
    "F": "content_f",
}
SHARED = ("global_guardrails", "decision_table", "injection_defence", "degraded", "output_contracts")
# What a model is asked to do, and which role does it; `prompts/tasks/` words each.
TASKS: Mapping[str, Role] = {
    "understand": "B",
    "draft": "B",
    "draft_sensitive": "B",
    "repair": "B",
    "qa": "A",
    "review": "D",
    "page_content": "D",
    "page_wording": "F",
}
# Who only says what a message asks for speaks as nobody, and needs no tone and no table.
READING = frozenset({"understand"})
# An answer that is no JSON: words for the customer, and nothing beside them.
WORDS = "words"
LANGUAGE_NAMES: Mapping[Language, str] = {"id": "Indonesian", "en": "English"}
# what `limits_words` must hold, each in words: the desk's name and its limits as they are enforced
LIMIT_WORDS = frozenset(
    {
        "desk_name",
        "free_reschedules",
        "quota_month",
        "cutoff",
        "refund",
        "questions",
        "clarifications",
        "max_turns",
        "ttl_minutes",
        "verification_attempts",
        "lock_minutes",
        "message_chars",
    }
)
_FRONT = frozenset({"version", "role", "returns"})


class _File(NamedTuple):
    version: int
    returns: str
    body: str


def role_prompt(
    role: Role,
    limits_words: Mapping[str, str],
    gate_table: str,
    folder: Path | None = None,
    *,
    task: str | None = None,
    language: Language | None = None,
) -> str:
    """Compose a system prompt with the limits in force and the gate's table in words.

    With a `task` it ends in that task and the one shape its answer has, and only the tone of its `language`.
    `folder` is a variant's, whose files win. Raises BadInput when `limits_words` is not exactly LIMIT_WORDS, a
    prompt asks for anything else, or the role does not do the task.
    """
    if odd := set(limits_words) ^ LIMIT_WORDS:
        raise BadInput(f"limits for role {role}: missing or unknown: {', '.join(sorted(odd))}")
    tone = load_tone(words_in(folder, "tone.yaml"))
    spoken = (language,) if language else LANGUAGES
    values = {
        **limits_words,
        "gate_table": gate_table,
        "language": LANGUAGE_NAMES[language] if language else "the conversation's language",
        "tone_do": _bullets(line for each in spoken for line in tone[each].do),
        "tone_dont": _bullets(line for each in spoken for line in tone[each].dont),
    }
    texts = [_filled(folder, name, values) for name in _files(role, task, folder)]
    if (
        task is not None
        and task not in READING
        and (returns := _read(folder, f"tasks/{task}").returns) != WORDS
    ):
        texts[-1] = _only(texts[-1], returns)
    return "\n\n".join(texts)


def prompt_parts(role: Role, task: str | None = None, folder: Path | None = None) -> tuple[str, ...]:
    """Return what a role's prompt is made of, in order: `file@version` each."""
    return tuple(
        f"{name.rpartition('/')[2]}@{_read(folder, name).version}" for name in _files(role, task, folder)
    )


def prompt_versions(folder: Path | None = None) -> Mapping[str, int]:
    """Return each prompt file's version."""
    names = [f"roles/{name}" for name in (*SHARED, *ROLES.values())] + [f"tasks/{name}" for name in TASKS]
    return {name.rpartition("/")[2]: _read(folder, name).version for name in names}


def _files(role: Role, task: str | None, folder: Path | None) -> tuple[str, ...]:
    if task is not None and TASKS.get(task) != role:
        allowed = ", ".join(name for name, doer in TASKS.items() if doer == role)
        raise BadInput(f"role {role} does no task {task!r}; its tasks: {allowed or 'none'}")
    guardrails, table, injection, degraded, contracts = (f"roles/{name}" for name in SHARED)
    own = f"roles/{ROLES[role]}"
    if task is None:
        return guardrails, own, table, injection, degraded, contracts
    if task in READING:
        return guardrails, injection, f"tasks/{task}"
    if _read(folder, f"tasks/{task}").returns == WORDS:
        # Who only words what is decided already needs no table to decide by, and no shape but that of words.
        return guardrails, own, injection, degraded, f"tasks/{task}"
    return guardrails, own, table, injection, degraded, f"tasks/{task}", contracts


def _filled(folder: Path | None, name: str, values: Mapping[str, str]) -> str:
    place = f"prompts/{name}.md"
    text = parse(_read(folder, name).body, place)
    if strange := text.names - set(values):
        allowed = ", ".join(sorted(values))
        raise BadInput(f"{place}: unknown placeholder {', '.join(sorted(strange))}; allowed: {allowed}")
    return text.fill(values)[0]


def _only(contracts: str, name: str) -> str:
    """Leave one contract of all."""
    lines = [line for line in contracts.splitlines() if not line.startswith("- **") or f"**{name}**" in line]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


def _read(folder: Path | None, name: str) -> _File:
    place = f"prompts/{name}.md"
    opening, *rest = words_in(folder, f"{name}.md").read_text(encoding="utf-8").split("---\n", 2)
    if opening or len(rest) != 2:
        raise BadInput(f"{place}: must open with front matter between two lines of ---")
    front, body = rest
    head = only_keys(parse_mapping(front, place), _FRONT, place)
    version = head.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise BadInput(f"{place}: version: {version!r} must be a whole number from 1 up")
    return _File(version, str(head.get("returns", "")), body.strip())


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
