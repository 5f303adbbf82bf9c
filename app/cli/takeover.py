"""`loket takeover` and `loket handback`: whose a conversation is, by command; works while the server is up or down."""

import argparse
import asyncio

from app.cli.common import person, say, settings_of
from app.cli.wiring import wired
from app.staff import takeovers_for


def run(args: argparse.Namespace) -> int:
    """Give a conversation to a person, or back; 0 when it changed hands, 1 when it did not."""
    return asyncio.run(_run(args))


async def _run(args: argparse.Namespace) -> int:
    async with wired(settings_of(args)) as parts:
        takeovers, by = takeovers_for(parts), person(await parts.stored.staff(), args.by)
        before = await takeovers.hands(args.named)
        if args.action == "takeover":
            say(await takeovers.take(args.named, args.why, by, f"cli:{by.id}"))
        else:
            say(await takeovers.back(args.named, by, f"cli:{by.id}"))
        return 0 if await takeovers.hands(args.named) != before else 1
