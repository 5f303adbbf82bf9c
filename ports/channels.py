"""Parsing and verification: how a channel's webhook becomes events. Pure; no I/O."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from casefile.events import ChannelEvent


class Channel(Protocol):
    """One inbound channel."""

    @property
    def name(self) -> str:
        """What the channel is called."""
        ...

    def verified(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Say whether the raw body carries the channel's signature (header names in lower case)."""
        ...

    def challenge(self, query: Mapping[str, str]) -> str | None:
        """Answer the channel's subscription challenge, or None when it is not one or its token is wrong."""
        ...

    def parse(self, body: bytes, account: str, received_at: datetime) -> Sequence[ChannelEvent]:
        """Turn a delivery into events; unknown fields are ignored. Raises BadInput when it is not one at all."""
        ...


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A customer's file as it was fetched; `sha256` is of these bytes, in hex."""

    data: bytes
    mime: str
    sha256: str


class CustomerFiles(Protocol):
    """The files customers send."""

    async def media(self, media_id: str) -> MediaFile:
        """Fetch one.

        Raises BadInput for a file that is gone, too large or not the one announced, DependencyDown when the channel
        cannot be reached.
        """
        ...


class Webhook(Protocol):
    """What takes its own deliveries: staff's updates, or a vendor's news that are no customer's."""

    def verified(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Say whether the sender knows the webhook's secret (header names in lower case)."""
        ...

    async def receive(self, body: bytes) -> None:
        """Store what it says; raises BadInput, or DependencyDown when it should come again."""
        ...
