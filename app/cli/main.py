"""`loket`: reads the arguments, imports the one command that was asked for, and runs it.

Nothing heavy is imported before that, so that `--help` answers at once.
"""

import argparse
import gc
import importlib
import os
import sys
from collections.abc import Sequence

from app.cli.parser import WHO, Parser, command, desk, home, json, lang
from app.cli.parser_cost import costs
from app.cli.parser_eval import evaluating, in_full
from app.cli.parser_keeping import bench, keeping
from app.cli.parser_learning import learning
from app.cli.parser_shop import carrying, selling

# What the libraries must be told before they are imported.
ENVIRONMENT = {
    "LANGSMITH_TRACING": "false",
    "LANGCHAIN_TRACING_V2": "false",
    "LANGGRAPH_STRICT_MSGPACK": "true",
    "PTB_TIMEDELTA": "true",
}
BROKEN_INPUT, INTERRUPTED = 2, 130

# Importing typing would cost more than argparse does.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    Group: TypeAlias = "argparse._SubParsersAction[Parser]"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it did what it says, 1 when something is wrong, 2 for a broken input."""
    args = parser().parse_args(in_full(sys.argv[1:] if argv is None else list(argv)))
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    from casefile.errors import LoketError

    # What a module brings stays for good: the collector would only walk it, again and again.
    gc.disable()
    asked = importlib.import_module(f"app.cli.{args.module}")
    gc.freeze()
    gc.enable()
    try:
        code: int = asked.run(args)
        sys.stdout.flush()
    except LoketError as error:
        print(f"loket {args.command}: {error}", file=sys.stderr)
        return BROKEN_INPUT
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has seen enough; nothing more can be written, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


def parser() -> argparse.ArgumentParser:
    """Return the whole command line."""
    top = Parser(prog="loket", description="Customer service over WhatsApp, for real or on a stage.")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _running(commands)
    _looking(commands)
    _deciding(commands)
    selling(commands)
    carrying(commands)
    keeping(commands)
    learning(commands)
    evaluating(commands)
    bench(commands)
    return top


def _running(commands: "Group") -> None:
    demo = command(
        commands, "demo", "demo", "the whole of every desk on this machine, with a page to play every part"
    )
    demo.add_argument(
        "--port", type=int, help="where the page is served (default: sandbox.port of the config)"
    )
    demo.add_argument(
        "--script",
        action="append",
        metavar="NAME|PATH|all",
        help="play scripted conversations in the terminal instead; exit 0 only if each ended as expected",
    )
    demo.add_argument("--home", metavar="DIR", help="where its files go (default: var/demo); emptied first")
    desk(demo, "all of them")
    json(demo)
    serve = command(
        commands, "serve", "serve", "serve the desk: webhooks in, answers out, until SIGTERM or Ctrl-C"
    )
    serve.set_defaults(home=None)
    worker = command(
        commands,
        "worker",
        "serve",
        "work behind `loket serve` on PostgreSQL, once or more often, until SIGTERM",
    )
    worker.set_defaults(home=None)
    doctor = command(
        commands, "doctor", "doctor", "check everything the desk needs and say how to mend what is not right"
    )
    home(doctor)
    json(doctor)


def _looking(commands: "Group") -> None:
    explain = command(
        commands,
        "explain",
        "explain",
        'what would happen to a message; without one, JSON lines {"text": ...} on standard input',
    )
    explain.add_argument("message", nargs="?", help="what the customer writes")
    explain.add_argument(
        "--as", dest="phone", metavar="PHONE", help="who writes, from the sample records (E.164)"
    )
    desk(explain)
    lang(explain)
    json(explain)
    cases = commands.add_parser("cases", help="the case files").add_subparsers(required=True, metavar="WHAT")
    listed = command(cases, "list", "cases", "list the cases, the latest changed first")
    listed.add_argument("--state", help="only in this state: new, triaged, awaiting_approval, answered ...")
    listed.add_argument("--limit", type=int, default=50, help="at most so many (default: 50)")
    shown = command(cases, "show", "cases", "one case with everything stored about it")
    opinions = command(cases, "opinions", "cases", "where a model read a message otherwise than the rules")
    opinions.add_argument("--limit", type=int, default=50, help="at most so many (default: 50)")
    json(opinions)
    resolved = command(cases, "resolve", "decide", "settle a case by hand")
    for one in (shown, resolved):
        one.add_argument("case", help="its id, such as SCH-2026-0001")
    resolved.add_argument("--by", required=True, metavar="STAFF", help=WHO)
    for one in (listed, shown):
        one.add_argument(
            "--plain", action="store_true", help="show numbers and words that are masked otherwise"
        )
        json(one)
    for one in (listed, shown, opinions, resolved):
        home(one)
    costs(commands)
    replay = command(
        commands, "replay", "replay", "run a case's turns again from their records, and say what differs"
    )
    replay.add_argument("case", help="its id")
    replay.add_argument(
        "--from", dest="first", type=int, default=1, metavar="TURN", help="show from this turn on"
    )
    replay.add_argument(
        "--with",
        dest="other",
        metavar="PATH",
        help="also judge each turn under another config.yaml or desk.yaml, or with another folder of words",
    )
    home(replay)
    lang(replay)
    json(replay)
    policy = commands.add_parser("policy", help="the rules in force").add_subparsers(
        required=True, metavar="WHAT"
    )
    rules = command(policy, "show", "rules", "the gate, the limits and the hours in words")
    desk(rules)
    lang(rules)
    prompts = commands.add_parser("prompts", help="what a model is told").add_subparsers(
        required=True, metavar="WHAT"
    )
    made = command(
        prompts, "list", "prompts", "the prompts there are, and the files and versions they are made of"
    )
    prompt = command(
        prompts, "show", "prompts", "what a model holding a role is told, with the limits in force"
    )
    prompt.add_argument(
        "role", type=str.upper, choices=list("ABCDEF"), help="A dispatcher, B voice, C operations ..."
    )
    prompt.add_argument("--task", metavar="TASK", help="for one of its tasks: draft, repair, qa, review ...")
    prompt.add_argument(
        "--lang", choices=("id", "en"), help="the customer's language (default: the tone of both)"
    )
    for one in (made, prompt):
        one.add_argument(
            "--prompts", metavar="DIR", help="with the words of this folder over the shipped ones"
        )
        desk(one)


