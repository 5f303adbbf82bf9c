"""Who works next: a conversation with something unread reaches exactly one worker at a time."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

# Works on one conversation until nothing of it is unread; the event is set by news of it, and by the end.
Drain = Callable[[str, asyncio.Event], Awaitable[None]]
Chore = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Handlers:
    """What a worker can do: conversations, and by name the chores that one worker does for all."""

    drain: Drain
    chores: Mapping[str, Chore]


class Wakeups(Protocol):
    """Brings conversations and chores to whoever works on them."""

    def wake(self, conversation_id: str) -> None:
        """Say that a conversation has something unread; said often before it is taken up, it is taken up once."""
        ...

    async def wake_forgotten(self, unread: Iterable[str]) -> None:
        """Wake those of these conversations that nobody has in hand or has been asked to take up."""
        ...

    async def ring(self, chore: str) -> bool:
        """Have a chore done by one worker; True when that was this one and it is done, False when it is asked for."""
        ...

    async def start(self, handlers: Handlers) -> None:
        """Begin to hand out: each conversation to one worker at a time, others side by side."""
        ...

    async def stop(self) -> None:
        """Let the work in hand finish; what is unread stays for whoever comes next."""
        ...

    def active(self) -> frozenset[str]:
        """Return the conversations that are in hand here."""
        ...
