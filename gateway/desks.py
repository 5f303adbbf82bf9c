"""Several desks behind one door: each event goes to the desk its account belongs to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from casefile.events import ChannelEvent
from casefile.payment_events import PaymentNotified
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

    One callback address may serve the numbers of several desks, and a delivery hold events of each. What a provider
    says of a payment is heard by all: they may be paid into one account, which tells one address, and whoever it is
    nothing to finds no such payment.
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
            # What has no conversation is of a payment or a status; a look at a desk that it is not of finds nothing.
            nobody_s = isinstance(row, Received) and not row.conversation_id
            of_all = isinstance(row, PaymentNotified) or nobody_s
            hearing = self._accounts.values() if of_all else (self._accounts[row.account],)
            for desk in {id(one): one for one in hearing}.values():
                found.setdefault(id(desk), (desk, []))[1].append(row)
        return list(found.values())
