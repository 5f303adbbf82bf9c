"""What the ledger does of its own accord: sends again what was never proved, holds back, waits for the customer."""

from datetime import datetime, timedelta
from typing import Literal

from casefile.events import CaseEvent
from casefile.packets import AuditEntry
from ports.ledger import OutboxRow
from store import held
from store.audit import write_audit
from store.database import Database
from store.inbox import put_event
from store.outbox import readable, requeue, settle
from store.times import iso, moment
from store.transaction import Tx

MOST_HELD = timedelta(minutes=5)
# A channel that was left alone for so long and asks again begins anew.
FORGIVEN = timedelta(minutes=2)


class SqlLedger:
    """Implements ports.journal.Ledger; every move is one statement that takes the row in the state it expects."""

    _database: Database

    async def entry(self, key: str) -> OutboxRow | None:
        """Return one effect; None when there is none of this key, or it cannot be read."""
        rows = readable(self._database.read("SELECT * FROM outbox WHERE key = ?", (key,)))[0]
        return rows[0] if rows else None

    async def unproved_since(self) -> datetime | None:
        """Return when the message became unknown that has been so for the longest."""
        row = self._database.read_one(
            "SELECT MIN(changed_at) AS since FROM outbox WHERE state = 'unknown' AND kind = 'send_message'"
        )
        return None if row is None or row["since"] is None else moment(row["since"])

    async def resend_unproved(self, unknown_since: datetime, at: datetime) -> tuple[str, ...]:
        """Queue the messages again that have been unknown since then or longer; return the keys moved here."""

        def work(tx: Tx) -> tuple[str, ...]:
            rows = tx.all(
                "SELECT key FROM outbox WHERE state = 'unknown' AND kind = 'send_message' AND changed_at <= ?"
                " ORDER BY seq",
                (iso(unknown_since),),
            )
            return tuple(r["key"] for r in rows if settled(tx, r["key"], "resend", "reconcile", at))

        return await self._database.submit(work)

    async def settle(self, key: str, action: Literal["resend", "drop"], by: str, at: datetime) -> bool:
        """Settle an `unknown` by hand, on the record; False when it is not unknown (any more)."""
        return await self._database.submit(lambda tx: settled(tx, key, action, by, at))

    async def throttled(self, key: str, channel: str, seconds: float, why: str, at: datetime) -> datetime:
        """Put an effect back and leave its whole channel alone, longer each time in a row; return until when."""

        def work(tx: Tx) -> datetime:
            until = _held_until(tx, channel, seconds, at)
            requeue(tx, key, until, why)
            return until

        return await self._database.submit(work)

    async def hold(self, key: str, why: str, event: CaseEvent, external_id: str, at: datetime) -> bool:
        """Let words that failed wait for the customer, and tell their case; False when they have not failed."""

        def work(tx: Tx) -> bool:
            row = tx.one("SELECT conversation_id FROM outbox WHERE key = ?", (key,))
            if row is None or not held.hold(tx, key, why, at):
                return False
            put_event(tx, "loket", external_id, row["conversation_id"], event, at)
            return True

        return await self._database.submit(work)

    async def give_up_held(self, conversation_id: str, why: str, at: datetime) -> tuple[OutboxRow, ...]:
        """Fail the words that wait in a conversation whose customer could not be invited; return them."""
        return await self._database.submit(lambda tx: held.fail(tx, conversation_id, why, at))


def settled(tx: Tx, key: str, action: Literal["resend", "drop"], by: str, at: datetime) -> bool:
    """Settle an `unknown` and write down who did."""
    if not settle(tx, key, action, at):
        return False
    row = tx.one(
        "SELECT case_id, state, (SELECT COUNT(*) FROM audit WHERE audit.key >= ? AND audit.key < ?) AS before"
        " FROM outbox WHERE outbox.key = ?",
        (f"{key}:settle:", f"{key}:settle;", key),
    )
    assert row is not None
    entry = AuditEntry(
        at=at,
        case_id=row["case_id"],
        actor=by,
        service="ledger",
        # What was done: a post that was replaced is not sent again, whoever asks for it.
        action="resend" if row["state"] == "queued" else "drop",
        result="success",
        data_refs=(key,),
    )
    write_audit(tx, f"{key}:settle:{row['before'] + 1}", entry)
    return True


def _held_until(tx: Tx, channel: str, seconds: float, at: datetime) -> datetime:
    row = tx.one("SELECT until_at, step FROM channel_holds WHERE name = ?", (channel,))
    step = 0
    until = at + timedelta(seconds=seconds)
    if row is not None:
        before = moment(row["until_at"])
        if before > at:
            # Several were on their way when it began; that is one refusal.
            step, until = row["step"], max(before, until)
        else:
            step = row["step"] + 1 if at - before < FORGIVEN else 0
            until = max(until, at + min(timedelta(seconds=seconds) * 2 ** min(step, 16), MOST_HELD))
    tx.execute(
        "INSERT INTO channel_holds (name, until_at, step) VALUES (?, ?, ?)"
        " ON CONFLICT (name) DO UPDATE SET until_at = excluded.until_at, step = excluded.step",
        (channel, iso(until), step),
    )
    return until
