"""Several desks behind one door: each event goes to the desk its account belongs to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from casefile.events import ChannelEvent
from gateway.intake import Intake
from ports.journal import Journal, Received


class Addressed(Protocol):
    """What came in at one of our accounts."""

    @property
    def account(self) -> str: ...


A = TypeVar("A", bound=Addressed)


@dataclass(frozen=True, slots=True)
class Behind:
    """What one desk has behind the door."""

    journal: Journal
    intake: Intake


class Desks:
    """Stores each desk's events in its own store; `accounts` says whose an event is.

    One callback address may serve the numbers of several desks, and a delivery hold events of each.
    """

    def __init__(self, accounts: Mapping[str, Behind]) -> None:
        self._accounts = accounts

    async def receive(self, events: Sequence[ChannelEvent]) -> Sequence[Received]:
        """Store a delivery; where one desk's store fails it comes again, and what another has stored is a repeat."""
        received: list[Received] = []
        for desk, own in self._sorted(events):
            received += await desk.journal.receive(own)
        return received

    async def received(self, received: Sequence[Received]) -> None:
        """Let each desk take note of what is its own."""
        for desk, own in self._sorted(received):
            await desk.intake.received(own)

    def _sorted(self, rows: Sequence[A]) -> list[tuple[Behind, list[A]]]:
        found: dict[int, tuple[Behind, list[A]]] = {}
        for row in rows:
            desk = self._accounts[row.account]
            found.setdefault(id(desk), (desk, []))[1].append(row)
        return list(found.values())
