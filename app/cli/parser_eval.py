"""`loket eval`: each set of examples a part of its own."""

from app.cli.parser import command, desk, json

# Importing typing would cost more than argparse does.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from app.cli.parser import Group


def evaluating(commands: "Group") -> None:
    """Add them."""
    sets = commands.add_parser("eval", help="measure against examples").add_subparsers(
        required=True, metavar="SET"
    )
    understanding = command(
        sets,
        "understanding",
        "eval_understanding",
        "how messages nobody trained on are understood, without a model; exit 1 when a target is missed",
    )
    understanding.add_argument(
        "-v", dest="lines", action="store_true", help="also show each line that came out otherwise"
    )
    desk(understanding)
    json(understanding)
