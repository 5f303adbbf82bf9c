"""`loket eval understanding`: how messages nobody trained on are understood, beside the targets."""

import argparse

from app.cli.common import desk_files, say, say_json, table
from app.desk import UNDERSTANDING, reader_of
from casefile.errors import BadInput
from understanding.evaluate import Figure, Score, evaluate, evaluate_each, figures, load_held_out
from understanding.leave_out import left_out


def run(args: argparse.Namespace) -> int:
    """Read the desk's held-out lines; 1 when a target is missed."""
    settings = desk_files(args)
    home = settings.desks[0][0] / "understanding"
    lines = home / "heldout.yaml"
    if not lines.exists():
        raise BadInput(f"desk {settings.desks[0][1].name!r} has no held-out lines: {lines} is not there")
    reader = reader_of(*settings.desks[0], settings, settings.cache)
    if args.left_out:
        score = evaluate_each(left_out(reader, UNDERSTANDING, home))
    else:
        score = evaluate(reader, load_held_out(lines, reader.decider.cards))
    found = figures(score)
    if args.json:
        say_json(_values(score, found))
    else:
        for line in _otherwise(score) if args.lines else ():
            say(line)
        say(table(("figure", "ours", "target", ""), [_row(figure) for figure in found]))
    return 0 if all(figure.met for figure in found) else 1


def _row(figure: Figure) -> tuple[str, str, str, str]:
    share = f" of {figure.of}" if figure.of else ""
    asked = f"{'>=' if figure.at_least else '<='} {figure.target:g}"
    return figure.name, f"{figure.value:.3f}{share}", asked, "met" if figure.met else "MISSED"


def _values(score: Score, found: tuple[Figure, ...]) -> dict[str, object]:
    rows = [
        {
            "figure": figure.name,
            "value": round(figure.value, 4),
            "of": figure.of,
            "target": figure.target,
            "at_least": figure.at_least,
            "met": figure.met,
        }
        for figure in found
    ]
    return {"lines": score.lines, "met": all(figure.met for figure in found), "figures": rows}


def _otherwise(score: Score) -> list[str]:
    """Return each line that came out otherwise: what it is, what was read, how likely."""
    said = []
    for line, reading, tier in score.wrong:
        asked = "+".join(request.intent for request in reading.requests) or "asks"
        guesses = ", ".join(f"{guess.intent} {guess.confidence:.2f}" for guess in reading.guesses[:2])
        signals = " ".join(reading.signals)
        mark = "MISSED" if line.tier == "R3" and tier != "R3" else ""
        said.append(
            f"{mark:7}{line.author} {line.tier}->{tier} {line.intent} -> {asked} [{signals}] ({guesses}) {line.text}"
        )
    return said
