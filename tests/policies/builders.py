"""Small facts for the policy tests: valid by default, changed by keyword."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from casefile.facts import ScheduleFacts
from casefile.packets import CTask
from casefile.records import Contact, Conversation, Session, Slot, StaffMember

WIB = ZoneInfo("Asia/Jakarta")
# A Tuesday, 10.00 WIB.
NOW = datetime(2026, 2, 10, 3, 0, tzinfo=UTC)


def conversation(**changes: object) -> Conversation:
    base = Conversation(
        id="wa-1-c1", desk="school", account="1", contact_id="c1", channel_address="+6281200000001"
    )
    return base.model_copy(update=changes)


def contact(**changes: object) -> Contact:
    return Contact(id="c1", phone="+6281200000001").model_copy(update=changes)


def session(start: datetime = NOW + timedelta(days=3), **changes: object) -> Session:
    base = Session(id="s1", student_id="st1", coach="Maya", start=start, end=start + timedelta(hours=1))
    return base.model_copy(update=changes)


def slot(start: datetime = NOW + timedelta(days=4), **changes: object) -> Slot:
    base = Slot(id="f1", coach="Maya", start=start, end=start + timedelta(hours=1))
    return base.model_copy(update=changes)


def schedule(**changes: object) -> ScheduleFacts:
    base = ScheduleFacts(
        student_id="st1",
        sessions=(session(),),
        free_slots=(slot(),),
        reschedules_this_month=0,
        read_at=NOW,
        rev=4,
    )
    return base.model_copy(update=changes)


def task(**changes: object) -> CTask:
    base = CTask(
        case_id="SCH-2026-0001",
        action="REFUND",
        subject="c1",
        params={"invoice": "INV-2026-0210-001", "amount": 1_200_000},
        verification_status="OK",
        idempotency_key="k1",
    )
    return base.model_copy(update=changes)


def staff(*roles: str) -> StaffMember:
    return StaffMember.model_validate({"id": "maya", "name": "Maya", "telegram_user_id": 7, "roles": roles})
