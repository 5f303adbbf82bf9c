"""Who did what in a lane: the person behind an action, and the note of one who may not do it."""

from datetime import datetime
from typing import Literal, Protocol

from casefile.base import Lane
from casefile.packets import AuditEntry
from casefile.records import StaffMember
from ports.journal import Journal
from ports.sources import Staffing


class Action(Protocol):
    """What a person did in a lane, as the lane's adapter read it."""

    @property
    def id(self) -> str: ...
    @property
    def kind(self) -> Literal["press", "reply", "command"]: ...
    @property
    def lane(self) -> Lane: ...
    @property
    def user_id(self) -> int: ...
    @property
    def text(self) -> str: ...
    @property
    def token(self) -> str | None: ...
    @property
    def message_id(self) -> str | None: ...
    @property
    def buttons(self) -> tuple[str, ...]: ...


async def actor(staffing: Staffing, action: Action) -> tuple[StaffMember | None, str]:
    """Return the listed person behind an action, if there is one, and the name audits know them by."""
    people = await staffing.staff()
    person = next((p for p in people if p.telegram_user_id == action.user_id), None)
    return person, f"tg:{action.user_id}"


async def note_blocked(
    journal: Journal,
    now: datetime,
    who: str,
    service: str,
    action: str,
    reason: str,
    case_id: str | None = None,
    about: str | None = None,
) -> None:
    """Note in the audit that somebody was refused."""
    entry = AuditEntry(
        at=now,
        case_id=case_id,
        actor=who,
        service=service,
        action=action,
        result="blocked",
        reason=reason,
        data_refs=() if about is None else (about,),
    )
    await journal.note(f"{service}:{action}:{who}:{now.isoformat()}", entry)
