"""`loket replay`: a case's turns, node by node, run again from their records; differences are said and counted."""

import argparse
import asyncio
from pathlib import Path
from typing import Any

import yaml

from agents.work import Desk
from app.cli.common import database, say, say_json, settings_of
from app.cli.replay_words import data, lines
from app.desk import desk_for
from app.desk_settings import read_desk
from app.settings import Settings, load
from app.wire import config_digest
from casefile.errors import BadInput
from graph.record import TurnRecord, unpacked
from graph.replay import Replayed, replay, what_if
from policies.privacy import mask_phone
from store.views import Views


def run(args: argparse.Namespace) -> int:
    """Run a case's turns again; 1 when one of them comes out otherwise than it did."""
    settings = settings_of(args)
    records = _records(settings, args.case)
    # The public holidays are those of the year the case was worked in.
    year = records[0].now.year
    desk = desk_for(*settings.desks[0], year, settings.words)
    other = _other(args.other, settings, year) if args.other else None
    turns, otherwise = asyncio.run(_again(records, desk, other))
    shown = [turn for turn in turns if turn.record.turn >= args.first]
    if not shown:
        raise BadInput(f"--from {args.first}: {args.case} has turns up to {turns[-1].record.turn}")
    beside = {turn.record.turn: turn for turn in otherwise}
    if args.json:
        say_json(_data(args.case, records, shown, beside, config_digest(desk)))
    else:
        for turn in shown:
            say(lines(turn, beside.get(turn.record.turn), desk.rules.zone, args.lang))
        say(_ending(shown, otherwise))
    return 1 if any(turn.differences for turn in shown) else 0


async def _again(
    records: list[TurnRecord], desk: Desk, other: Desk | None
) -> tuple[tuple[Replayed, ...], tuple[Replayed, ...]]:
    turns = await replay(records, desk)
    return turns, (await what_if(turns, other) if other else ())


def _records(settings: Settings, case_id: str) -> list[TurnRecord]:
    with database(settings) as opened:
        found = [unpacked(body) for _, _, body in Views(opened, mask_phone).records(case_id)]
    # Retention may have taken the oldest; a keyframe is the first turn there is anything to stand on.
    while found and found[0].before is None:
        found.pop(0)
    if not found:
        raise BadInput(
            f"there are no turns of a case {case_id!r} to run again; `loket cases list` shows the cases"
        )
    return found


def _other(path: str, settings: Settings, year: int) -> Desk:
    """Return the desk another config.yaml or desk.yaml describes, or this one with another folder's words."""
    file = Path(path)
    if file.is_dir():
        return desk_for(*settings.desks[0], year, file)
    if not file.is_file():
        raise BadInput(
            f"--with {path}: there is no such file; give a config.yaml, a desk.yaml or a folder of words"
        )
    try:
        raw: Any = yaml.safe_load(file.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise BadInput(f"--with {path}: is not YAML: {error}") from error
    config = load(file).desks[0][1] if isinstance(raw, dict) and "desks" in raw else read_desk(file)
    return desk_for(settings.desks[0][0], config, year, settings.words)


def _data(
    case_id: str, records: list[TurnRecord], shown: list[Replayed], beside: dict[int, Replayed], config: str
) -> dict[str, Any]:
    return {
        "case": case_id,
        "config_then": sorted({record.config for record in records}),
        "config_now": config,
        "same": not any(turn.differences for turn in shown),
        "turns": [data(turn, beside.get(turn.record.turn)) for turn in shown],
    }


def _ending(shown: list[Replayed], otherwise: tuple[Replayed, ...]) -> str:
    different = [turn for turn in shown if turn.differences]
    numbers = ", ".join(str(turn.record.turn) for turn in different)
    said = f"{len(shown)} turns run again: "
    said += f"turn {numbers} came out otherwise." if different else "each came out exactly as it did."
    first = shown[0].record.turn
    changed = [
        str(t.record.turn) for t in otherwise if t.record.turn >= first and t.verdict != t.record.verdict
    ]
    if otherwise and changed:
        said += f"\nUnder the other config the verdict of turn {', '.join(changed)} would have differed."
    elif otherwise:
        said += "\nUnder the other config every verdict would have been the same."
    return said
