"""`loket policy show`: the rules in force, for people."""

import argparse

from adapters.clock import SystemClock
from app.cli.common import desk_files, say
from app.rules import rules_of
from policies.show import show


def run(args: argparse.Namespace) -> int:
    """Print the rules."""
    config = desk_files(args).desks[0][1]
    now = SystemClock().now()
    rules = rules_of(config, now.year)
    say(show(rules, args.lang, now.astimezone(rules.zone).date()).rstrip("\n"))
    return 0
