"""A move on its way to the school's sheet is kept as JSON, and comes back as it was."""

from datetime import UTC, datetime, timedelta

from casefile.records import Session, Slot
from casefile.sheet import PlannedMove

AT = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)


def test_a_planned_move_survives_being_kept() -> None:
    hour = timedelta(hours=1)
    old = Session(id="ss_1", student_id="st_1", coach="Sinta", start=AT, end=AT + hour)
    new = old.model_copy(update={"id": "ss_1-r1", "start": AT + hour, "end": AT + 2 * hour})
    planned = PlannedMove(
        key="c:1:0",
        session=old,
        new=new,
        slot=Slot(id="sl_1", coach="Sinta", start=new.start, end=new.end),
        source="customer",
        approval_id=None,
        at=AT,
        request_month="2026-11",
        session_month="2026-11",
        people=("ct_1",),
        rev=4,
    )
    assert PlannedMove.model_validate_json(planned.model_dump_json()) == planned
