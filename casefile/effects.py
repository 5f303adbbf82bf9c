"""Effects: what should be done, in the imperative. Roles propose them; only the performer acts.

The first group leaves the building through the outbox; the second is written with the turn itself.
"""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, JsonValue, TypeAdapter

from casefile.approval import ApprovalRequest
from casefile.base import Frozen, Lane, Language
from casefile.packets import AuditEntry, CTask
from casefile.payment_effects import ClosePayment, RefundPayment, RequestPayment
from casefile.records import Delta

DOCUMENT_LANGUAGES: tuple[Language, ...] = ("id", "en")
Purpose = Literal["answer", "ask", "acknowledge", "refuse", "notify", "release", "invite"]


class Button(Frozen):
    """A choice under a message: what it says (<= 20 characters on WhatsApp) and what comes back."""

    label: str
    value: str


class Citation(Frozen):
    """The published page a sentence rests on."""

    page_id: str
    release: str
    content_hash: str


class ChannelTemplate(Frozen):
    """A message WhatsApp has approved, by its name there and the code of its language."""

    name: str
    language: str


class Attachment(Frozen):
    """A document of ours that goes with a message, made from the books when it is sent; its text is the caption.

    `document` is `invoice:<number>:<language>` (a PDF; a receipt once it is paid), `qr:<number>` (a picture) or
    `photo:<name>:<id>` (a product's own).
    """

    kind: Literal["image", "document"]
    filename: str
    document: str

    @property
    def number(self) -> str:
        """The number of the bill it is of, or the name of the product."""
        return self.document.split(":")[1]


class SendMessage(Frozen):
    """Say something to the customer. Role B only; `by` is a person's id when the words are a person's.

    `template` is `id@version`; `purpose` is what the gate admitted it for; `account` marks a text that states
    this customer's own data; `done` names what it says has been carried out or approved (rescheduled ...).
    With a `channel_template` that is what is sent, and `text` is how it reads. `plain` is what the template says
    where a model has phrased `text` instead; empty means that nothing was phrased.
    """

    type: Literal["send_message"] = "send_message"
    key: str
    conversation_id: str
    text: str
    language: Language
    template: str
    purpose: Purpose
    account: bool = False
    done: tuple[str, ...] = ()
    citations: tuple[Citation, ...] = ()
    buttons: tuple[Button, ...] = ()
    reply_to: str | None = None
    by: str = "B"
    channel_template: ChannelTemplate | None = None
    plain: str = ""
    attachment: Attachment | None = None

    def unphrased(self) -> "SendMessage":
        """Return the message in the template's own words."""
        return self.model_copy(update={"text": self.plain, "plain": ""}) if self.plain else self


class PostToLane(Frozen):
    """Say something to the staff. `thread` names the post, so a later one with the same name edits it.

    `evidence` are the keys of kept files that go along.
    """

    type: Literal["post_to_lane"] = "post_to_lane"
    key: str
    lane: Lane
    thread: str
    html: str
    buttons: tuple[Button, ...] = ()
    evidence: tuple[str, ...] = ()


class RunOperation(Frozen):
    """Have C's task carried out in the system of record, once, under `task.idempotency_key`."""

    type: Literal["run_operation"] = "run_operation"
    key: str
    task: CTask


class StartTimer(Frozen):
    """Wake this case at `due_at`; a timer with the same key replaces the earlier one."""

    type: Literal["start_timer"] = "start_timer"
    key: str
    timer: str
    due_at: AwareDatetime


class StopTimer(Frozen):
    """Forget a timer."""

    type: Literal["stop_timer"] = "stop_timer"
    key: str


class OpenApproval(Frozen):
    """Ask a person; the request is stored with its digest."""

    type: Literal["open_approval"] = "open_approval"
    key: str
    request: ApprovalRequest


class CloseApproval(Frozen):
    """Settle an approval: used by a decision, or void because what it was about changed."""

    type: Literal["close_approval"] = "close_approval"
    key: str
    approval_id: str
    state: Literal["approved", "denied", "edited", "void"]
    by: str
    why: str = ""


class Remember(Frozen):
    """Keep something about the conversation for its later cases (language, child, attempts, lock)."""

    type: Literal["remember"] = "remember"
    key: str
    conversation_id: str
    changes: dict[str, JsonValue]


class PushDelta(Frozen):
    """Renew what B knows of a contact (from C's result or C's quick read, logged by E)."""

    type: Literal["push_delta"] = "push_delta"
    key: str
    delta: Delta


class AttachEvidence(Frozen):
    """Keep a file with the case: its reference at once, the file itself once it has been fetched."""

    type: Literal["attach_evidence"] = "attach_evidence"
    key: str
    case_id: str
    media_id: str
    kind: str
    caption: str = ""


class ForgetWaiting(Frozen):
    """Drop the words of this case that wait until the customer writes again: it is settled without them."""

    type: Literal["forget_waiting"] = "forget_waiting"
    key: str
    case_id: str


class WriteAudit(Frozen):
    """Document something in the audit trail."""

    type: Literal["write_audit"] = "write_audit"
    key: str
    entry: AuditEntry


class NoteGap(Frozen):
    """Record a question the knowledge could not answer."""

    type: Literal["note_gap"] = "note_gap"
    key: str
    case_id: str
    question: str
    language: Language


Effect = Annotated[
    SendMessage
    | PostToLane
    | RunOperation
    | RequestPayment
    | RefundPayment
    | ClosePayment
    | StartTimer
    | StopTimer
    | OpenApproval
    | CloseApproval
    | Remember
    | PushDelta
    | AttachEvidence
    | ForgetWaiting
    | WriteAudit
    | NoteGap,
    Field(discriminator="type"),
]
OUTBOUND = (
    SendMessage,
    PostToLane,
    RunOperation,
    RequestPayment,
    RefundPayment,
    ClosePayment,
    AttachEvidence,
)
EFFECT: TypeAdapter[Effect] = TypeAdapter(Effect)
