"""The commands that look back at what was sent, and learn from it."""

from app.cli.parser import WHO, command, home, json, lang

# Importing typing would cost more than argparse does.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from app.cli.parser import Group

WEEK = "an ISO week such as 2026-W47 (default: the last whole one)"


def learning(commands: "Group") -> None:
    """Add them."""
    _lessons(commands)
    reports = commands.add_parser("report", help="the figures of a week").add_subparsers(
        required=True, metavar="WHAT"
    )
    weekly = command(reports, "weekly", "report_weekly", "the figures of a week, as the ops lane has them")
    weekly.add_argument("--week", metavar="WEEK", help=WEEK)
    lang(weekly)
    home(weekly)
    json(weekly)
    parts = commands.add_parser("audit", help="look back at what was sent").add_subparsers(
        required=True, metavar="WHAT"
    )
    sample = command(parts, "sample", "audit", "pick which answers of a week people look at, once")
    sample.add_argument("--size", type=int, default=20, metavar="N", help="so many (default: 20)")
    label = command(parts, "label", "audit_label", "judge the answers of a week's sample, one by one")
    label.add_argument("--by", required=True, metavar="STAFF", help=WHO)
    label.add_argument(
        "--plain", action="store_true", help="show names and numbers that are masked otherwise"
    )
    label.add_argument("--id", dest="key", metavar="KEY", help="judge this one, without asking")
    label.add_argument("--label", choices=("correct", "incorrect", "risky"), help="with --id: what it is")
    label.add_argument(
        "--flaw",
        choices=("no_source", "invented_state", "wrong", "incomplete", "tone", "privacy"),
        help="with --id: what is wrong with it",
    )
    label.add_argument("--reason", default="", metavar="TEXT", help="with --id: why, in your words")
    for one in (sample, label):
        one.add_argument("--week", metavar="WEEK", help=WEEK)
    report = command(parts, "report", "audit_report", "what was found, and how sure the understanding is")
    report.add_argument("--weeks", type=int, default=4, metavar="N", help="the last so many (default: 4)")
    for one in (sample, report):
        json(one)
    for one in (sample, label, report):
        home(one)


def _lessons(commands: "Group") -> None:
    parts = commands.add_parser("learn", help="what people put right").add_subparsers(
        required=True, metavar="WHAT"
    )
    listed = command(parts, "list", "learn", "list the lessons nobody has decided on")
    listed.add_argument("--all", dest="every", action="store_true", help="those that are decided on as well")
    shown = command(parts, "show", "learn", "one lesson: the change it proposes, and the golden conversation")
    accept = command(parts, "accept", "learn", "take a lesson up: its golden conversation becomes a file")
    accept.add_argument("--to", metavar="DIR", help="where the file goes (default: evals/proposed/DESK)")
    reject = command(parts, "reject", "learn", "throw a lesson away")
    for one in (shown, accept, reject):
        one.add_argument("lesson", help="its id, as `loket learn list` shows it")
    for one in (accept, reject):
        one.add_argument("--by", required=True, metavar="STAFF", help=WHO)
        one.add_argument("--why", default="", metavar="TEXT", help="why, in your words")
    for one in (listed, shown):
        json(one)
    for one in (listed, shown, accept, reject):
        home(one)
