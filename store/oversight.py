"""How the desk is doing, read from what has been committed."""

from datetime import datetime, timedelta, tzinfo

from casefile.vitals import OpenCase, Standstill, Unreminded, Vitals
from store.connection import Params
from store.database import Database
from store.times import iso, moment, moment_or_none

WAITING = "('new', 'triaged', 'executing', 'with_person', 'awaiting_approval')"
# An order whose customer has heard of it; in words somebody wrote the quotes would stand with a backslash.
HEARD = '%"promised":false%'
HEARTBEAT, OVER = "heartbeat:", ":over"


class SqlOversight:
    """Implements ports.upkeep.Oversight for one desk.

    What has not moved for `moving` stands still; a send proves itself within `reconcile`.
    """

    def __init__(
        self, database: Database, desk: str, zone: tzinfo, moving: timedelta, reconcile: timedelta
    ) -> None:
        self._database = database
        self._desk = desk
        self._zone = zone
        self._moving = moving
        self._reconcile = reconcile

    async def vitals(self, now: datetime) -> Vitals:
        """Return what a heartbeat looks at, but for the snapshots and for what is down."""
        moved, proved = iso(now - self._moving), iso(now - self._moving - self._reconcile)
        return Vitals(
            cases=self._cases(),
            unread=self._standstill(
                "SELECT COUNT(*) AS n, MIN(received_at) AS oldest FROM inbox"
                " WHERE state = 'unread' AND received_at < ?",
                (moved,),
            ),
            late=self._standstill(
                "SELECT COUNT(*) AS n, MIN(due_at) AS oldest FROM outbox WHERE pending = 1 AND due_at < ?",
                (moved,),
            ),
            unknown=self._standstill(
                "SELECT COUNT(*) AS n, MIN(changed_at) AS oldest FROM outbox"
                " WHERE state IN ('failed', 'unknown') AND state = 'unknown' AND changed_at < ?",
                (proved,),
            ),
        )

    async def open_heartbeat(self) -> str | None:
        """Return the thread of the heartbeat's post while what it tells of is not over.

        Its posts are keyed `<thread>:<slot>`, the last of them `<thread>:over`.
        """
        row = self._database.read_one(
            "SELECT key, queue FROM outbox WHERE key >= ? AND key < ? ORDER BY seq DESC LIMIT 1",
            (HEARTBEAT, HEARTBEAT[:-1] + ";"),
        )
        if row is None or str(row["key"]).endswith(OVER):
            return None
        return str(row["queue"]).removeprefix("post:")

    async def unreminded(self, now: datetime) -> tuple[Unreminded, ...]:
        """Return the sessions of today and tomorrow whose customers could not be reminded, soonest first."""
        until = (now.astimezone(self._zone) + timedelta(days=2)).replace(
            hour=0, minute=0, second=0, microsecond=0
        )
        rows = self._database.read(
            "SELECT students.name, sessions.coach, sessions.start_at, contacts.phone FROM reminders"
            " JOIN sessions ON sessions.id = reminders.session_id AND sessions.start_at = reminders.start_at"
            " JOIN students ON students.id = sessions.student_id"
            " LEFT JOIN contacts ON contacts.id = COALESCE(students.own_contact,"
            " (SELECT MIN(contact_id) FROM guardians WHERE student_id = students.id))"
            " WHERE reminders.state = 'unreachable' AND sessions.status = 'scheduled'"
            " AND sessions.start_at > ? AND sessions.start_at < ? ORDER BY sessions.start_at, sessions.id",
            (iso(now), iso(until)),
        )
        return tuple(
            Unreminded(
                student=row["name"], coach=row["coach"], start=moment(row["start_at"]), phone=row["phone"]
            )
            for row in rows
        )

    def _cases(self) -> tuple[OpenCase, ...]:
        rows = self._database.read(
            "SELECT id, state, tier, opened_at, updated_at, json_extract(body, '$.sla') AS sla,"
            " CASE WHEN body LIKE ? THEN 0 ELSE 1 END AS promised,"
            " (SELECT MAX(at) FROM transitions WHERE transitions.case_id = cases.id"
            " AND transitions.new = cases.state) AS since"
            f" FROM cases WHERE desk = ? AND state IN {WAITING} ORDER BY opened_at, id",
            (HEARD, self._desk),
        )
        return tuple(
            OpenCase(
                id=row["id"],
                state=row["state"],
                tier=row["tier"],
                urgent=row["sla"] == "urgent",
                promised=bool(row["promised"]),
                opened_at=moment(row["opened_at"]),
                updated_at=moment(row["updated_at"]),
                since=moment(row["since"] or row["updated_at"]),
            )
            for row in rows
        )

    def _standstill(self, sql: str, params: Params) -> Standstill:
        row = self._database.read_one(sql, params)
        return Standstill(count=int(row["n"]), oldest=moment_or_none(row["oldest"])) if row else Standstill()
