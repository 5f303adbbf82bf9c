"""What a model holding a role is told: the rules for all, the role's own, and the shape of its answer."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from casefile.base import Role
from casefile.errors import BadInput
from prompts.catalogue import LANGUAGES
from prompts.files import parse_mapping
from prompts.placeholders import parse
from prompts.tone import load_tone

HERE = Path(__file__).parent
ROLES: Mapping[Role, str] = {
    "A": "orchestrator_a",
    "B": "frontline_b",
    "C": "ops_c",
    "D": "specialist_d",
    "E": "data_e",
    "F": "content_f",
}
SHARED = ("global_guardrails", "injection_defence", "degraded", "output_contracts")
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


def role_prompt(role: Role, limits_words: Mapping[str, str], gate_table: str, folder: Path = HERE) -> str:
    """Compose a role's system prompt with the limits in force and the gate's table in words.

    Raises BadInput when `limits_words` is not exactly LIMIT_WORDS or a prompt asks for anything else.
    """
    if odd := set(limits_words) ^ LIMIT_WORDS:
        raise BadInput(f"limits for role {role}: missing or unknown: {', '.join(sorted(odd))}")
    tone = load_tone(folder / "tone.yaml")
    values = {
        **limits_words,
        "gate_table": gate_table,
        "tone_do": _bullets(line for language in LANGUAGES for line in tone[language].do),
        "tone_dont": _bullets(line for language in LANGUAGES for line in tone[language].dont),
    }
    guardrails, *rest = SHARED
    return "\n\n".join(_filled(folder, name, values) for name in (guardrails, ROLES[role], *rest))


def prompt_versions(folder: Path = HERE) -> Mapping[str, int]:
    """Return each prompt file's version, for the record of a turn."""
    return {name: _read(folder, name)[0] for name in (*SHARED, *ROLES.values())}


def _filled(folder: Path, name: str, values: Mapping[str, str]) -> str:
    text = parse(_read(folder, name)[1], f"prompts/roles/{name}.md")
    if strange := text.names - set(values):
        raise BadInput(f"prompts/roles/{name}.md: unknown placeholder {', '.join(sorted(strange))}")
    return text.fill(values)[0]


def _read(folder: Path, name: str) -> tuple[int, str]:
    place = f"prompts/roles/{name}.md"
    opening, *rest = (folder / "roles" / f"{name}.md").read_text(encoding="utf-8").split("---\n", 2)
    if opening or len(rest) != 2:
        raise BadInput(f"{place}: must open with front matter between two lines of ---")
    front, body = rest
    version = parse_mapping(front, place).get("version")
    if not isinstance(version, int) or version < 1:
        raise BadInput(f"{place}: version: {version!r} must be a whole number from 1 up")
    return version, body.strip()


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
