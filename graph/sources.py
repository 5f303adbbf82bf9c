"""Everything a turn may read, and the recorded view of it that one node is handed."""

from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from agents.frontline_b import FrontlineSources
from agents.ops_c import OpsSources
from agents.orchestrator_a import OrchestratorSources
from agents.specialist_d import SpecialistSources
from graph.tape import Player, Read, Recorder, Tape
from ports.advice import Adviser
from ports.enrolments import Enrolments
from ports.shop import Catalogue, Orders, Shipping, Vouchers
from ports.sources import (
    Approvals,
    Books,
    Contacts,
    Conversations,
    Drafter,
    Health,
    Knowledge,
    Numbers,
    Owners,
    Records,
    Schedule,
    Snapshots,
    Staffing,
)

P = TypeVar("P")


@dataclass(frozen=True, slots=True)
class Sources:
    """The read ports of one desk, as wired."""

    conversations: Conversations
    contacts: Contacts
    owners: Owners
    snapshots: Snapshots
    schedule: Schedule
    books: Books
    records: Records
    knowledge: Knowledge
    approvals: Approvals
    numbers: Numbers
    staffing: Staffing
    health: Health
    drafter: Drafter
    adviser: Adviser
    catalogue: Catalogue
    orders: Orders
    shipping: Shipping
    vouchers: Vouchers
    enrolments: Enrolments

    def seen_through(self, view: "Window") -> "Sources":
        """Return the same ports, each through a window (a recorder, or a player)."""
        look = view.look
        return Sources(
            conversations=look(Conversations, self.conversations),
            contacts=look(Contacts, self.contacts),
            owners=look(Owners, self.owners),
            snapshots=look(Snapshots, self.snapshots),
            schedule=look(Schedule, self.schedule),
            books=look(Books, self.books),
            records=look(Records, self.records),
            knowledge=look(Knowledge, self.knowledge),
            approvals=look(Approvals, self.approvals),
            numbers=look(Numbers, self.numbers),
            staffing=look(Staffing, self.staffing),
            health=look(Health, self.health),
            drafter=look(Drafter, self.drafter),
            adviser=look(Adviser, self.adviser),
            catalogue=look(Catalogue, self.catalogue),
            orders=look(Orders, self.orders),
            shipping=look(Shipping, self.shipping),
            vouchers=look(Vouchers, self.vouchers),
            enrolments=look(Enrolments, self.enrolments),
        )

    def for_frontline(self) -> FrontlineSources:
        """Return what B may reach."""
        return FrontlineSources(drafter=self.drafter)

    def for_orchestrator(self) -> OrchestratorSources:
        """Return what A may reach."""
        return OrchestratorSources(adviser=self.adviser)

    def for_ops(self) -> OpsSources:
        """Return what C may read."""
        return OpsSources(records=self.records, books=self.books)

    def for_specialist(self) -> SpecialistSources:
        """Return what D may reach."""
        return SpecialistSources(knowledge=self.knowledge, adviser=self.adviser)


class Window(Protocol):
    """A way to see ports through something else."""

    def look(self, protocol: type[Any], target: P) -> P:
        """Return the port as seen from here."""
        ...


@dataclass(frozen=True, slots=True)
class Recording:
    """See the ports and write every read down."""

    node: str
    tape: Tape

    def look(self, protocol: type[Any], target: P) -> P:
        """Return a recorder before the port."""
        return Recorder(protocol, target, self.node, self.tape)  # type: ignore[return-value]


@dataclass(frozen=True, slots=True)
class Playing:
    """See nothing but what was written down then."""

    node: str
    reads: list[Read]

    def look(self, protocol: type[Any], target: P) -> P:
        """Return a player in place of the port."""
        return Player(protocol, self.node, self.reads)  # type: ignore[return-value]
