"""Acts. Only the performer, adapters, services and app may import this module (import-linter holds it)."""

from typing import Protocol

from casefile.effects import AttachEvidence, PostToLane, SendMessage
from casefile.packets import CTask
from casefile.payment_effects import Paying


class CustomerChannel(Protocol):
    """The one way to a customer.

    Errors: SendRefused (nothing sent, for good), SendLater (nothing sent, try again), SendUnknown (no answer),
    DependencyDown (nothing sent, the channel is not reachable).
    """

    async def send(self, message: SendMessage, address: str) -> str:
        """Send, with the effect key as the callback data; return the provider's message id."""
        ...

    async def mark_read(self, account: str, message_id: str) -> None:
        """Show that the message was read and that an answer is being written."""
        ...


class LaneChannel(Protocol):
    """Where staff read. The same errors as CustomerChannel."""

    async def post(self, post: PostToLane) -> str:
        """Post anew and return the provider's message id."""
        ...

    async def edit(self, post: PostToLane, message_id: str) -> None:
        """Replace an earlier post's text and buttons; a post that did not change is no error."""
        ...


class Operations(Protocol):
    """The systems of record, for writing."""

    async def run(self, task: CTask) -> None:
        """Carry out a task once; the CResult enters the inbox as OperationDone in the same transaction.

        A repeat with the same idempotency key changes nothing. DependencyDown when the record cannot be reached.
        """
        ...


class Payments(Protocol):
    """Where customers pay, and their money is given back."""

    async def run(self, payment: Paying, case_id: str, conversation_id: str) -> str:
        """Do it once per key and return the provider's name of it, empty when it would not.

        `PaymentRequested` or `PaymentReturned` enters the inbox with what is stored; money that the provider will not
        give back becomes a named person's task. DependencyDown when the provider cannot be reached, or nobody knows
        whether it heard: asked again it does nothing twice.
        """
        ...


class Evidence(Protocol):
    """Where customers' files are kept."""

    async def keep(self, evidence: AttachEvidence) -> str:
        """Fetch a file and keep it; returns its sha256. A repeat fetches nothing that is kept already.

        Errors: SendRefused (it cannot be had any more), SendLater, DependencyDown.
        """
        ...
