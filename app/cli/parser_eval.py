"""`loket eval`: each set of examples a part of its own."""

from app.cli.parser import command, desk, json

# Importing typing would cost more than argparse does.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Sequence

    from app.cli.parser import Group

# What follows `loket eval` and is no set of golden conversations.
OTHERS = ("golden", "redteam", "understanding", "accept", "compare", "-h", "--help")
KEPT = "var/evals"


def in_full(argv: "Sequence[str]") -> "Sequence[str]":
    """Write `loket eval school` out as `loket eval golden school`."""
    if argv[:1] != ["eval"] or (len(argv) > 1 and argv[1] in OTHERS):
        return argv
    return ["eval", "golden", *argv[1:]]


def evaluating(commands: "Group") -> None:
    """Add them."""
    desks = commands.add_parser("desk", help="a desk's folder").add_subparsers(required=True, metavar="WHAT")
    check = command(desks, "check", "desk", "look a desk's folder through and play its own scripts")
    check.add_argument("folder", help="the folder that holds its desk.yaml, wherever it lies")
    check.add_argument("--no-scripts", action="store_true", help="look through the files only")
    json(check)
    sets = commands.add_parser(
        "eval",
        help="measure against examples: `loket eval school` plays that desk's golden conversations",
        description="Measure against examples. `loket eval [SET]` is short for `loket eval golden [SET]`.",
    ).add_subparsers(required=True, metavar="SET")
    golden = command(
        sets,
        "golden",
        "eval_golden",
        "play golden conversations through the real graph, and say what changed; exit 1 when one fails",
    )
    golden.add_argument(
        "set", nargs="?", default="school", metavar="SET|PATH", help="which (default: school)"
    )
    redteam = command(
        sets, "redteam", "eval_golden", "play attacks, and check that nothing happened that never may"
    )
    redteam.add_argument("set", nargs="?", default="redteam", metavar="PATH", help="another file of attacks")
    for one in (golden, redteam):
        _played(one)
        json(one)
    accept = command(
        sets,
        "accept",
        "eval_runs",
        "take a run for the one later ones are compared with; none may have failed",
    )
    accept.add_argument(
        "run", nargs="?", default="last", metavar="RUN", help="its id (default: the last one)"
    )
    compare = command(
        sets, "compare", "eval_runs", "two runs side by side: which conversations differ, and how"
    )
    compare.add_argument("before", metavar="A", help="a run: its id, a file, last or accepted")
    compare.add_argument("after", metavar="B", help="the other one")
    for one in (accept, compare):
        one.add_argument("--into", metavar="DIR", default=KEPT, help=f"where runs are kept (default: {KEPT})")
    understanding = command(
        sets,
        "understanding",
        "eval_understanding",
        "how messages nobody trained on are understood, without a model; exit 1 when a target is missed",
    )
    understanding.add_argument(
        "-v", dest="lines", action="store_true", help="also show each line that came out otherwise"
    )
    understanding.add_argument(
        "--left-out",
        action="store_true",
        help="measure the examples instead, each by a classifier trained without its author and its topic",
    )
    desk(understanding)
    json(understanding)


def _played(made: "ArgumentParser") -> None:
    """Let it be played in another variant, more than once, or in part."""
    made.add_argument("--epochs", type=int, default=1, metavar="K", help="play each so often, for pass^K")
    made.add_argument("--only", metavar="WORDS", help="only those with these words in name or topic")
    made.add_argument("--prompts", metavar="DIR", help="with the words of this folder over the shipped ones")
    made.add_argument(
        "--limits", action="append", default=[], metavar="KEY=VALUE", help="with another limit of desk.yaml"
    )
    made.add_argument(
        "--release", metavar="ID|DIR", help="with the knowledge of another release, or of a folder"
    )
    made.add_argument(
        "--model", metavar="NAME", help="with this model of config.yaml for every task, none, or sandbox:MOOD"
    )
    made.add_argument("--jobs", type=int, metavar="N", help="so many side by side (default: two a core)")
    made.add_argument("--into", metavar="DIR", default=KEPT, help=f"where runs are kept (default: {KEPT})")
