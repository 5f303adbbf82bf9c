"""The book of what people look at after it was sent, as rows."""

from collections.abc import Sequence
from datetime import datetime

from casefile.auditing import Answer, Count, Judgement, Sample
from casefile.packets import AuditEntry
from store.audit import write_audit
from store.connection import Row
from store.database import Database
from store.times import iso, moment
from store.transaction import Tx

ARRIVED = "('accepted', 'delivered', 'read')"


class SqlAuditBook:
    """Implements ports.auditing.AuditBook for one desk."""

    def __init__(self, database: Database, desk: str) -> None:
        self._database = database
        self._desk = desk

    async def records(self, since: datetime, until: datetime) -> tuple[bytes, ...]:
        """Return the turn records of a span, in the order of the turns."""
        rows = self._database.read(
            "SELECT turn_records.body FROM turns JOIN turn_records ON turn_records.turn_id = turns.id"
            " JOIN cases ON cases.id = turn_records.case_id WHERE cases.desk = ? AND turns.at >= ? AND turns.at < ?"
            " ORDER BY turns.at, turn_records.case_id, turn_records.turn",
            (self._desk, iso(since), iso(until)),
        )
        return tuple(row["body"] for row in rows)

    async def records_of(self, case_id: str) -> tuple[bytes, ...]:
        """Return the turn records of a case that are still there, in order."""
        rows = self._database.read(
            "SELECT body FROM turn_records WHERE case_id = ? ORDER BY turn", (case_id,)
        )
        return tuple(row["body"] for row in rows)

    async def arrived(self, since: datetime, until: datetime) -> frozenset[str]:
        """Return the keys of the messages of a span that the channel took."""
        rows = self._database.read(
            f"SELECT key FROM outbox WHERE kind = 'send_message' AND state IN {ARRIVED}"
            " AND created_at >= ? AND created_at < ?",
            (iso(since), iso(until)),
        )
        return frozenset(row["key"] for row in rows)

    async def stopped(self, since: datetime, until: datetime) -> tuple[Count, ...]:
        """Count what was held, edited and denied in a span by its reason, the most frequent first."""
        rows = self._database.read(
            "SELECT 'held' AS what, detail AS why, COUNT(*) AS n FROM measures"
            " WHERE name = 'held' AND at >= ? AND at < ? GROUP BY detail"
            " UNION ALL SELECT approvals.state AS what, approvals.kind || ' ' || COALESCE(cases.cause, '') AS why,"
            " COUNT(*) AS n FROM approvals LEFT JOIN cases ON cases.id = approvals.case_id"
            " WHERE approvals.state IN ('edited', 'denied') AND approvals.decided_at >= ?"
            " AND approvals.decided_at < ? GROUP BY approvals.state, approvals.kind, cases.cause",
            (iso(since), iso(until)) * 2,
        )
        counts = [Count(what=row["what"], why=row["why"].strip(), count=row["n"]) for row in rows]
        return tuple(sorted(counts, key=lambda c: (c.what, -c.count, c.why)))

    async def sample(self, week: str) -> Sample | None:
        """Return what was picked of a week, with what was found so far; None before it was picked."""
        picked = self._database.read_one(
            "SELECT sent FROM audit_weeks WHERE desk = ? AND week = ?", (self._desk, week)
        )
        if picked is None:
            return None
        rows = self._database.read(
            "SELECT * FROM audit_samples WHERE desk = ? AND week = ? ORDER BY position", (self._desk, week)
        )
        return Sample(week=week, sent=picked["sent"], answers=tuple(map(_answer, rows)))

    async def keep(self, week: str, sent: int, answers: Sequence[Answer], now: datetime) -> bool:
        """Keep what was picked of a week; False when somebody has picked already."""

        def work(tx: Tx) -> bool:
            first = tx.execute(
                "INSERT INTO audit_weeks (desk, week, sent, at) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (desk, week) DO NOTHING",
                (self._desk, week, sent, iso(now)),
            )
            if first == 1:
                tx.insert_many(
                    "INSERT INTO audit_samples (key, desk, week, position, case_id, turn, tier, language, drafted)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    [
                        (a.key, self._desk, week, n, a.case_id, a.turn, a.tier, a.language, int(a.drafted))
                        for n, a in enumerate(answers, 1)
                    ],
                )
            return first == 1

        return await self._database.submit(work)

    async def judge(self, key: str, judgement: Judgement) -> bool:
        """Keep what a person found of an answer, documented; False when it is judged, or was never picked."""

        def work(tx: Tx) -> bool:
            judged = tx.execute(
                "UPDATE audit_samples SET label = ?, flaw = ?, reason = ?, judged_by = ?, judged_at = ?"
                " WHERE key = ? AND desk = ? AND label IS NULL",
                (
                    judgement.label,
                    judgement.flaw,
                    judgement.reason,
                    judgement.by,
                    iso(judgement.at),
                    key,
                    self._desk,
                ),
            )
            if judged == 1:
                write_audit(tx, f"audit:{key}", _line(tx, key, judgement))
            return judged == 1

        return await self._database.submit(work)


def _line(tx: Tx, key: str, judgement: Judgement) -> AuditEntry:
    row = tx.one("SELECT case_id FROM audit_samples WHERE key = ?", (key,))
    return AuditEntry(
        at=judgement.at,
        case_id=row["case_id"] if row else None,
        actor=judgement.by,
        service="audit",
        action="judge",
        result="success",
        reason=f"{judgement.label} {judgement.flaw or ''}".strip(),
        data_refs=(key,),
    )


def _answer(row: Row) -> Answer:
    judged = None
    if row["label"] is not None:
        judged = Judgement(
            label=row["label"],
            flaw=row["flaw"],
            reason=row["reason"],
            by=row["judged_by"],
            at=moment(row["judged_at"]),
        )
    return Answer(
        key=row["key"],
        case_id=row["case_id"],
        turn=row["turn"],
        tier=row["tier"],
        language=row["language"],
        drafted=bool(row["drafted"]),
        judgement=judged,
    )
