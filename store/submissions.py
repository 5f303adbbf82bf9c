"""What is handed to the writer, and how its callers hear of it."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from store.transaction import Tx


@dataclass(slots=True)
class Submission:
    """A function to be run in the next transaction, and who waits for it."""

    run: Callable[[Tx], Any]
    loop: asyncio.AbstractEventLoop
    future: "asyncio.Future[Any]"
    result: Any = None
    error: BaseException | None = None


def answer(batch: Sequence[Submission]) -> None:
    """Resolve a batch's futures with one call into each event loop that waits."""
    loops = {id(submission.loop): submission.loop for submission in batch}
    for key, loop in loops.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(_resolve, [s for s in batch if id(s.loop) == key])


def _resolve(batch: list[Submission]) -> None:
    for submission in batch:
        if submission.future.done():
            continue
        if submission.error is not None:
            submission.future.set_exception(submission.error)
        else:
            submission.future.set_result(submission.result)
