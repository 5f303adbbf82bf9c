"""`loket ledger`: effects that have not arrived, and settling by hand what nobody can say arrived."""

import argparse
import asyncio
from collections.abc import Sequence
from typing import get_args

from app.cli.common import person, say, say_json, settings_of, table
from app.cli.effects import effect_words
from app.cli.wiring import wired
from app.wire import Wired
from casefile.errors import BadInput
from ports.journal import OutboxState

OPEN: tuple[OutboxState, ...] = ("unknown", "failed", "attempting", "queued")


def run(args: argparse.Namespace) -> int:
    """List the ledger, or settle one unknown effect."""
    return asyncio.run(_run(args))


async def _run(args: argparse.Namespace) -> int:
    async with wired(settings_of(args)) as parts:
        if args.action == "list":
            return await _list(parts, args.state or OPEN, args.json)
        by = person(await parts.stored.staff(), args.by)
        if not await parts.journal.settle(args.key, args.action, by.id, parts.clock.now()):
            raise BadInput(f"{args.key} is not unknown (any more); only unknown effects are settled by hand")
        say(
            f"{args.key}: {'will be sent again' if args.action == 'resend' else 'taken as settled'}, by {by.name}."
        )
        return 0


async def _list(parts: Wired, states: Sequence[OutboxState], as_json: bool) -> int:
    known = get_args(OutboxState)
    if strange := set(states) - set(known):
        raise BadInput(f"--state {', '.join(sorted(strange))}: allowed are {', '.join(known)}")
    rows = await parts.journal.outbox(states)
    if as_json:
        say_json(
            [
                {
                    "key": row.key,
                    "case": row.case_id,
                    "state": row.state,
                    "attempts": row.attempts,
                    "due_at": row.due_at.isoformat(),
                    "what": effect_words(row.effect),
                    "error": row.error,
                }
                for row in rows
            ]
        )
        return 0
    if not rows:
        say(f"Nothing is {' or '.join(states)}.")
        return 0
    lines = [(r.state, r.key, str(r.attempts), effect_words(r.effect), r.error or "") for r in rows]
    say(table(("state", "key", "tries", "what", "why"), lines))
    return 0
