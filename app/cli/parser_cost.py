"""The command that says what models cost."""

from app.cli.parser import command, home, json

# Importing typing would cost more than argparse does.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from app.cli.parser import Group

BY = ("day", "case", "tier", "desk", "role", "task", "model", "strength", "outcome", "call")


def costs(commands: "Group") -> None:
    """Add it."""
    cost = command(commands, "cost", "cost", "what models have cost, in tokens and rupiah")
    cost.add_argument(
        "--by", choices=BY, default="day", help="what to sum by (default: day); call lists each"
    )
    cost.add_argument("--case", metavar="CASE", help="each call of this case")
    cost.add_argument("--since", metavar="DAY", help="from this day of the desk on, such as 2026-11-23")
    cost.add_argument("--limit", type=int, default=100, help="at most so many calls (default: 100)")
    home(cost)
    json(cost)
