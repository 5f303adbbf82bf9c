"""Who works next: a conversation with something unread reaches exactly one worker at a time."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

# Works on one conversation until nothing of it is unread; the event is set by news of it, and by the end.
Drain = Callable[[str, asyncio.Event], Awaitable[None]]


class Wakeups(Protocol):
    """Brings conversations to whoever works on them."""

    def wake(self, conversation_id: str) -> None:
        """Say that a conversation has something unread; said often before it is taken up, it is taken up once."""
        ...

    async def start(self, drain: Drain) -> None:
        """Begin to hand conversations to `drain`, each to one worker at a time, others side by side."""
        ...

    async def stop(self) -> None:
        """Let the work in hand finish; what is unread stays for whoever comes next."""
        ...

    def active(self) -> frozenset[str]:
        """Return the conversations that are in hand here."""
        ...
