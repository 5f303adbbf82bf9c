"""`loket invoice`: one bill as the books have it, and its document as a file."""

import argparse
import asyncio
from pathlib import Path

from app.cli.common import say, settings_of
from app.cli.wiring import wired
from app.documents import documents_for
from casefile.errors import BadInput
from casefile.money import rupiah
from store import records


def run(args: argparse.Namespace) -> int:
    """Show an invoice, and write its PDF where one is asked for."""
    return asyncio.run(_run(args))


async def _run(args: argparse.Namespace) -> int:
    number = args.number.strip().upper()
    async with wired(settings_of(args)) as parts:
        invoice = records.invoice(parts.database.read, number)
        if invoice is None:
            raise BadInput(f"there is no invoice {number!r}; their numbers look like INV-2026-1117-001")
        say(f"{invoice.number}  {rupiah(invoice.amount)}  due {invoice.due}  {invoice.status}")
        say(f"payment {invoice.payment.state}, by {invoice.payment.source}; {invoice.description}")
        if args.pdf is not None:
            file = await documents_for(parts).file(f"invoice:{number}:{args.lang}")
            if file is None:
                raise BadInput(f"no document can be made of {number}")
            Path(args.pdf).write_bytes(file.data)
            say(f"written to {args.pdf}")
        return 0
