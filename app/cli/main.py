"""`loket`: reads the arguments, imports the one command that was asked for, and runs it.

Nothing heavy is imported before that, so that `--help` answers at once.
"""

import argparse
import gc
import importlib
import os
import sys
from collections.abc import Sequence

from app.cli.parser import Parser

# What the libraries must be told before they are imported.
ENVIRONMENT = {
    "LANGSMITH_TRACING": "false",
    "LANGCHAIN_TRACING_V2": "false",
    "LANGGRAPH_STRICT_MSGPACK": "true",
    "PTB_TIMEDELTA": "true",
}
BROKEN_INPUT, INTERRUPTED = 2, 130
WHO = "who you are: a staff id or name (records/staff.yaml)"

# Importing typing would cost more than argparse does.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    Group: TypeAlias = "argparse._SubParsersAction[Parser]"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it did what it says, 1 when something is wrong, 2 for a broken input."""
    args = parser().parse_args(argv)
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    from casefile.errors import LoketError

    # What a module brings stays for good: the collector would only walk it, again and again.
    gc.disable()
    command = importlib.import_module(f"app.cli.{args.module}")
    gc.freeze()
    gc.enable()
    try:
        code: int = command.run(args)
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
    _keeping(commands)
    return top


def _running(commands: "Group") -> None:
    demo = _command(
        commands, "demo", "demo", "the whole school desk on this machine, with a page to play every part"
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
    _json(demo)
    serve = _command(
        commands, "serve", "serve", "serve the desk: webhooks in, answers out, until SIGTERM or Ctrl-C"
    )
    serve.set_defaults(home=None)
    doctor = _command(
        commands, "doctor", "doctor", "check everything the desk needs and say how to mend what is not right"
    )
    _home(doctor)
    _json(doctor)


def _looking(commands: "Group") -> None:
    explain = _command(
        commands,
        "explain",
        "explain",
        'what would happen to a message; without one, JSON lines {"text": ...} on standard input',
    )
    explain.add_argument("message", nargs="?", help="what the customer writes")
    explain.add_argument(
        "--as", dest="phone", metavar="PHONE", help="who writes, from the sample records (E.164)"
    )
    _desk(explain)
    _lang(explain)
    _json(explain)
    cases = commands.add_parser("cases", help="the case files").add_subparsers(required=True, metavar="WHAT")
    listed = _command(cases, "list", "cases", "list the cases, the latest changed first")
    listed.add_argument("--state", help="only in this state: new, triaged, awaiting_approval, answered ...")
    listed.add_argument("--limit", type=int, default=50, help="at most so many (default: 50)")
    _desk(listed)
    shown = _command(cases, "show", "cases", "one case with everything stored about it")
    resolved = _command(cases, "resolve", "decide", "settle a case by hand")
    for one in (shown, resolved):
        one.add_argument("case", help="its id, such as SCH-2026-0001")
    resolved.add_argument("--by", required=True, metavar="STAFF", help=WHO)
    for one in (listed, shown):
        one.add_argument(
            "--plain", action="store_true", help="show numbers and words that are masked otherwise"
        )
        _json(one)
    for one in (listed, shown, resolved):
        _home(one)
    replay = _command(
        commands, "replay", "replay", "run a case's turns again from their records, and say what differs"
    )
    replay.add_argument("case", help="its id")
    replay.add_argument(
        "--from", dest="first", type=int, default=1, metavar="TURN", help="show from this turn on"
    )
    replay.add_argument(
        "--with",
        dest="other",
        metavar="CONFIG",
        help="also judge each turn under another config.yaml or desk.yaml",
    )
    _home(replay)
    _lang(replay)
    _json(replay)
    policy = commands.add_parser("policy", help="the rules in force").add_subparsers(
        required=True, metavar="WHAT"
    )
    rules = _command(policy, "show", "rules", "the gate, the limits and the hours in words")
    _desk(rules)
    _lang(rules)
    prompts = commands.add_parser("prompts", help="what a model is told").add_subparsers(
        required=True, metavar="WHAT"
    )
    prompt = _command(prompts, "show", "rules", "one role's prompt with the limits in force")
    prompt.add_argument(
        "role", type=str.upper, choices=list("ABCDEF"), help="A dispatcher, B voice, C operations ..."
    )
    _desk(prompt)


def _deciding(commands: "Group") -> None:
    for name, words in (
        ("approve", "approve what a case asks"),
        ("deny", "say no"),
        ("edit", "answer in your words"),
        ("reply", "answer the customer of a case that is with a person"),
    ):
        decide = _command(commands, name, "decide", f"{words}; works while the server is up or down")
        decide.add_argument("case", help="its id")
        if name in {"edit", "reply"}:
            decide.add_argument("words", metavar="TEXT", help="exactly what the customer is told")
        else:
            decide.add_argument(
                "--conditions", dest="words", default="", metavar="TEXT", help="conditions or a reason"
            )
        decide.add_argument("--by", required=True, metavar="STAFF", help=WHO)
        _home(decide)
    tasks = commands.add_parser("tasks", help="what people have to carry out").add_subparsers(
        required=True, metavar="WHAT"
    )
    due = _command(tasks, "list", "tasks", "list what is due, the oldest first")
    due.add_argument("--all", dest="every", action="store_true", help="what is done as well")
    done = _command(tasks, "done", "decide", "settle a task")
    done.add_argument("task", help="its id, or its case's")
    done.add_argument("--say", dest="words", default="", metavar="TEXT", help="tell the customer this")
    done.add_argument("--by", required=True, metavar="STAFF", help=WHO)
    _json(due)
    _home(due)
    _home(done)
    paid = _command(commands, "confirm-payment", "decide", "confirm by hand that an invoice was paid")
    paid.add_argument("invoice", help="its number, INV-YYYY-MMDD-NNN")
    paid.add_argument("--by", required=True, metavar="STAFF", help=WHO)
    paid.add_argument(
        "--evidence", required=True, metavar="TEXT", help="what shows it: a bank statement line ..."
    )
    _home(paid)


def _keeping(commands: "Group") -> None:
    kb = commands.add_parser("kb", help="published knowledge").add_subparsers(required=True, metavar="WHAT")
    parts = {
        "sync": "read and check the folder's pages and say what would change",
        "diff": "what publishing would change, line by line",
        "publish": "make the folder's pages the release in force",
        "rollback": "put an older release's pages in force again",
        "releases": "list the releases",
        "gaps": "questions no page could answer",
    }
    for name, words in parts.items():
        part = _command(kb, name, "kb", words)
        if name == "rollback":
            part.add_argument("release", help="such as v2026-11-21.1")
        if name in {"publish", "rollback"}:
            part.add_argument("--by", required=True, metavar="STAFF", help=WHO)
        else:
            _json(part)
        _home(part)
    _contact(commands)
    ledger = commands.add_parser("ledger", help="what went out, and what nobody can say arrived")
    actions = ledger.add_subparsers(required=True, metavar="WHAT")
    listed = _command(actions, "list", "ledger", "list effects that are not done: unknown, failed, queued")
    listed.add_argument("--state", action="append", help="only in these states (may be given several times)")
    _json(listed)
    _home(listed)
    for name, words in (
        ("resend", "send an unknown message again"),
        ("drop", "take an unknown message as settled"),
    ):
        part = _command(actions, name, "ledger", words)
        part.add_argument("key", help="the effect's key, as `loket ledger list` shows it")
        part.add_argument("--by", required=True, metavar="STAFF", help=WHO)
        _home(part)


def _contact(commands: "Group") -> None:
    actions = commands.add_parser("contact", help="one person's data").add_subparsers(required=True)
    does = {"export": "all that is held about a contact", "erase": "take a contact out of every store"}
    for name, words in does.items():
        part = _command(actions, name, "contact", words)
        part.add_argument("contact", help="their id, phone (E.164), email or other alias")
        part.add_argument("--approval", metavar="ID", help="the privacy request a coach approved")
        part.add_argument("--by", metavar="STAFF", help=f"without an approval: {WHO}")
        part.add_argument("--reason", metavar="TEXT", help="without an approval: why")
        part.add_argument("--to", metavar="DIR", help="where the files go (default: contacts/)")
        _home(part)


def _command(commands: "Group", name: str, module: str, words: str) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = commands.add_parser(
        name, help=words, description=words[0].upper() + words[1:] + "."
    )
    made.add_argument("--config", metavar="FILE", help="another config.yaml")
    made.set_defaults(module=module, action=name)
    return made


def _json(made: argparse.ArgumentParser) -> None:
    made.add_argument("--json", action="store_true", help="machine-readable")


def _home(made: argparse.ArgumentParser) -> None:
    made.add_argument("--home", metavar="DIR", help="work on the demo in this folder instead (var/demo)")


def _desk(made: argparse.ArgumentParser) -> None:
    made.add_argument("--desk", metavar="NAME", help="which desk (default: the first of the config)")


def _lang(made: argparse.ArgumentParser) -> None:
    made.add_argument("--lang", choices=("id", "en"), default="en", help="the language people read it in")


if __name__ == "__main__":
    sys.exit(main())
