"""The argument parser of `loket` and the options its commands share, with no more to import than they need."""

import argparse
import os

COLUMNS = 80
WHO = "who you are: a staff id or name (records/staff.yaml)"
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    Group: TypeAlias = "argparse._SubParsersAction[Parser]"


class Parser(argparse.ArgumentParser):
    """Words its help with `Help`; so do the parsers below it."""

    def __init__(self, **named: "Any") -> None:
        super().__init__(formatter_class=Help, **named)


class Help(argparse.HelpFormatter):
    """Looks the width up itself: what argparse would ask takes a quarter of its own time to import."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_columns() - 2)


def _columns() -> int:
    try:
        return int(os.environ.get("COLUMNS", 0)) or os.get_terminal_size().columns or COLUMNS
    except (ValueError, OSError):
        return COLUMNS


def command(commands: "Group", name: str, module: str, words: str) -> argparse.ArgumentParser:
    """Add a command with what every one has; `module` is where it is done."""
    made: argparse.ArgumentParser = commands.add_parser(
        name, help=words, description=words[0].upper() + words[1:] + "."
    )
    made.add_argument("--config", metavar="FILE", help="another config.yaml")
    made.set_defaults(module=module, action=name)
    return made


def json(made: argparse.ArgumentParser) -> None:
    """Let it be machine-readable."""
    made.add_argument("--json", action="store_true", help="machine-readable")


def home(made: argparse.ArgumentParser) -> None:
    """Let it work on a demo."""
    made.add_argument("--home", metavar="DIR", help="work on the demo in this folder instead (var/demo)")


def desk(made: argparse.ArgumentParser) -> None:
    """Let it name a desk."""
    made.add_argument("--desk", metavar="NAME", help="which desk (default: the first of the config)")


def lang(made: argparse.ArgumentParser) -> None:
    """Let it speak either language."""
    made.add_argument("--lang", choices=("id", "en"), default="en", help="the language people read it in")


def contact(commands: "Group") -> None:
    """Add `contact`, for what one person may ask of us."""
    actions = commands.add_parser("contact", help="one person's data").add_subparsers(required=True)
    does = {"export": "all that is held about a contact", "erase": "take a contact out of every store"}
    for name, words in does.items():
        part = command(actions, name, "contact", words)
        part.add_argument("contact", help="their id, phone (E.164), email or other alias")
        part.add_argument("--approval", metavar="ID", help="the privacy request a coach approved")
        part.add_argument("--by", metavar="STAFF", help=f"without an approval: {WHO}")
        part.add_argument("--reason", metavar="TEXT", help="without an approval: why")
        part.add_argument("--to", metavar="DIR", help="where the files go (default: contacts/)")
        home(part)


def bench(commands: "Group") -> None:
    """Add `bench`, which works on files of its own and so takes no config."""
    made = commands.add_parser(
        "bench", help="measure against the targets, beside a stock build", description="Measure Loket."
    )
    made.set_defaults(module="bench", action="bench")
    made.add_argument("--rounds", type=int, default=3, metavar="N", help="medians of so many (default: 3)")
    made.add_argument(
        "--only",
        action="append",
        metavar="NAME",
        help="one part only (may be given again); soak runs only so",
    )
    made.add_argument("--json", metavar="PATH", help="where the figures are kept (default: var/bench.json)")
    made.add_argument(
        "--messages", type=int, default=100_000, metavar="N", help="how long a soak is (default: 100000)"
    )
    made.add_argument(
        "--simulate",
        action="store_true",
        help="work out from the figures what more requests a day would need",
    )
    made.add_argument("--seed", type=int, default=1, metavar="N", help="of the simulation (default: 1)")
