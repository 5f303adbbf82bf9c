"""`loket prompts list` and `loket prompts show`: what models are told, and what it is made of."""

import argparse
from pathlib import Path

from adapters.clock import SystemClock
from app.briefing import briefing_of
from app.cli.common import desk_files, say, table
from app.rules import rules_of
from casefile.base import Role
from prompts.pack import ROLES, TASKS, prompt_parts
from prompts.variant import TEMPLATES, check_variant, prompt_files


def run(args: argparse.Namespace) -> int:
    """Print the roles, tasks and files there are, or one prompt as it is sent."""
    settings = desk_files(args)
    folder = Path(args.prompts) if args.prompts else settings.words
    if folder is not None:
        check_variant(folder)
    if args.action == "list":
        _list(folder)
        return 0
    config = settings.desks[0][1]
    rules = rules_of(config, SystemClock().now().year)
    parts = ", ".join(prompt_parts(args.role, args.task, folder))
    say(f"[{parts}]\n")
    say(briefing_of(config, rules, folder).system(args.role, args.task, args.lang))
    return 0


def _list(folder: Path | None) -> None:
    asked: list[tuple[Role, str | None]] = [(role, None) for role in ROLES]
    asked += [(role, task) for task, role in TASKS.items()]
    rows = [
        (f"{role} {ROLES[role]}", task or "", " ".join(prompt_parts(role, task, folder)))
        for role, task in sorted(asked, key=lambda one: (one[0], one[1] or ""))
    ]
    say(table(("ROLE", "TASK", "MADE OF"), rows))
    if folder is not None:
        tried = [name for name in (*prompt_files(), *TEMPLATES) if (folder / name).is_file()]
        say(f"\n{folder} words its own: {', '.join(tried)}")
