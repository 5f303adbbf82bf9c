"""What happens to a payment, in the past tense: a way to pay it was made, or a provider said something of it."""

from typing import Literal

from pydantic import AwareDatetime

from casefile.base import Frozen
from casefile.payments import PaymentLink, Provider


class PaymentRequested(Frozen):
    """A provider was asked for a way to pay an invoice; without a `link` it cannot give one, and `why` says so."""

    type: Literal["payment_requested"] = "payment_requested"
    at: AwareDatetime
    case_id: str
    invoice: str
    link: PaymentLink | None = None
    why: str = ""


class PaymentSettled(Frozen):
    """The books have come to say that an invoice is paid; what they say is read anew in the case's turn."""

    type: Literal["payment_settled"] = "payment_settled"
    at: AwareDatetime
    case_id: str
    invoice: str


class PaymentReturned(Frozen):
    """The provider gave back what a coach had released; with a `why` it did not, and a person has to."""

    type: Literal["payment_returned"] = "payment_returned"
    at: AwareDatetime
    case_id: str
    invoice: str
    amount: int
    why: str = ""


# What has become of a bill that a case is about.
Money = PaymentRequested | PaymentSettled | PaymentReturned


class BillNews(Frozen):
    """Something is to be said of a bill nobody asked about: it comes due, is paid, or has lapsed; it opens a case."""

    type: Literal["bill_news"] = "bill_news"
    at: AwareDatetime
    invoice: str
    stage: Literal["before", "on", "after", "paid", "lapsed"]


class PaymentNotified(Frozen):
    """A provider says that something became of a payment: a reason to ask it, never the truth itself.

    `word` is its own for the state, `body` what it said without secrets and people's data; what is not `signed` is
    kept nowhere, and only has the payment looked at.
    """

    type: Literal["payment_notified"] = "payment_notified"
    source: Provider
    account: str
    received_at: AwareDatetime
    reference: str
    provider_id: str
    word: str
    signed: bool = True
    body: str
