"""The argument parser of `loket`, with no more to import than it needs."""

import argparse
import os

COLUMNS = 80
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


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
