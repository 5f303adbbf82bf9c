"""Effects at the provider of payments: a way to pay made or ended, money given back."""

from typing import Literal

from casefile.base import Frozen


class RequestPayment(Frozen):
    """Have the provider make a way to pay this invoice; `PaymentRequested` comes back. Role C only.

    A link that can still be paid is given again, so asking twice makes one payment.
    """

    type: Literal["request_payment"] = "request_payment"
    key: str
    invoice_number: str


class RefundPayment(Frozen):
    """Have the provider give back what a refund that a coach released says; `PaymentReturned` comes back.

    No role proposes it: it is written with the refund itself, and done once under `key`.
    """

    type: Literal["refund_payment"] = "refund_payment"
    key: str
    refund_id: str
    reference: str
    amount: int


class ClosePayment(Frozen):
    """Have the provider end a way to pay whose bill was paid otherwise, changed or made void.

    No role proposes it: it is written with what makes the way superfluous, once under `key`.
    """

    type: Literal["close_payment"] = "close_payment"
    key: str
    reference: str


Paying = RequestPayment | RefundPayment | ClosePayment
