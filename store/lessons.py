"""What was decided about lessons, and where there may be some; the lessons themselves are read from turn records."""

from casefile.lessons import LessonDecision
from casefile.packets import AuditEntry
from store.audit import write_audit
from store.database import Database
from store.times import iso, moment
from store.transaction import Tx


class SqlLessons:
    """One desk's lessons; each is decided on once."""

    def __init__(self, database: Database, desk: str) -> None:
        self._database = database
        self._desk = desk

    def cases(self) -> tuple[str, ...]:
        """Return the cases in which a person or QA may have put something right, as far as their records are kept."""
        rows = self._database.read(
            "SELECT cases.id FROM cases WHERE cases.desk = ?"
            " AND EXISTS (SELECT 1 FROM turn_records WHERE turn_records.case_id = cases.id)"
            " AND (EXISTS (SELECT 1 FROM approvals WHERE approvals.case_id = cases.id"
            " AND (approvals.state = 'edited' OR (approvals.state = 'denied' AND approvals.why <> '')))"
            " OR EXISTS (SELECT 1 FROM transcript WHERE transcript.case_id = cases.id"
            " AND transcript.direction = 'out' AND transcript.author <> 'B')"
            " OR cases.id IN (SELECT case_id FROM measures WHERE (name = 'held' AND detail LIKE 'send_message %')"
            " OR (name = 'draft' AND detail <> 'sent') OR name = 'takeover')) ORDER BY cases.opened_at, cases.id",
            (self._desk,),
        )
        return tuple(row["id"] for row in rows)

    def decided(self) -> dict[str, LessonDecision]:
        """Return what was decided, by lesson."""
        rows = self._database.read("SELECT * FROM lessons WHERE desk = ?", (self._desk,))
        return {
            row["id"]: LessonDecision(
                lesson_id=row["id"],
                decision=row["decision"],
                by=row["decided_by"],
                at=moment(row["at"]),
                why=row["why"],
            )
            for row in rows
        }

    async def decide(self, case_id: str, decision: LessonDecision) -> bool:
        """Keep a decision, documented; False when somebody was first."""

        def work(tx: Tx) -> bool:
            first = tx.execute(
                "INSERT INTO lessons (id, desk, case_id, decision, decided_by, at, why) VALUES (?, ?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (id) DO NOTHING",
                (
                    decision.lesson_id,
                    self._desk,
                    case_id,
                    decision.decision,
                    decision.by,
                    iso(decision.at),
                    decision.why,
                ),
            )
            if first == 1:
                write_audit(tx, f"lesson:{decision.lesson_id}", _line(case_id, decision))
            return first == 1

        return await self._database.submit(work)


def _line(case_id: str, decision: LessonDecision) -> AuditEntry:
    return AuditEntry(
        at=decision.at,
        case_id=case_id,
        actor=decision.by,
        service="lessons",
        action=decision.decision,
        result="success",
        reason=decision.why,
        data_refs=(decision.lesson_id,),
    )
