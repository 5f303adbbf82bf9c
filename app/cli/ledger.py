"""`loket ledger`: effects that have not arrived, and settling by hand what nobody can say arrived."""

import argparse
import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, get_args

from app.cli.common import block, person, say, say_json, settings_of, table
from app.cli.effects import effect_words
from app.cli.wiring import wired
from app.wire import Wired
from casefile.effects import SendMessage
from casefile.errors import BadInput
from policies.words import moment_words
from ports.ledger import OutboxRow, OutboxState

OPEN: tuple[OutboxState, ...] = ("unknown", "failed", "attempting", "queued")
UNKNOWN = """\
Nobody can say whether these arrived. Look first: a message in the customer's chat, a post in its group.
Is it there: `loket ledger drop KEY --by STAFF`. Is it not: `loket ledger resend KEY --by STAFF`."""
# What sending again can do that cannot be taken back, said when it is done.
AGAIN = {
    "send_message": "Should it have arrived after all, the customer reads it twice.",
    "post_to_lane": "Should the post be there after all, the group has it twice: buttons on either decide the same"
    " thing once, later posts of its thread edit the new one, and the old one can be deleted.",
}
BY_ITSELF = "Goes again by itself {at} unless WhatsApp proves it before."
BY_HAND = "Never goes again by itself."


def run(args: argparse.Namespace) -> int:
    """List the ledger, or settle one unknown effect."""
    return asyncio.run(_run(args))


async def _run(args: argparse.Namespace) -> int:
    async with wired(settings_of(args)) as parts:
        if args.action == "list":
            return await _list(parts, args.state or OPEN, args.json)
        return await _settle(parts, args)


async def _settle(parts: Wired, args: argparse.Namespace) -> int:
    by = person(await parts.stored.staff(), args.by)
    row = await parts.journal.entry(args.key)
    if row is None:
        raise BadInput(f"there is no effect {args.key!r}; `loket ledger list` shows their keys")
    if not await parts.journal.settle(args.key, args.action, by.id, parts.clock.now()):
        raise BadInput(f"{args.key} {_stands(row)}; only what is unknown is settled by hand")
    if args.action == "drop":
        say(f"{args.key}: taken as settled and not sent again, by {by.name}.")
        return 0
    now = await parts.journal.entry(args.key)
    if now is not None and now.state == "dropped":
        say(f"{args.key}: a later post stands in its place; taken as settled, by {by.name}.")
        return 0
    say(f"{args.key}: will be sent again, by {by.name}.\n{AGAIN.get(row.effect.type, '')}".rstrip())
    return 0


def _stands(row: OutboxRow) -> str:
    return "waits for the customer to write" if row.held else f"is {row.state}"


async def _list(parts: Wired, states: Sequence[OutboxState], as_json: bool) -> int:
    known = get_args(OutboxState)
    if strange := set(states) - set(known):
        raise BadInput(f"--state {', '.join(sorted(strange))}: allowed are {', '.join(known)}")
    rows = await parts.journal.outbox(states)
    if as_json:
        say_json([_plain(row) for row in rows])
        return 0
    if not rows:
        say(f"Nothing is {' or '.join(states)}.")
        return 0
    unknown = [row for row in rows if row.state == "unknown"]
    if unknown:
        say(UNKNOWN)
        for row in unknown:
            say(f"\n{row.key}")
            say(block(_doubt(parts, row), "    "))
    others = [row for row in rows if row.state != "unknown"]
    if others:
        lines = [
            (
                "waits" if row.held else row.state,
                row.key,
                str(row.attempts),
                effect_words(row.effect),
                row.error or "",
            )
            for row in others
        ]
        say(("\n" if unknown else "") + table(("state", "key", "tries", "what", "why"), lines))
    if any(row.held for row in others):
        say("\nWhat waits goes out when its customer writes again; `loket ledger drop` forgets it.")
    return 0


def _doubt(parts: Wired, row: OutboxRow) -> str:
    zone, delivery = parts.desk.rules.zone, parts.settings.shared.delivery
    since = moment_words(row.changed_at, zone, "en")
    window = timedelta(minutes=delivery.reconcile_minutes)
    again = moment_words(row.changed_at + window, zone, "en")
    then = BY_ITSELF.format(at=again) if isinstance(row.effect, SendMessage) else BY_HAND
    return "\n".join(
        (
            effect_words(row.effect),
            f"unknown since {since}, tried {row.attempts}x: {row.error}",
            then,
        )
    )


def _plain(row: OutboxRow) -> dict[str, Any]:
    return {
        "key": row.key,
        "case": row.case_id,
        "state": row.state,
        "waits_for_customer": row.held,
        "attempts": row.attempts,
        "due_at": row.due_at.isoformat(),
        "changed_at": row.changed_at.isoformat(),
        "what": effect_words(row.effect),
        "error": row.error,
    }
