"""Conversations in people's hands: each change is one transaction with all that it silences."""

from datetime import datetime, timedelta

from casefile.effects import PostToLane
from casefile.packets import AuditEntry
from casefile.records import PHONE
from ports.takeovers import Takeover
from store import outbox, silence
from store.audit import write_audit
from store.connection import Row
from store.database import Database
from store.measures import measure
from store.times import iso, moment, moment_or_none
from store.transaction import Tx

TIMER, QUIET = "takeover", "quiet"


class SqlTakeovers:
    """Implements ports.takeovers.TakeoverBook; `quiet` is how long a person may say nothing."""

    def __init__(self, database: Database, quiet: timedelta) -> None:
        self._database = database
        self._quiet = quiet

    async def begin(self, conversation_id: str, person: str, why: str, at: datetime) -> bool:
        """Give a conversation to a person and drop what B has queued in it; False when they have it already."""
        return await self._database.submit(
            lambda tx: begin(tx, conversation_id, person, why, at, self._quiet)
        )

    async def end(self, conversation_id: str, by: str, at: datetime) -> bool:
        """Give it back to the voice; False when nobody has it."""
        return await self._database.submit(lambda tx: end(tx, conversation_id, by, at))

    async def conversation(self, named: str) -> str | None:
        """Return the conversation of this id, or of the case with this id."""
        row = self._database.read_one(
            "SELECT id FROM conversations WHERE id = ?"
            " UNION ALL SELECT conversation_id FROM cases WHERE id = ? LIMIT 1",
            (named, named),
        )
        return None if row is None else str(row["id"])

    async def takeover(self, conversation_id: str) -> Takeover | None:
        """Return a conversation's last change of hands."""
        row = self._database.read_one("SELECT * FROM takeovers WHERE conversation_id = ?", (conversation_id,))
        return None if row is None else _takeover(row)

    async def held(self) -> tuple[Takeover, ...]:
        """List what people have now, the longest first."""
        rows = self._database.read("SELECT * FROM takeovers WHERE held = 1 ORDER BY since, conversation_id")
        return tuple(_takeover(row) for row in rows)

    async def unposted(self) -> tuple[Takeover, ...]:
        """Return those whose last change of hands the ops lane has not been told of."""
        rows = self._database.read(
            "SELECT * FROM takeovers WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.key ="
            " 'takeover:' || takeovers.conversation_id || ':' || takeovers.hands) ORDER BY since, conversation_id"
        )
        return tuple(_takeover(row) for row in rows)

    async def post(self, taken: Takeover, case_id: str, post: PostToLane, at: datetime) -> None:
        """Queue the post that tells of a change of hands; once."""

        def work(tx: Tx) -> None:
            if tx.one("SELECT 1 FROM outbox WHERE key = ?", (post.key,)) is None:
                talk = taken.conversation_id
                outbox.enqueue(tx, post, turn_id="", case_id=case_id, conversation_id=talk, at=at)

        await self._database.submit(work)


def begin(
    tx: Tx, conversation_id: str, person: str, why: str, at: datetime, quiet: timedelta, said: bool = False
) -> bool:
    """Give a conversation to a person; False when they have it already, and then only the quiet time begins anew.

    With `said` they have spoken: from the business phone nobody takes it away from a person who is named.
    """
    row = tx.one("SELECT person FROM takeovers WHERE conversation_id = ? AND held = 1", (conversation_id,))
    spoken(tx, conversation_id, at, quiet)
    if row is not None and (row["person"] == person or (said and person == PHONE)):
        return False
    tx.execute(
        "INSERT INTO takeovers (conversation_id, person, why, since, held, hands) VALUES (?, ?, ?, ?, 1, 1)"
        " ON CONFLICT (conversation_id) DO UPDATE SET person = excluded.person, why = excluded.why,"
        " since = excluded.since, held = 1, hands = takeovers.hands + 1, ended_at = NULL, ended_by = NULL",
        (conversation_id, person, why, iso(at)),
    )
    silence.drop_all(tx, conversation_id, at)
    _documented(tx, conversation_id, person, TIMER, why, at)
    return True


def end(tx: Tx, conversation_id: str, by: str, at: datetime) -> bool:
    """Give a conversation back to the voice; False when nobody has it."""
    ended = tx.execute(
        "UPDATE takeovers SET held = 0, hands = hands + 1, ended_at = ?, ended_by = ?"
        " WHERE conversation_id = ? AND held = 1",
        (iso(at), by, conversation_id),
    )
    if ended == 1:
        tx.execute("UPDATE timers SET state = 'stopped' WHERE key = ?", (f"{TIMER}:{conversation_id}",))
        _documented(tx, conversation_id, by, "handback", "", at)
    return ended == 1


def spoken(tx: Tx, conversation_id: str, at: datetime, quiet: timedelta) -> None:
    """Let the quiet time begin anew: the person has taken the conversation, or said something in it."""
    tx.execute(
        "INSERT INTO timers (key, case_id, conversation_id, timer, due_at, state) VALUES (?, '', ?, ?, ?, 'armed')"
        " ON CONFLICT (key) DO UPDATE SET due_at = excluded.due_at, state = 'armed', armed = timers.armed + 1",
        (f"{TIMER}:{conversation_id}", conversation_id, TIMER, iso(at + quiet)),
    )


def hands(tx: Tx, conversation_id: str) -> int:
    """Return how often a conversation has changed hands."""
    row = tx.one("SELECT hands FROM takeovers WHERE conversation_id = ?", (conversation_id,))
    return 0 if row is None else int(row["hands"])


def _documented(tx: Tx, conversation_id: str, who: str, action: str, why: str, at: datetime) -> None:
    entry = AuditEntry(
        at=at,
        case_id=None,
        actor=who,
        service="conversations",
        action=action,
        result="success",
        reason=why,
        data_refs=(conversation_id,),
    )
    write_audit(tx, f"{action}:{conversation_id}:{hands(tx, conversation_id)}", entry)
    measure(tx, f"conversation_{action}", at, detail=who)


def _takeover(row: Row) -> Takeover:
    return Takeover(
        conversation_id=row["conversation_id"],
        person=row["person"],
        why=row["why"],
        since=moment(row["since"]),
        held=bool(row["held"]),
        hands=row["hands"],
        ended_at=moment_or_none(row["ended_at"]),
        ended_by=row["ended_by"],
    )
