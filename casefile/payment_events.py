"""What happens to a payment, in the past tense: a way to pay it was made, or a provider said something of it."""

from typing import Literal

from pydantic import AwareDatetime

from casefile.base import Frozen
from casefile.payments import PaymentLink


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
