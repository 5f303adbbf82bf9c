"""The receipt log: one line for everything the sandbox was sent and everything it delivered."""

import asyncio
import json
import os
from collections import deque
from pathlib import Path
from typing import Any

from sandbox.clock import SharedClock

Receipt = dict[str, Any]

KEPT_IN_MEMORY = 20_000


class ReceiptLog:
    """An append-only JSONL file that continues its own numbering, and a way to wait for its next line."""

    def __init__(self, path: Path, clock: SharedClock) -> None:
        self._clock = clock
        self._recent: deque[Receipt] = deque(maxlen=KEPT_IN_MEMORY)
        self._grown = asyncio.Event()
        self._closed = False
        path.parent.mkdir(parents=True, exist_ok=True)
        for receipt in _sound_lines(path):
            self._recent.append(receipt)
        self.last = self._recent[-1]["seq"] if self._recent else 0
        self._file = path.open("a", encoding="utf-8")

    def write(self, kind: str, **what: Any) -> Receipt:
        """Append one receipt and wake whoever waits for it."""
        self.last += 1
        receipt = {
            "seq": self.last,
            "wall": self._clock.wall().isoformat(),
            "sandbox_now": self._clock.now().isoformat(),
            "kind": kind,
            **what,
        }
        self._file.write(json.dumps(receipt, ensure_ascii=False) + "\n")
        self._file.flush()
        self._recent.append(receipt)
        self._wake()
        return receipt

    def after(self, seq: int) -> list[Receipt]:
        """The receipts numbered above `seq`, as far back as memory reaches."""
        found: list[Receipt] = []
        for receipt in reversed(self._recent):
            if receipt["seq"] <= seq:
                break
            found.append(receipt)
        return found[::-1]

    async def wait_after(self, seq: int, seconds: float) -> list[Receipt]:
        """As `after`, but waits up to `seconds` for the first one; closing the log ends the wait."""
        if self.last <= seq and not self._closed:
            grown = self._grown
            try:
                await asyncio.wait_for(grown.wait(), seconds)
            except TimeoutError:
                return []
        return self.after(seq)

    def wake(self) -> None:
        """End every wait, now and from now on; lines can still be written."""
        self._closed = True
        self._wake()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _wake(self) -> None:
        self._grown.set()
        self._grown = asyncio.Event()


def _sound_lines(path: Path) -> list[Receipt]:
    """The whole lines of an earlier run; a line torn by a kill was never answered for and is cut off."""
    if not path.exists():
        return []
    raw = path.read_bytes()
    whole = raw[: raw.rfind(b"\n") + 1]
    if len(whole) != len(raw):
        os.truncate(path, len(whole))
    return [json.loads(line) for line in whole.splitlines()]
