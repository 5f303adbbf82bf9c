"""Payments at a provider: how a bill can be paid there, and what the provider says of one payment."""

from typing import Literal

from pydantic import AwareDatetime, Field

from casefile.base import Frozen

PaymentState = Literal["PENDING", "CONFIRMED", "FAILED", "EXPIRED", "REVERSED"]
Provider = Literal["midtrans", "xendit"]


class Charge(Frozen):
    """What a provider is asked to take: one attempt at one invoice, integer rupiah.

    `reference` names the attempt at the provider and is never used for another, so that asking twice makes one payment.
    """

    reference: str
    invoice: str
    amount: int = Field(gt=0)
    description: str = ""
    made_at: AwareDatetime
    expires_at: AwareDatetime


class PaymentLink(Frozen):
    """A way to pay an invoice until it expires: a page, and with QRIS what the code says.

    `reference` is our name of this attempt at the provider, `provider_id` the provider's own name of it; `attempt`
    counts from 1, and a later one is there because the one before it could not be paid any more.
    """

    reference: str
    invoice: str
    attempt: int = 1
    provider: Provider
    provider_id: str
    amount: int
    url: str
    qr_string: str = ""
    expires_at: AwareDatetime


class ProviderState(Frozen):
    """What a provider says of one payment now: `word` is its own, `state` what that means to us.

    `refunded` is how much of the amount has been given back so far.
    """

    reference: str
    provider_id: str
    amount: int
    word: str
    state: PaymentState
    refunded: int = 0


class Doubt(Frozen):
    """What came otherwise than it should, for a person to look at; `amount` is what came, or was taken back.

    amount: another sum than was asked. late: after its time. twice: the bill was paid already. not_owed: the bill is
    void or given back. reversed: paid, and then taken back without us. missed: paid, and nobody told us. unknown: the
    provider knows nothing of it.
    """

    reference: str
    invoice: str
    contact_id: str
    provider: Provider
    kind: Literal["amount", "late", "twice", "not_owed", "reversed", "missed", "unknown"]
    amount: int
    asked: int
    at: AwareDatetime
