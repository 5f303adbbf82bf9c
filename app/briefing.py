"""What the models of one desk are told: the prompt pack, filled with the limits and rules that are enforced."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.desk_settings import DeskConfig
from casefile.base import Language, Role
from policies.desk import Rules
from policies.show import QUOTA_MONTH, decision_table
from prompts.pack import role_prompt


@dataclass(frozen=True, slots=True)
class Briefing:
    """One desk's limits and rules in words; `folder` is the variant its prompts are read from first."""

    limits: Mapping[str, str]
    table: str
    folder: Path | None

    def system(self, role: Role, task: str | None = None, language: Language | None = None) -> str:
        """Return what a model holding the role is told before anything of the case."""
        return role_prompt(role, self.limits, self.table, self.folder, task=task, language=language)


def briefing_of(config: DeskConfig, rules: Rules, folder: Path | None) -> Briefing:
    """Put the rules in force into words."""
    return Briefing(limits_words(config, rules), decision_table(rules, "en"), folder)


def limits_words(config: DeskConfig, rules: Rules) -> dict[str, str]:
    """Return the limits in force as a prompt states them."""
    limits = rules.limits
    return {
        "desk_name": config.title,
        "free_reschedules": str(limits.free_reschedules),
        "quota_month": QUOTA_MONTH[limits.quota_month]["en"].removeprefix("counted in "),
        "cutoff": limits.cutoff.words("en"),
        "refund": "none by default; any exception is a coach's decision and is documented",
        "questions": str(limits.questions_per_turn),
        "clarifications": str(limits.clarifications_per_case),
        "max_turns": str(limits.max_turns),
        "ttl_minutes": str(limits.snapshot_ttl_minutes),
        "verification_attempts": str(limits.verification_attempts),
        "lock_minutes": str(limits.verification_lock_minutes),
        "message_chars": str(limits.message_chars),
    }
