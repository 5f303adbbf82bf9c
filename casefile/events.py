"""Events: what happened, in the past tense. Everything that enters a case is one of these."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, JsonValue, TypeAdapter

from casefile.base import Frozen
from casefile.channel_events import AliasChanged, ChannelFault
from casefile.outside_events import OutsideReply
from casefile.packets import CResult
from casefile.payment_events import (
    BillNews,
    PaymentNotified,
    PaymentRequested,
    PaymentReturned,
    PaymentSettled,
)
from casefile.records import Alias
from casefile.session_events import SessionMustMove
from casefile.shop import OrderStatus

MessageKind = Literal[
    "text",
    "image",
    "audio",
    "document",
    "location",
    "interactive",
    "reaction",
    "edit",
    "revoke",
    "unsupported",
]
# The one form stickers come in; nobody's photo or scan does.
STICKER = "image/webp"


class Client(Frozen):
    """Who wrote; the phone may be unknown."""

    phone: str | None = None
    display_name: str | None = None
    aliases: tuple[Alias, ...] = ()


class Media(Frozen):
    """A file the customer sent, kept as evidence and never opened on the customer's say-so."""

    id: str
    mime: str
    sha256: str | None = None
    caption: str | None = None
    voice: bool = False
    filename: str | None = None


class InboundMessage(Frozen):
    """One message as the channel delivered it, normalised; `text` is the words or the pressed button's title."""

    id: str
    kind: MessageKind
    text: str = ""
    media: Media | None = None
    reply_to: str | None = None
    button: str | None = None

    @property
    def sticker(self) -> bool:
        """Say whether this is a sticker: a gesture, and nothing to keep."""
        return self.kind == "image" and self.media is not None and self.media.mime == STICKER

    @property
    def file(self) -> bool:
        """Say whether a file came that somebody may have to look at."""
        return self.media is not None and not self.sticker


class Written(Frozen):
    """Something written on a channel, between us and `client`."""

    source: str = "whatsapp"
    account: str
    received_at: AwareDatetime
    sent_at: AwareDatetime
    conversation_id: str = ""
    client: Client
    message: InboundMessage


class MessageReceived(Written):
    """A customer wrote."""

    type: Literal["message_received"] = "message_received"


class HumanSpoke(Written):
    """A person wrote to a customer from the business phone; the words have left already."""

    type: Literal["human_spoke"] = "human_spoke"

    @property
    def words(self) -> str:
        """The words, or what kind of message it was where there are none."""
        return self.message.text or f"({self.message.kind})"


class DeliveryStatus(Frozen):
    """The channel says what became of a message; applied as a monotonic maximum.

    `key` is the effect key when the channel echoes it (WhatsApp's `biz_opaque_callback_data`).
    """

    type: Literal["delivery_status"] = "delivery_status"
    source: str = "whatsapp"
    account: str
    received_at: AwareDatetime
    provider_id: str
    key: str | None = None
    status: Literal["sent", "delivered", "read", "failed"]
    error_code: str | None = None
    error: str | None = None


class OperationDone(Frozen):
    """C's operation came back from the system of record."""

    type: Literal["operation_done"] = "operation_done"
    at: AwareDatetime
    case_id: str
    key: str
    result: CResult


class ApprovalGiven(Frozen):
    """An allowlisted person decided; already checked against the store when it enters a case.

    `conditions` are what a yes was given with, or the reason of a no; `candidate` marks an exception that its
    approver thinks should become policy.
    """

    type: Literal["approval_given"] = "approval_given"
    at: AwareDatetime
    case_id: str
    approval_id: str
    decision: Literal["APPROVE", "DENY", "EDIT"]
    by: str
    text: str = ""
    conditions: str = ""
    alternative: str | None = None
    candidate: bool = False


class OperatorCommand(Frozen):
    """An operator asked for something, from the lane or the command line.

    `reply`: the words in `args["text"]` go to the customer; `done`: the order `args["task"]` is carried out, and
    words, where there are any, go as with a reply.
    """

    type: Literal["operator_command"] = "operator_command"
    at: AwareDatetime
    case_id: str
    command: Literal["confirm", "reject", "resolve", "close", "reply", "done"]
    by: str
    args: dict[str, JsonValue] = {}

    @property
    def words(self) -> str:
        """The words the customer is to be told, exactly; empty when there are none."""
        return str(self.args.get("text", ""))


class DeliveryFailed(Frozen):
    """Words of this case did not reach the customer and never will; `key` is the effect's, `why` the channel's."""

    type: Literal["delivery_failed"] = "delivery_failed"
    at: AwareDatetime
    case_id: str
    key: str
    why: str


class WindowClosed(Frozen):
    """Words of this case wait: WhatsApp takes them only once the customer has written again; `key` is the effect's."""

    type: Literal["window_closed"] = "window_closed"
    at: AwareDatetime
    case_id: str
    key: str


class DeadlinePassed(Frozen):
    """A timer of this case ran out."""

    type: Literal["deadline_passed"] = "deadline_passed"
    at: AwareDatetime
    case_id: str
    timer: str
    key: str


class ReminderFellDue(Frozen):
    """A session of this customer's comes up tomorrow; it opens a case of its own if it is still to be said."""

    type: Literal["reminder_fell_due"] = "reminder_fell_due"
    at: AwareDatetime
    student_id: str
    session_id: str
    start: AwareDatetime


class OrderMoved(Frozen):
    """An order of this customer's got somewhere; it opens a case of its own if it is still to be said."""

    type: Literal["order_moved"] = "order_moved"
    at: AwareDatetime
    order_number: str
    status: OrderStatus
    tracking: str | None = None


class DependencyChanged(Frozen):
    """A dependency this case waits for went down or came back."""

    type: Literal["dependency_changed"] = "dependency_changed"
    at: AwareDatetime
    case_id: str
    name: str
    up: bool


# What nobody has asked about; each opens a case of its own, if it is still to be said.
News = ReminderFellDue | SessionMustMove | OrderMoved | BillNews
CaseEvent = Annotated[
    MessageReceived
    | HumanSpoke
    | OperationDone
    | ApprovalGiven
    | OperatorCommand
    | OutsideReply
    | PaymentRequested
    | PaymentSettled
    | PaymentReturned
    | DeliveryFailed
    | WindowClosed
    | DeadlinePassed
    | DependencyChanged
    | ReminderFellDue
    | OrderMoved
    | SessionMustMove
    | BillNews,
    Field(discriminator="type"),
]
ChannelEvent = Annotated[
    MessageReceived | HumanSpoke | AliasChanged | DeliveryStatus | ChannelFault | PaymentNotified,
    Field(discriminator="type"),
]
CASE_EVENT: TypeAdapter[CaseEvent] = TypeAdapter(CaseEvent)
CHANNEL_EVENT: TypeAdapter[ChannelEvent] = TypeAdapter(ChannelEvent)
