"""WhatsApp Cloud API webhooks as events. Pure: bytes in, events out.

A delivery is a batch, and a refused delivery comes back for days with everything in it. So only a body that
is no delivery at all is BadInput; one broken element becomes a ChannelFault and its neighbours go on.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from adapters.whatsapp_fields import Json, client, instant, obj, phone, rows, word
from adapters.whatsapp_message import message
from casefile.channel_events import AliasChanged, ChannelFault
from casefile.errors import BadInput
from casefile.events import ChannelEvent, DeliveryStatus, HumanSpoke, MessageReceived
from casefile.records import Alias

Status = Literal["sent", "delivered", "read", "failed"]
# A voice note that was played has been read.
STATUSES: Mapping[str, Status] = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "played": "read",
    "failed": "failed",
}


def parse(
    body: bytes, account: str, received_at: datetime, numbers: Mapping[str, str]
) -> tuple[ChannelEvent, ...]:
    """Read one delivery.

    `numbers` maps phone number ids to accounts, because one callback address may serve several numbers;
    a number it does not know belongs to `account`. Raises BadInput.
    """
    try:
        delivery = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadInput("the body is not JSON; send the delivery as WhatsApp made it") from error
    entries = delivery.get("entry") if isinstance(delivery, dict) else None
    if not isinstance(entries, list):
        raise BadInput('the body has no list "entry"; send the delivery as WhatsApp made it')
    values = (obj(obj(c).get("value")) for e in entries for c in rows(obj(e).get("changes")))
    return tuple(event for value in values for event in _value(value, account, received_at, numbers))


@dataclass(frozen=True, slots=True)
class _Post:
    """Where and when a value arrived."""

    account: str
    at: datetime

    def fault(self, code: str, title: str) -> ChannelFault:
        return ChannelFault(account=self.account, received_at=self.at, code=code, title=title)


def _value(value: Json, account: str, at: datetime, numbers: Mapping[str, str]) -> Iterator[ChannelEvent]:
    number_id = word(obj(value.get("metadata")).get("phone_number_id"))
    post = _Post(numbers.get(number_id, account), at)
    messages = [obj(said) for said in rows(value.get("messages"))]
    cards = [obj(card) for card in rows(value.get("contacts"))]
    for said in messages:
        yield _received(said, _card(said, cards, alone=len(messages) == 1), post)
    for echo in rows(value.get("message_echoes")):
        yield _spoken(obj(echo), cards, post)
    for status in rows(value.get("statuses")):
        yield _status(obj(status), post)
    for error in rows(value.get("errors")):
        code = word(obj(error).get("code")) or "unknown"
        yield post.fault(code, word(obj(error).get("title")) or word(obj(error).get("message")))


def _card(said: Json, cards: list[Json], alone: bool) -> Json:
    for ours, theirs in (("from", "wa_id"), ("from_user_id", "user_id")):
        named = word(said.get(ours))
        found = next((card for card in cards if named and word(card.get(theirs)) == named), None)
        if found is not None:
            return found
    return cards[0] if alone and len(cards) == 1 else {}


def _received(said: Json, card: Json, post: _Post) -> ChannelEvent:
    if not said:
        return post.fault("malformed_message", "a message without content")
    id_ = word(said.get("id")) or _made_up_id(said)
    if word(said.get("type")) == "system":
        return _system(said, id_, post)
    who = client(said.get("from"), said.get("from_user_id"), card)
    if who is None:
        return post.fault("no_sender", "a message that does not say who wrote it")
    return MessageReceived(
        account=post.account,
        received_at=post.at,
        sent_at=instant(said.get("timestamp"), post.at),
        client=who,
        message=message(said, id_),
    )


def _spoken(said: Json, cards: list[Json], post: _Post) -> ChannelEvent:
    """Read what a person wrote from the business phone: `to` is the customer."""
    if not said:
        return post.fault("malformed_echo", "an echo without content")
    who = client(said.get("to"), said.get("to_user_id"), cards[0] if len(cards) == 1 else {})
    if who is None:
        return post.fault("no_recipient", "an echo that does not say to whom it went")
    return HumanSpoke(
        account=post.account,
        received_at=post.at,
        sent_at=instant(said.get("timestamp"), post.at),
        client=who,
        message=message(said, word(said.get("id")) or _made_up_id(said)),
    )


def _made_up_id(said: Json) -> str:
    # The same delivery sent again must not count as another message.
    plain = json.dumps(said, sort_keys=True).encode()
    return f"noid.{hashlib.sha256(plain).hexdigest()[:32]}"


def _system(said: Json, id_: str, post: _Post) -> ChannelEvent:
    notice = obj(said.get("system"))
    # The body spells out phone numbers, so only the notice's type is passed on.
    fault = post.fault(f"system_{word(notice.get('type')) or 'unknown'}"[:60], "a notice from WhatsApp")
    before = phone(said.get("from")) or phone(notice.get("customer"))
    scoped = word(said.get("from_user_id"))
    after = [
        Alias(kind=kind, value=value)
        for kind, value in (
            ("phone", phone(notice.get("wa_id")) or phone(notice.get("new_wa_id"))),
            ("user_id", word(notice.get("user_id"))),
        )
        if value
    ]
    if not after or not (before or scoped):
        return fault
    old = Alias(kind="phone", value=before) if before else Alias(kind="user_id", value=scoped)
    return AliasChanged(account=post.account, received_at=post.at, external_id=id_, old=old, new=tuple(after))


def _status(status: Json, post: _Post) -> ChannelEvent:
    told = word(status.get("status"))
    provider_id = word(status.get("id"))
    error = obj(next(iter(rows(status.get("errors"))), None))
    code = word(error.get("code"))
    if not provider_id:
        return post.fault("malformed_status", "a status that does not say of which message")
    if told not in STATUSES:
        return post.fault(code or f"status_{told}"[:60], word(error.get("title")) or "an unknown status")
    details = word(obj(error.get("error_data")).get("details"))
    return DeliveryStatus(
        account=post.account,
        received_at=post.at,
        provider_id=provider_id,
        key=word(status.get("biz_opaque_callback_data")) or None,
        status=STATUSES[told],
        error_code=code or None,
        error=details or word(error.get("title")) or word(error.get("message")) or None,
    )
