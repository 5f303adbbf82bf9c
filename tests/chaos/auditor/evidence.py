"""Both sides of a run: every table, and what the sandbox was sent and delivered. Shares no code with the server."""

import html
import json
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

Row = dict[str, Any]
# In the order they were written, where the order says something.
TABLES = {
    "inbox": "id",
    "turns": "at",
    "turn_records": "case_id, turn",
    "outbox": "seq",
    "transcript": "id",
    "cases": "id",
    "conversations": "id",
    "approvals": "id",
    "operations": "at, key",
    "timers": "key",
    "audit": "id",
    "sessions": "id",
    "slots": "id",
    "reschedules": "id",
    "students": "id",
    "invoices": "number",
    "refunds": "id",
    "due_tasks": "id",
    "contacts": "id",
    "snapshots": "contact_id",
    "staff": "id",
}
# What nobody has changed before the first customer writes.
RECORDS = ("sessions", "slots", "reschedules", "students", "invoices", "refunds")


class Reader(Protocol):
    """A database as anybody can read it."""

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[Row]:
        """Run one SELECT."""
        ...


@dataclass(frozen=True)
class Evidence:
    """Every table and the receipts in order; `before` are the records at first, `commands` what people typed.

    `now` is the clock at the end, as the tables write times. Without `before` the records are not compared.
    """

    tables: dict[str, list[Row]]
    receipts: list[Row]
    before: dict[str, list[Row]] = field(default_factory=dict)
    commands: list[Row] = field(default_factory=list)
    now: str = ""

    def rows(self, table: str, **equal: object) -> list[Row]:
        """Return the rows of a table whose columns equal these values."""
        return [row for row in self.tables.get(table, []) if all(row[k] == v for k, v in equal.items())]

    def by(self, table: str, column: str) -> dict[Any, list[Row]]:
        """Return the rows of a table by one column."""
        found: dict[Any, list[Row]] = defaultdict(list)
        for row in self.tables.get(table, []):
            found[row[column]].append(row)
        return found

    def seen(self, *kinds: str) -> list[Row]:
        """Return the receipts of these kinds."""
        return [receipt for receipt in self.receipts if receipt["kind"] in kinds]

    @cached_property
    def delivered(self) -> dict[str, Row]:
        """The first answer of 200 to a webhook that carried this (a message's id, or `id/status`)."""
        found: dict[str, Row] = {}
        for hook in self.seen("whatsapp.webhook"):
            if hook["result"] == 200:
                for carried in hook["carries"]:
                    found.setdefault(carried, hook)
        return found


def collect(
    tables: Reader, receipts: Path, before: dict[str, list[Row]] | None = None, now: str = ""
) -> Evidence:
    """Read a run's database and files; commands stand beside the receipts."""
    found = {name: tables.rows(f"SELECT * FROM {name} ORDER BY {order}") for name, order in TABLES.items()}
    found["turns"].sort(key=_place)
    return Evidence(found, lines(receipts), before or {}, lines(receipts.with_name("commands.jsonl")), now)


def _place(turn: Row) -> tuple[str, int]:
    """Place a turn in time; those of one instant, on a clock that stands still, by their first event."""
    first = str(turn["id"]).rpartition(":")[2]
    return turn["at"], int(first) if first.isdigit() else 0


def lines(path: Path) -> list[Row]:
    """Read a file of one JSON object a line; a file that is not there has none."""
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def body(row: Row) -> Row:
    """Return what a row says in JSON."""
    told: Row = json.loads(row["body"])
    return told


def words_of(text: str) -> str:
    """Return a lane post's words as the group shows them, markup and spacing aside."""
    plain = html.unescape(re.sub(r"<[^>]+>", "", text))
    return " ".join(plain.split())


def utc(at: str) -> str:
    """Write the sandbox's time as the tables write theirs, so that text order is time order."""
    whole, _, rest = at.removesuffix("+00:00").removesuffix("Z").partition(".")
    return f"{whole}.{rest:0<6}Z"