def _deciding(commands: "Group") -> None:
    for name, words in (
        ("approve", "approve what a case asks"),
        ("deny", "say no"),
        ("edit", "answer in your words"),
        ("reply", "answer the customer of a case that is with a person"),
    ):
        decide = command(commands, name, "decide", f"{words}; works while the server is up or down")
        decide.add_argument("case", help="its id")
        if name in {"edit", "reply"}:
            decide.add_argument("words", metavar="TEXT", help="exactly what the customer is told")
        else:
            decide.add_argument(
                "--conditions", dest="words", default="", metavar="TEXT", help="conditions or a reason"
            )
        decide.add_argument("--by", required=True, metavar="STAFF", help=WHO)
        home(decide)
    for name, words in (
        ("takeover", "take a conversation over: the voice is silent until it is handed back"),
        ("handback", "give a conversation back to the voice"),
    ):
        hands = command(commands, name, "takeover", words)
        hands.add_argument("named", metavar="CASE|CONVERSATION", help="a case's id, or a conversation's")
        if name == "takeover":
            hands.add_argument(
                "--why", default="", metavar="TEXT", help="why, for the ops lane and the audit"
            )
        hands.add_argument("--by", required=True, metavar="STAFF", help=WHO)
        home(hands)
    tasks = commands.add_parser("tasks", help="what people have to carry out").add_subparsers(
        required=True, metavar="WHAT"
    )
    due = command(tasks, "list", "tasks", "list what is due, the oldest first")
    due.add_argument("--all", dest="every", action="store_true", help="what is done as well")
    json(due)
    home(due)
    for action, words in (("done", "settle a task"), ("cancel", "call an exchange off, saying why")):
        ended = command(tasks, action, "decide", words)
        ended.add_argument("task", help="its id, or its case's")
        ended.add_argument("--say", dest="words", default="", metavar="TEXT", help="tell the customer this")
        ended.add_argument("--by", required=True, metavar="STAFF", help=WHO)
        home(ended)
    school = commands.add_parser("school", help="what the school itself must change").add_subparsers(
        required=True, metavar="WHAT"
    )
    move = command(school, "move", "school", "move a coach's sessions of a day; shows them first")
    move.add_argument("--coach", required=True, metavar="NAME", help="as in the schedule")
    move.add_argument("--date", required=True, metavar="DAY", help="YYYY-MM-DD")
    move.add_argument("--why", default="", metavar="TEXT", help="for the audit; customers are not told it")
    move.add_argument("--by", required=True, metavar="STAFF", help=WHO)
    move.add_argument("--yes", action="store_true", help="do it: tell who is touched and offer other hours")
    home(move)
    bill = command(commands, "invoice", "invoice", "show an invoice, or write it as PDF")
    bill.add_argument("number", help="INV-YYYY-MMDD-NNN")
    bill.add_argument("--pdf", metavar="FILE", help="write the invoice, or the receipt once it is paid, here")
    lang(bill)
    home(bill)
    paid = command(commands, "confirm-payment", "decide", "confirm by hand that an invoice was paid")
    paid.add_argument("invoice", help="its number, INV-YYYY-MMDD-NNN")
    paid.add_argument("--by", required=True, metavar="STAFF", help=WHO)
    paid.add_argument(
        "--evidence", required=True, metavar="TEXT", help="what shows it: a bank statement line ..."
    )
    home(paid)


if __name__ == "__main__":
    sys.exit(main())
