"""The inbox: what came in, once and in order."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from pydantic import ValidationError

from casefile.channel_events import AliasChanged, ChannelFault
from casefile.errors import BadInput
from casefile.events import CASE_EVENT, CaseEvent, ChannelEvent, DeliveryStatus, HumanSpoke, MessageReceived
from casefile.payment_events import PaymentNotified
from casefile.records import PHONE
from ports.journal import InboxRow, Received
from store import payments
from store.connection import Row
from store.contacts import change_alias, enter, resolve
from store.errors import AppliedTwice
from store.held import release
from store.measures import measure
from store.statuses import apply_status
from store.takeovers import begin
from store.times import iso, moment
from store.transaction import Tx

# So many of one conversation are read at a time, so that a flood in it holds nobody else up for long.
AT_ONCE = 1000


def receive(
    tx: Tx, event: ChannelEvent, desks: Mapping[str, str], new_id: Callable[[], str], quiet: timedelta
) -> Received:
    """Take one delivered event in; a repeat changes nothing. `quiet` is how long a person may say nothing."""
    if isinstance(event, MessageReceived | HumanSpoke):
        return _message(tx, event, desks, new_id, quiet)
    if isinstance(event, DeliveryStatus):
        conversation_id, changed = apply_status(tx, event)
        return Received(conversation_id, changed, f"{event.provider_id}:{event.status}", event.account)
    if isinstance(event, AliasChanged):
        body = event.model_dump_json()
        new = put(tx, event.source, event.account, event.external_id, "", body, event.received_at, "read")
        if new:
            change_alias(tx, event)
        return Received("", new, event.external_id, event.account)
    if isinstance(event, PaymentNotified):
        new = payments.notice(tx, event)
        return Received("", new, f"{event.provider_id}:{event.word}", event.account)
    return _fault(tx, event)


def put(
    tx: Tx,
    channel: str,
    account: str,
    external_id: str,
    conversation_id: str,
    body: str,
    at: datetime,
    state: str = "unread",
) -> bool:
    """Insert an event once; False when it was there already."""
    inserted = tx.execute(
        "INSERT INTO inbox (channel, account, external_id, conversation_id, state, body, received_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (channel, account, external_id) DO NOTHING",
        (channel, account, external_id, conversation_id, state, body, iso(at)),
    )
    return inserted == 1


def put_event(
    tx: Tx, channel: str, external_id: str, conversation_id: str, event: CaseEvent, at: datetime
) -> bool:
    """Insert an event of our own making (an operation's result, a timer, a decision) once."""
    return put(tx, channel, "", external_id, conversation_id, event.model_dump_json(), at)


def mark_read(tx: Tx, inbox_ids: Sequence[int], turn_id: str) -> None:
    """Mark events as taken by a turn; raises AppliedTwice when one was not waiting any more."""
    for inbox_id in inbox_ids:
        marked = tx.execute(
            "UPDATE inbox SET state = 'read', turn_id = ? WHERE id = ? AND state = 'unread'",
            (turn_id, inbox_id),
        )
        if marked != 1:
            raise AppliedTwice(f"inbox event {inbox_id} is not waiting any more; turn {turn_id} is dropped")


def count_failure(tx: Tx, inbox_ids: Sequence[int], why: str, quarantine_after: int) -> bool:
    """Count a failed attempt; True when that put one of them into quarantine."""
    quarantined = 0
    for inbox_id in inbox_ids:
        tx.execute("UPDATE inbox SET attempts = attempts + 1, why = ? WHERE id = ?", (why, inbox_id))
        quarantined += tx.execute(
            "UPDATE inbox SET state = 'quarantined' WHERE id = ? AND state = 'unread' AND attempts >= ?",
            (inbox_id, quarantine_after),
        )
    return quarantined > 0


def readable(rows: Sequence[Row]) -> tuple[tuple[InboxRow, ...], tuple[int, ...]]:
    """Read rows back; the second are the ids of those whose body is damaged."""
    good: list[InboxRow] = []
    damaged: list[int] = []
    for row in rows:
        try:
            good.append(inbox_row(row))
        except ValidationError:
            damaged.append(row["id"])
    return tuple(good), tuple(damaged)


def quarantine(tx: Tx, inbox_ids: Sequence[int]) -> None:
    """Set damaged events aside, so that the conversation goes on without them, and say so."""
    for inbox_id in inbox_ids:
        row = tx.one("SELECT received_at FROM inbox WHERE id = ? AND state = 'unread'", (inbox_id,))
        if row is not None:
            why = "the stored event cannot be read"
            tx.execute("UPDATE inbox SET state = 'quarantined', why = ? WHERE id = ?", (why, inbox_id))
            measure(tx, "damaged_row", moment(row["received_at"]), detail=f"inbox {inbox_id}")


def inbox_row(row: Row) -> InboxRow:
    """Read an inbox row back."""
    return InboxRow(
        row["id"],
        row["conversation_id"],
        CASE_EVENT.validate_json(row["body"]),
        moment(row["received_at"]),
        row["attempts"],
    )


def _message(
    tx: Tx,
    event: MessageReceived | HumanSpoke,
    desks: Mapping[str, str],
    new_id: Callable[[], str],
    quiet: timedelta,
) -> Received:
    external_id, by_customer = event.message.id, isinstance(event, MessageReceived)
    known = tx.one(
        "SELECT conversation_id FROM inbox WHERE channel = ? AND account = ? AND external_id = ?",
        (event.source, event.account, external_id),
    )
    if known is not None:
        return Received(known["conversation_id"], False, external_id, event.account, by_customer)
    if event.account not in desks:
        raise BadInput(f"account {event.account!r} belongs to no desk; known are {', '.join(sorted(desks))}")
    conversation_id = enter(tx, event, resolve(tx, event, new_id), desks[event.account])
    body = event.model_copy(update={"conversation_id": conversation_id}).model_dump_json()
    put(tx, event.source, event.account, external_id, conversation_id, body, event.received_at)
    if by_customer:
        release(tx, conversation_id, event.received_at)
    else:
        begin(tx, conversation_id, PHONE, "", event.received_at, quiet, said=True)
    return Received(conversation_id, True, external_id, event.account, by_customer)


def _fault(tx: Tx, event: ChannelFault) -> Received:
    measure(tx, "channel_fault", event.received_at, detail=f"{event.code} {event.title}")
    return Received("", True, event.code, event.account)
