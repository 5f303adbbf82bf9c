"""Words of an outside AI or system into a conversation: checked like B's own, sent as B's own."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, HTTPException, Path
from pydantic import Field, JsonValue

from app.api.access import Caller, caller_for
from casefile.base import Frozen
from casefile.case import Case
from casefile.outside_events import OutsideReply
from casefile.records import Conversation
from policies.presend import held_words
from policies.takeover import persons_case
from policies.window import has_closed
from store.errors import NotFound
from store.journal import SUBMITTED

router = APIRouter(prefix="/messages", tags=["messages"])
Writer = Annotated[Caller, Depends(caller_for("messages:write"))]
MessageId = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{8,64}$")]
State = Literal["queued", "held", "sent", "delivered", "read", "failed"]
SENT: dict[str, State] = {"accepted": "sent", "delivered": "delivered", "read": "read", "failed": "failed"}


class Message(Frozen):
    """Words for a conversation; the same `message_id` again is the same message, whatever is in it.

    `session_id` is the conversation's id. `metadata` is kept in the turn's record; nothing follows from it.
    """

    session_id: Annotated[str, Field(max_length=128)]
    message_id: MessageId
    text: Annotated[str, Field(min_length=1, max_length=4096)]
    metadata: Annotated[dict[str, JsonValue], Field(max_length=20)] = {}


class Taken(Frozen):
    """What became of a message: `held` is one that pre-send QA kept back; its case went to a person."""

    message_id: str
    case_id: str
    state: State


@router.post(
    "",
    status_code=202,
    responses={404: {"description": "no such conversation"}, 409: {"description": "not now"}},
)
async def say(caller: Writer, message: Message) -> Taken:
    """Take words for a customer; they leave after the turn that checks them, as B."""
    known = _taken(caller, message.message_id)
    if known is not None:
        return known
    wired = caller.wired
    case, conversation = await _open(caller, message.session_id)
    now = wired.clock.now()
    if has_closed(conversation.window_opened_at, now):
        raise HTTPException(409, "the customer's last message is more than 24 hours ago")
    rules = wired.desk.rules
    if len(message.text) > rules.limits.message_chars:
        raise HTTPException(422, f"a message is at most {rules.limits.message_chars} characters")
    findings = held_words(message.text, case.language, rules)
    if findings:
        raise HTTPException(422, f"held back: {', '.join(sorted({f.rule for f in findings}))}")
    event = OutsideReply(
        at=now, case_id=case.id, by=caller.key.name, text=message.text, metadata=message.metadata
    )
    await wired.journal.submit(conversation.id, event, _name(caller, message.message_id), now)
    caller.wake(conversation.id)
    return Taken(message_id=message.message_id, case_id=case.id, state="queued")


@router.get("/{message_id}", responses={404: {"description": "no such message of this key"}})
async def became(caller: Writer, message_id: Annotated[str, Path(max_length=64)]) -> Taken:
    """Say what became of a message."""
    known = _taken(caller, message_id)
    if known is None:
        raise HTTPException(404, "this key has sent no such message")
    return known


async def _open(caller: Caller, session_id: str) -> tuple[Case, Conversation]:
    """Return the case the words belong to, where no person has a say in it now."""
    stored = caller.wired.stored
    try:
        conversation = await stored.conversation(session_id)
    except NotFound as error:
        raise HTTPException(404, "there is no such conversation") from error
    if conversation.taken_by is not None:
        raise HTTPException(409, "a person has taken this conversation over")
    case = persons_case(await stored.open_cases(session_id, caller.wired.clock.now()))
    if case is None:
        raise HTTPException(409, "nothing is open in this conversation")
    if case.approval_id is not None or case.state == "with_person":
        raise HTTPException(409, "a person decides on this case")
    return case, conversation


def _name(caller: Caller, message_id: str) -> str:
    return f"api:{caller.key.name}:{message_id}"


def _taken(caller: Caller, message_id: str) -> Taken | None:
    database = caller.wired.database
    row = database.read_one(
        "SELECT state, turn_id, body FROM inbox WHERE channel = ? AND account = '' AND external_id = ?",
        (SUBMITTED, _name(caller, message_id)),
    )
    if row is None:
        return None
    case_id = OutsideReply.model_validate_json(row["body"]).case_id
    sent = database.read_one(
        "SELECT state FROM outbox WHERE turn_id = ? AND case_id = ? AND kind = 'send_message'"
        " ORDER BY seq DESC LIMIT 1",
        (row["turn_id"], case_id),
    )
    waiting: State = "queued" if row["state"] == "unread" else "held"
    state = waiting if sent is None else SENT.get(sent["state"], "queued")
    return Taken(message_id=message_id, case_id=case_id, state=state)
