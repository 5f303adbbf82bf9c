"""What a channel says beside messages and their statuses: numbers that changed, trouble of its own."""

from typing import Literal

from pydantic import AwareDatetime

from casefile.base import Frozen
from casefile.records import Alias


class AliasChanged(Frozen):
    """The channel says a customer's number changed; the contact stays the same."""

    type: Literal["alias_changed"] = "alias_changed"
    source: str = "whatsapp"
    account: str
    received_at: AwareDatetime
    external_id: str
    old: Alias
    new: tuple[Alias, ...]


class ChannelFault(Frozen):
    """The channel reports trouble of its own (`value.errors[]`)."""

    type: Literal["channel_fault"] = "channel_fault"
    source: str = "whatsapp"
    account: str
    received_at: AwareDatetime
    code: str
    title: str
