"""Reminders of tomorrow's sessions: each falls due once for the hour it stands at, as an event in the inbox."""

from datetime import datetime, tzinfo
from functools import partial

from casefile.events import ReminderFellDue
from casefile.records import Session
from policies.reminders import Standing, Way, tomorrow, whom
from services.ways import ways_to
from store import records
from store.database import Database
from store.facts import answerable
from store.inbox import put_event
from store.records import session_row
from store.times import iso
from store.transaction import Tx

PORTION = 200
CHANNEL = "reminder"


class SessionReminders:
    """Implements ports.upkeep.Reminding for the conversations of one desk."""

    def __init__(self, database: Database, desk: str, zone: tzinfo) -> None:
        self._database = database
        self._desk = desk
        self._zone = zone

    async def remind(self, now: datetime) -> bool:
        """Let a portion of tomorrow's reminders fall due, once each; True when none is left."""
        begins, ends = tomorrow(now, self._zone)
        rows = self._database.read(
            "SELECT * FROM sessions WHERE status = 'scheduled' AND must_move = 0 AND start_at >= ? AND start_at < ?"
            " AND NOT EXISTS"
            " (SELECT 1 FROM reminders WHERE reminders.session_id = sessions.id"
            " AND reminders.start_at = sessions.start_at) ORDER BY start_at, id LIMIT ?",
            (iso(begins), iso(ends), PORTION),
        )
        for session in map(session_row, rows):
            await self._database.submit(partial(self._fall_due, session=session, now=now))
        return len(rows) < PORTION

    def _fall_due(self, tx: Tx, session: Session, now: datetime) -> None:
        standing, way = whom(self._ways(tx, session.student_id), now)
        if not _noted(tx, session, standing, now) or way is None or way.conversation_id is None:
            return
        event = ReminderFellDue(
            at=now, student_id=session.student_id, session_id=session.id, start=session.start
        )
        put_event(tx, CHANNEL, f"{session.id}:{iso(session.start)}", way.conversation_id, event, now)

    def _ways(self, tx: Tx, student_id: str) -> list[Way]:
        """Return the ways to whoever answers for a student: their own number first, the latest heard from first."""
        student = records.student(tx.all, student_id)
        contacts = answerable(student) if student else ()
        return [way for contact_id in contacts for way in ways_to(tx, self._desk, contact_id)]


def _noted(tx: Tx, session: Session, standing: Standing, now: datetime) -> bool:
    """Write down what came of a reminder; False when another process has done so already."""
    noted = tx.execute(
        "INSERT INTO reminders (session_id, start_at, state, at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (session_id, start_at) DO NOTHING",
        (session.id, iso(session.start), standing, iso(now)),
    )
    return noted == 1
