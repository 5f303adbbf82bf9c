"""The journal in SQL: durable intake, turns, the outbox ledger and timers."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta

from casefile.approval import ApprovalRecord
from casefile.effects import PostToLane
from casefile.events import CaseEvent, ChannelEvent
from casefile.packets import AuditEntry
from ports.journal import InboxRow, Measure, Received, TimerRow, TurnCommit
from ports.ledger import OutboxRow, OutboxState
from ports.models import ModelCall
from ports.storefaults import StoreFaults
from store import inbox, outbox, timers, troubles
from store.approvals import approval_record
from store.audit import write_audit
from store.database import Database
from store.ledger import SqlLedger
from store.measures import measure
from store.model_calls import write_calls
from store.times import iso, moment
from store.transaction import Tx
from store.turns import commit_turn
from store.workers import WorkersJournal

SUBMITTED = "loket"


class SqlJournal(SqlLedger, WorkersJournal):
    """Implements ports.journal.Journal.

    `desks` maps each channel account to its desk; `new_id` returns the 12 hex digits of a new contact's id;
    `ttl_minutes` is the life of a snapshot that a delta creates; `quiet_minutes` is how long a person who has a
    conversation may say nothing in it.
    """

    def __init__(
        self,
        database: Database,
        desks: Mapping[str, str],
        new_id: Callable[[], str],
        ttl_minutes: int = 180,
        quiet_minutes: int = 30,
    ) -> None:
        super().__init__(database)
        self._quiet = timedelta(minutes=quiet_minutes)
        self._desks = dict(desks)
        self._new_id = new_id
        self._ttl_minutes = ttl_minutes

    async def receive(self, events: Sequence[ChannelEvent]) -> tuple[Received, ...]:
        """Insert a delivery durably, each event once, resolving or creating contacts."""
        return await self._database.submit(
            lambda tx: tuple(
                inbox.receive(tx, event, self._desks, self._new_id, self._quiet) for event in events
            )
        )

    async def submit(self, conversation_id: str, event: CaseEvent, external_id: str, at: datetime) -> bool:
        """Insert an event that did not come from a channel; False when it was there already."""
        return await self._database.submit(
            lambda tx: inbox.put_event(tx, SUBMITTED, external_id, conversation_id, event, at)
        )

    async def waiting(self) -> tuple[tuple[str, datetime, datetime], ...]:
        """Return (conversation, first and latest received_at) for conversations with unread events."""
        rows = self._database.read(
            "SELECT conversation_id, MIN(received_at) AS first, MAX(received_at) AS latest"
            " FROM inbox WHERE state = 'unread' GROUP BY conversation_id ORDER BY MIN(id)"
        )
        return tuple((row["conversation_id"], moment(row["first"]), moment(row["latest"])) for row in rows)

    async def unread(self, conversation_id: str) -> tuple[InboxRow, ...]:
        """Return a conversation's unread events in order, of very many the first."""
        rows = self._database.read(
            "SELECT * FROM inbox WHERE conversation_id = ? AND state = 'unread' ORDER BY id LIMIT ?",
            (conversation_id, inbox.AT_ONCE),
        )
        events, damaged = inbox.readable(rows)
        if damaged:
            await self._database.submit(lambda tx: inbox.quarantine(tx, damaged))
        return events

    async def commit(self, turn: TurnCommit) -> None:
        """Write a turn whole or not at all (AppliedTwice, ApprovalSettled)."""
        await self._database.submit(lambda tx: commit_turn(tx, turn, self._ttl_minutes))

    async def spent(self, calls: Sequence[ModelCall], at: datetime) -> None:
        """Write down calls of models whose turn was not written: they have been paid for."""
        await self._database.submit(lambda tx: write_calls(tx, calls, at))

    async def failed_turn(self, inbox_ids: Sequence[int], why: str, quarantine_after: int) -> bool:
        """Count a failed attempt on these events; True when that put them into quarantine."""
        return await self._database.submit(
            lambda tx: inbox.count_failure(tx, inbox_ids, why, quarantine_after)
        )

    async def due(self, now: datetime, limit: int, worker: str = "") -> tuple[OutboxRow, ...]:
        """Return queued effects that may go now: the first of each conversation and thread, any operation."""
        rows = self._database.read(
            f"SELECT * FROM outbox WHERE {outbox.HEADS} AND state = 'queued' AND {outbox.DUE} AND {outbox.OURS}"
            f" AND NOT {outbox.ON_HOLD} ORDER BY seq LIMIT ?",
            (*outbox.due_by(now), *outbox.ours_by(worker, now), iso(now), limit),
        )
        effects, damaged = outbox.readable(rows)
        if damaged:
            await self._database.submit(lambda tx: outbox.give_up(tx, damaged, now))
        return effects

    async def attempting(self, key: str, at: datetime, worker: str = "") -> bool:
        """Take a queued effect for sending; False when it is not queued any more."""
        return await self._database.submit(lambda tx: outbox.attempt(tx, key, at, worker))

    async def accepted(self, key: str, provider_id: str, at: datetime) -> None:
        """Record that the provider took it."""
        await self._database.submit(lambda tx: outbox.accept(tx, key, provider_id, at))

    async def requeue(self, key: str, due_at: datetime, why: str) -> None:
        """Put an effect that was certainly not sent back into the queue."""
        await self._database.submit(lambda tx: outbox.requeue(tx, key, due_at, why))

    async def postpone(self, key: str, due_at: datetime, why: str) -> None:
        """Let a queued effect wait longer; nothing was attempted."""
        await self._database.submit(
            lambda tx: tx.execute(
                "UPDATE outbox SET due_at = ?, error = ? WHERE key = ? AND state = 'queued'",
                (iso(due_at), why, key),
            )
        )

    async def failed(self, key: str, why: str, at: datetime) -> None:
        """Record that the provider refused it for good."""
        await self._database.submit(
            lambda tx: outbox.move(tx, key, ("queued", "attempting", "unknown"), "failed", at, error=why)
        )

    async def unknown(self, key: str, why: str, at: datetime) -> None:
        """Record that nobody can say whether it was sent."""
        await self._database.submit(
            lambda tx: outbox.move(tx, key, ("attempting",), "unknown", at, error=why)
        )

    async def orphans(self, at: datetime, of: Collection[str] = ("",)) -> tuple[OutboxRow, ...]:
        """Settle what these workers left `attempting`: operations are queued, the rest is `unknown`."""
        return await self._database.submit(lambda tx: outbox.orphans(tx, at, of))

    async def outbox(self, states: Sequence[OutboxState]) -> tuple[OutboxRow, ...]:
        """List the ledger by state, in the order of the effects; what cannot be read is left out."""
        marks = ", ".join("?" for _ in states)
        rows = self._database.read(f"SELECT * FROM outbox WHERE state IN ({marks}) ORDER BY seq", states)
        return outbox.readable(rows)[0]

    async def lane_message_id(self, thread: str) -> str | None:
        """Return the provider id of the post that a lane thread lives in."""
        row = self._database.read_one(
            "SELECT provider_id FROM outbox WHERE queue = ? AND provider_id IS NOT NULL ORDER BY seq"
            " DESC LIMIT 1",
            (f"post:{thread}",),
        )
        return None if row is None else str(row["provider_id"])

    async def sent_in_last_minute(self, conversation_id: str, now: datetime) -> int:
        """Count messages handed to the channel in the last 60 seconds."""
        return outbox.sent_in_last_minute(self._database.read, conversation_id, now)

    async def fire_timers(self, now: datetime, limit: int) -> tuple[TimerRow, ...]:
        """Move due timers into the inbox as DeadlinePassed, once each, and return them."""
        due = self._database.read_one(
            "SELECT 1 FROM timers WHERE state = 'armed' AND due_at <= ? LIMIT 1", (iso(now),)
        )
        # Asked without the writer first: a heartbeat with nothing due costs no commit.
        return await self._database.submit(lambda tx: timers.fire(tx, now, limit)) if due else ()

    async def next_due(self) -> datetime | None:
        """Return when the next timer or queued effect is due."""
        row = self._database.read_one(
            "SELECT MIN(due_at) AS due FROM (SELECT MIN(due_at) AS due_at FROM timers WHERE state ="
            " 'armed'"
            f" UNION ALL SELECT MIN({outbox.DUE_AT}) FROM outbox WHERE {outbox.HEADS} AND state = 'queued') AS"
            f" waiting"
        )
        return None if row is None or row["due"] is None else moment(row["due"])

    async def announce(
        self,
        post: PostToLane,
        case_id: str,
        conversation_id: str,
        at: datetime,
        measured: Measure | None = None,
    ) -> None:
        """Queue a lane post that no turn asked for, with what it measures; once per key."""

        def work(tx: Tx) -> None:
            if tx.one("SELECT 1 FROM outbox WHERE key = ?", (post.key,)) is None:
                outbox.enqueue(tx, post, turn_id="", case_id=case_id, conversation_id=conversation_id, at=at)
                if measured is not None:
                    measure(tx, measured.name, measured.at, value=measured.value, detail=measured.detail)

        await self._database.submit(work)

    async def conversation_of(self, case_id: str) -> str | None:
        """Return the conversation a case belongs to."""
        row = self._database.read_one("SELECT conversation_id FROM cases WHERE id = ?", (case_id,))
        return None if row is None else str(row["conversation_id"])

    async def waiting_for_dependency(self, name: str) -> tuple[tuple[str, str, int], ...]:
        """Return (conversation, case, turn) of the cases that wait for a dependency, oldest first."""
        return troubles.waiting_for(self._database, name)

    async def waited_for(self) -> frozenset[str]:
        """Return the dependencies that some case waits for."""
        return troubles.waited_for(self._database)

    async def untold(self) -> tuple[OutboxRow, ...]:
        """Return what failed or is unknown and has no card in the ops lane yet."""
        return troubles.untold(self._database)

    async def note(self, key: str, entry: AuditEntry) -> None:
        """Document something outside a turn; once per key."""

        def work(tx: Tx) -> None:
            if tx.one("SELECT 1 FROM audit WHERE key = ?", (key,)) is None:
                write_audit(tx, key, entry)

        await self._database.submit(work)

    @property
    def faults(self) -> StoreFaults:
        """What the database was at fault for, as this process has seen it."""
        return self._database.stats

    async def next_timer(self) -> datetime | None:
        """Return when the next timer is due."""
        row = self._database.read_one("SELECT MIN(due_at) AS due FROM timers WHERE state = 'armed'")
        return None if row is None or row["due"] is None else moment(row["due"])

    async def approval_by_token(self, token: str) -> ApprovalRecord | None:
        """Look an approval up by the token its buttons carry."""
        row = self._database.read_one("SELECT * FROM approvals WHERE token = ?", (token,))
        return None if row is None else approval_record(row)

    async def pending_approval_of(self, case_id: str) -> ApprovalRecord | None:
        """Look up the approval a case is waiting for."""
        row = self._database.read_one(
            "SELECT * FROM approvals WHERE case_id = ? AND state = 'pending' ORDER BY requested_at DESC"
            " LIMIT 1",
            (case_id,),
        )
        return None if row is None else approval_record(row)
