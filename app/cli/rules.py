"""`loket policy show` and `loket prompts show`: the rules in force, for people and for models."""

import argparse

from adapters.clock import SystemClock
from app.cli.common import only_desk, say, settings_of
from app.desk_settings import DeskConfig
from app.rules import rules_of
from policies.desk import Rules
from policies.show import QUOTA_MONTH, show
from prompts.pack import role_prompt


def run(args: argparse.Namespace) -> int:
    """Print the rules, or a role's prompt with the same rules in it."""
    settings = only_desk(settings_of(args), args.desk)
    config = settings.desks[0][1]
    now = SystemClock().now()
    rules = rules_of(config, now.year)
    today = now.astimezone(rules.zone).date()
    if args.command == "prompts":
        say(role_prompt(args.role, limits_words(config, rules), show(rules, "en", today)))
        return 0
    say(show(rules, args.lang, today).rstrip("\n"))
    return 0


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
