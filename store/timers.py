"""Timers: due ones become events in the same transaction that marks them fired."""

from datetime import datetime

from casefile.events import DeadlinePassed
from ports.journal import TimerRow
from store.inbox import put_event
from store.takeovers import QUIET, TIMER, end
from store.times import iso, moment
from store.transaction import Tx

CHANNEL = "timer"


def fire(tx: Tx, now: datetime, limit: int) -> tuple[TimerRow, ...]:
    """Move due timers into the inbox, the oldest first."""
    due = tx.all(
        "SELECT * FROM timers WHERE state = 'armed' AND due_at <= ? ORDER BY due_at, key LIMIT ?",
        (iso(now), limit),
    )
    fired: list[TimerRow] = []
    for row in due:
        tx.execute("UPDATE timers SET state = 'fired' WHERE key = ?", (row["key"],))
        if row["timer"] == TIMER:
            end(tx, row["conversation_id"], QUIET, now)
            continue
        event = DeadlinePassed(at=now, case_id=row["case_id"], timer=row["timer"], key=row["key"])
        put_event(tx, CHANNEL, f"{row['key']}#{row['armed']}", row["conversation_id"], event, now)
        fired.append(
            TimerRow(row["key"], row["case_id"], row["conversation_id"], row["timer"], moment(row["due_at"]))
        )
    return tuple(fired)
