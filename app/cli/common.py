"""What the commands share: settings, the database they work on, who is at the keyboard, tables."""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from textwrap import indent, wrap
from typing import Any

from app.database import backend_of
from app.desk_settings import DeskConfig
from app.settings import ROOT, SandboxConfig, Settings, load
from casefile.errors import BadInput
from casefile.records import StaffMember
from store.database import Backend, Database

WIDTH = 110
# The arguments in which a case's id stands.
NAMES_A_CASE = ("case", "task", "key", "lesson")


def settings_of(args: argparse.Namespace) -> Settings:
    """Load the settings of the desk a command is about.

    That is the one that is named, or whose case is; else the only one there is, or that has a store. BadInput
    where that leaves several. `--home` points at a demo's stores and clock.
    """
    every = every_desk(args)
    if args.desk is not None:
        return every.alone(args.desk)
    if len(every.desks) == 1:
        return every
    named = " ".join(str(vars(args).get(name)) for name in NAMES_A_CASE)
    meant = [one for one in every.each if f"{one.desks[0][1].case_prefix}-" in named]
    if args.command == "shop":
        meant = [one for one in every.each if one.desks[0][1].sells]
    # Where none has one yet, the command says of the first that there is none.
    meant = meant or [one for one in every.each if backend_of(one).exists()] or [every.each[0]]
    if len(meant) != 1:
        names = ", ".join(desk.name for _, desk in every.desks)
        raise BadInput(f"there are several desks; say which with --desk: {names}")
    return meant[0]


def every_desk(args: argparse.Namespace) -> Settings:
    """Load the settings with every desk in them; `--home` points them at a demo's stores and clock."""
    settings = load(config_path(args))
    home = getattr(args, "home", None)
    if home is None:
        return settings
    shared = settings.shared.model_copy(
        update={
            "database": settings.shared.database.model_copy(
                update={"path": Path(home) / "loket.db", "url": None}
            ),
            "sandbox": settings.shared.sandbox.model_copy(update={"state_dir": Path(home)}),
        }
    )
    return settings.model_copy(update={"shared": shared})


def config_path(args: argparse.Namespace) -> Path:
    """Return the config that was named, else the one here, else the one beside the code."""
    if args.config is not None:
        return Path(args.config)
    here = Path("config.yaml")
    return here if here.exists() else ROOT / "config.yaml"


def desk_files(args: argparse.Namespace) -> Settings:
    """Load the settings of a desk whose files are looked at: the one named, else the first of the config."""
    settings = load(config_path(args))
    return settings.alone(args.desk or settings.desks[0][1].name)


def desk_config(settings: Settings) -> DeskConfig:
    """Return the first desk's own settings."""
    return settings.desks[0][1]


def existing(settings: Settings) -> Backend:
    """Return the database that is there; BadInput when there is none yet."""
    backend = backend_of(settings)
    if not backend.exists():
        where = settings.shared.database.url or backend.path
        raise BadInput(
            f"there is no database at {where}; `loket serve` makes it, and --home var/demo means the demo's"
        )
    return backend


@contextmanager
def database(settings: Settings) -> Iterator[Database]:
    """Open the existing database for a moment; a server may be running on it."""
    opened = Database.of(existing(settings))
    try:
        yield opened
    finally:
        opened.close()


def person(people: Sequence[StaffMember], who: str) -> StaffMember:
    """Find who is at the keyboard by id or name; BadInput lists who there is."""
    wanted = who.casefold()
    found = [
        p for p in people if wanted in {p.id.casefold(), p.name.casefold(), p.name.split()[0].casefold()}
    ]
    if len(found) != 1:
        known = ", ".join(f"{p.id} ({p.name})" for p in people)
        raise BadInput(f"--by {who!r} is nobody known here; known are {known}")
    return found[0]


def not_sandboxed(settings: Settings) -> Settings:
    """Return the settings on the wall's clock, whatever stage they were made for."""
    shared = settings.shared.model_copy(update={"sandbox": SandboxConfig()})
    return settings.model_copy(update={"shared": shared})


def say(text: str = "") -> None:
    """Print a line for people, at once even into a pipe."""
    print(text, flush=True)


def complain(text: str) -> None:
    """Print a line about what is not in order, apart from the answer."""
    print(text, file=sys.stderr, flush=True)


def say_json(value: Any) -> None:
    """Print one JSON value on a line of its own, in UTF-8 whatever the terminal."""
    sys.stdout.buffer.write(json.dumps(value, ensure_ascii=False, default=str).encode() + b"\n")
    sys.stdout.buffer.flush()


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return rows in aligned columns under their heads."""
    lines = [heads, *rows]
    widths = [max(len(str(line[i])) for line in lines) for i in range(len(heads))]
    padded = [
        "  ".join(str(c).ljust(w) for c, w in zip(line, widths, strict=True)).rstrip() for line in lines
    ]
    return "\n".join(padded)


def block(text: str, margin: str) -> str:
    """Return a text wrapped to the terminal's width, every line behind a margin."""
    width = WIDTH - len(margin)
    lines = [part for line in text.splitlines() for part in (wrap(line, width) or [""])]
    return indent("\n".join(lines), margin, lambda _: True)
