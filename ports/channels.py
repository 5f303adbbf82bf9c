"""Parsing and verification: how a channel's webhook becomes events. Pure; no I/O."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from casefile.events import ChannelEvent


class Channel(Protocol):
    """One inbound channel."""

    name: str

    def verified(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Say whether the raw body carries the channel's signature (header names in lower case)."""
        ...

    def challenge(self, query: Mapping[str, str]) -> str | None:
        """Answer the channel's subscription challenge, or None when it is not one or its token is wrong."""
        ...

    def parse(self, body: bytes, account: str, received_at: datetime) -> Sequence[ChannelEvent]:
        """Turn a delivery into events; unknown fields are ignored. Raises BadInput when it is not one at all."""
        ...
