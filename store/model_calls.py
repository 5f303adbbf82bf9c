"""What calls of models cost, as SQL: written with the turn they were made in, summed for caps and for people."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from ports.models import ModelCall
from store.database import Database
from store.times import iso
from store.transaction import Tx

COLUMNS = (
    "id", "case_id", "turn", "desk", "day", "tier", "role", "task", "model", "strength", "provider_id",
    "input_tokens", "cached_tokens", "output_tokens", "cost", "outcome", "why",
)  # fmt: skip
# What `loket cost` can sum by; a call that is kept as a sum belongs to no case any more.
GROUPS = ("day", "desk", "case_id", "tier", "role", "task", "model", "strength", "outcome")
DAYS = ("desk", "day", "tier", "role", "task", "model", "strength", "outcome")
COUNTS = ("calls", "input_tokens", "cached_tokens", "output_tokens", "cost")
# Single calls and those that retention has summed up, as one table.
EVERY_CALL = (
    f"(SELECT {', '.join(DAYS)}, case_id, 1 AS calls, {', '.join(COUNTS[1:])} FROM model_calls UNION ALL"
    f" SELECT {', '.join(DAYS)}, '' AS case_id, {', '.join(COUNTS)} FROM model_days) AS every_call"
)


def write_calls(tx: Tx, calls: Sequence[ModelCall], at: datetime) -> None:
    """Write calls down; one that is there already stays as it is."""
    marks = ", ".join("?" for _ in (*COLUMNS, "at"))
    tx.insert_many(
        f"INSERT INTO model_calls ({', '.join(COLUMNS)}, at) VALUES ({marks}) ON CONFLICT (id) DO NOTHING",
        [(*(getattr(call, column) for column in COLUMNS), iso(at)) for call in calls],
    )


def sum_up(tx: Tx, ids: Sequence[str]) -> int:
    """Put calls among the sums of their days and remove them; return how many there were."""
    these = f"id IN ({', '.join('?' for _ in ids)})"
    sums = ", ".join(f"SUM({count})" for count in COUNTS[1:])
    added = ", ".join(f"{count} = model_days.{count} + excluded.{count}" for count in COUNTS)
    tx.execute(
        f"INSERT INTO model_days ({', '.join((*DAYS, *COUNTS))}) SELECT {', '.join(DAYS)}, COUNT(*), {sums}"
        f" FROM model_calls WHERE {these} GROUP BY {', '.join(DAYS)}"
        f" ON CONFLICT ({', '.join(DAYS)}) DO UPDATE SET {added}",
        ids,
    )
    return tx.execute(f"DELETE FROM model_calls WHERE {these}", ids)


class SqlSpending:
    """Implements ports.models.Spending, and the sums `loket cost` shows."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def spent_on(self, desk: str, day: str) -> int:
        """Return what a desk's calls have cost on a day, in micro-rupiah."""
        sql = "SELECT COALESCE(SUM(cost), 0) AS cost FROM model_calls WHERE desk = ? AND day = ?"
        return int(self._database.read(sql, (desk, day))[0]["cost"])

    def sums(self, by: str, *, since: str = "", desk: str | None = None) -> list[dict[str, Any]]:
        """Sum calls, tokens and cost by one of GROUPS, the dearest first (days in order)."""
        if by not in GROUPS:
            raise ValueError(f"{by} is none of {', '.join(GROUPS)}")
        where, given = ("day >= ?", [since]) if desk is None else ("day >= ? AND desk = ?", [since, desk])
        order = "day" if by == "day" else f"SUM(cost) DESC, {by}"
        rows = self._database.read(
            f"SELECT {by}, SUM(calls) AS calls, SUM(input_tokens) AS input_tokens, SUM(cached_tokens) AS cached_tokens,"
            " SUM(output_tokens) AS output_tokens, SUM(cost) AS cost,"
            f" SUM(CASE WHEN strength = 'strong' THEN calls ELSE 0 END) AS strong FROM {EVERY_CALL}"
            f" WHERE {where} GROUP BY {by} ORDER BY {order}",
            given,
        )
        names = ("calls", "strong", "input_tokens", "cached_tokens", "output_tokens", "cost")
        return [{by: row[by], **{name: int(row[name]) for name in names}} for row in rows]

    def calls(self, *, since: str = "", case_id: str | None = None, limit: int = 100) -> list[dict[str, Any]]:
        """List single calls, the newest first."""
        where, given = (
            ("day >= ?", [since]) if case_id is None else ("day >= ? AND case_id = ?", [since, case_id])
        )
        rows = self._database.read(
            f"SELECT {', '.join(COLUMNS)}, at FROM model_calls WHERE {where} ORDER BY at DESC, id LIMIT ?",
            (*given, limit),
        )
        return [dict(zip(row.keys(), row, strict=True)) for row in rows]

    def totals(self, desk: str, day: str) -> list[dict[str, Any]]:
        """Sum a desk's day by task, model and outcome, for the metrics."""
        rows = self._database.read(
            "SELECT task, model, outcome, COUNT(*) AS calls, SUM(input_tokens) AS input_tokens,"
            " SUM(output_tokens) AS output_tokens, SUM(cost) AS cost FROM model_calls WHERE desk = ? AND day = ?"
            " GROUP BY task, model, outcome ORDER BY task, model, outcome",
            (desk, day),
        )
        return [dict(zip(row.keys(), row, strict=True)) for row in rows]
