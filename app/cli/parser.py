"""The argument parser of `loket` and the options its commands share, with no more to import than they need."""

import argparse
import functools
import os

COLUMNS = 80
WHO = "who you are: a staff id or name (records/staff.yaml)"
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeAlias

    Group: TypeAlias = "argparse._SubParsersAction[Parser]"


class Parser(argparse.ArgumentParser):
    """Builds itself when it is first used: of a hundred commands one is asked for. Words its help with `Help`."""

    def __init__(self, **named: "Any") -> None:
        self._named = named
        self._later: list[Callable[[], object]] | None = []

    def __getattr__(self, name: str) -> "Any":
        """Build it, since nothing that argparse knows of it is there yet."""
        calls, self._later = self._later, None
        if calls is None:
            raise AttributeError(name)
        super().__init__(formatter_class=Help, **self._named)
        for call in calls:
            call()
        return getattr(self, name)

    def add_argument(self, *names: "Any", **named: "Any") -> "Any":
        """Take an option, now or when it is built."""
        return self._now_or_later(functools.partial(super().add_argument, *names, **named))

    def set_defaults(self, **named: "Any") -> None:
        """Take defaults, now or when it is built."""
        self._now_or_later(functools.partial(super().set_defaults, **named))

    def _now_or_later(self, call: "Callable[[], object]") -> object:
        if self._later is None:
            return call()
        self._later.append(call)
        return None


class Help(argparse.HelpFormatter):
    """Looks the width up itself: what argparse would ask takes a quarter of its own time to import."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_columns() - 2)


# Asked for every option of every command.
@functools.cache
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
    """Let it work on a desk's store, or on a demo's."""
    made.add_argument("--home", metavar="DIR", help="work on the demo in this folder instead (var/demo)")
    made.add_argument("--desk", metavar="NAME", help="whose, where there are several desks (a case says it)")


def desk(made: argparse.ArgumentParser, default: str = "the first of the config") -> None:
    """Let it name the desk whose files it is about."""
    made.add_argument("--desk", metavar="NAME", help=f"which desk (default: {default})")


def lang(made: argparse.ArgumentParser) -> None:
    """Let it speak either language."""
    made.add_argument("--lang", choices=("id", "en"), default="en", help="the language people read it in")
