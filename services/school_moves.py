"""What the school itself must move: a coach's day off takes the sessions of that day to those who answer for them."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from pydantic import JsonValue

from casefile.records import Session
from casefile.session_events import SessionMustMove
from policies.reminders import whom
from services.ways import ways_to
from services.work import Outcome, Work, blocked, impossible
from store import records
from store.facts import answerable
from store.inbox import put_event
from store.records import Reader
from store.times import iso

CHANNEL = "school"


def must_move(work: Work) -> Outcome:
    """SCHOOL_MOVE: subject is the coach; params `date` (YYYY-MM-DD), `desk`, `staff_id` and `why`.

    Every session of that day still ahead is to be moved, the coach's free hours of it are gone, and who answers for a
    student is told, once; `unreached` are the sessions nobody can be written to about: WhatsApp's window has closed,
    they never wrote, or want no messages.
    """
    tx, coach = work.tx, work.task.subject
    if not any(person.id == work.text("staff_id") for person in records.staff(tx.all)):
        return blocked("sessions are moved for the school only by a named staff member")
    day = date.fromisoformat(work.text("date"))
    touched = sessions_of(tx.all, coach, day, work.zone, work.now)
    if not touched:
        return impossible(f"{coach} has no sessions ahead on {day}")
    begins, ends = bounds(day, work.zone)
    tx.execute(
        "DELETE FROM slots WHERE coach = ? AND session_id IS NULL AND start_at >= ? AND start_at < ?",
        (coach, iso(begins), iso(ends)),
    )
    contacts: list[str] = []
    unreached: list[JsonValue] = []
    for session in touched:
        tx.execute("UPDATE sessions SET must_move = 1 WHERE id = ?", (session.id,))
        student = records.student(tx.all, session.student_id)
        people = answerable(student) if student else ()
        contacts += people
        ways = [way for contact in people for way in ways_to(tx, work.text("desk"), contact)]
        _, way = whom(ways, work.now)
        if way is None or way.conversation_id is None:
            unreached.append(session.id)
            continue
        event = SessionMustMove(
            at=work.now, student_id=session.student_id, session_id=session.id, start=session.start
        )
        put_event(tx, CHANNEL, f"{session.id}:{iso(session.start)}", way.conversation_id, event, work.now)
    told = len(touched) - len(unreached)
    return Outcome(
        "SUCCESS",
        f"{len(touched)} sessions of {coach} on {day} must move; {told} are told",
        contacts=tuple(dict.fromkeys(contacts)),
        new_state={"sessions": [session.id for session in touched], "unreached": unreached},
        refs={"staff": work.text("staff_id"), "why": work.text("why")},
    )


def sessions_of(read: Reader, coach: str, day: date, zone: tzinfo, now: datetime) -> tuple[Session, ...]:
    """Return a coach's sessions of a day that are still ahead and not to be moved yet, by their hour."""
    begins, ends = bounds(day, zone)
    rows = read(
        "SELECT * FROM sessions WHERE coach = ? AND status = 'scheduled' AND must_move = 0"
        " AND start_at >= ? AND start_at < ? AND start_at > ? ORDER BY start_at, id",
        (coach, iso(begins), iso(ends), iso(now)),
    )
    return tuple(records.session_row(row) for row in rows)


def bounds(day: date, zone: tzinfo) -> tuple[datetime, datetime]:
    """Return when a day of the desk's begins and ends, in UTC."""
    first = datetime.combine(day, time(), zone)
    return first.astimezone(UTC), datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
