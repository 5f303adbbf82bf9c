"""Control of payments: what was asked of the providers, what becomes of it, and how their webhooks travel."""

from typing import Any, Literal

from pydantic import Field
from starlette.requests import Request
from starlette.routing import Route

from sandbox import midtrans, xendit
from sandbox.control import Asked, Json, getting, posting
from sandbox.parts import Sandbox
from sandbox.whatsapp_hooks import Weather

Act = Literal["pay", "settle", "deny", "expire", "cancel", "refund", "chargeback"]
MIDTRANS = {
    "settle": "settlement",
    "deny": "deny",
    "expire": "expire",
    "cancel": "cancel",
    "chargeback": "chargeback",
}
XENDIT = {"settle": "SETTLED", "expire": "EXPIRED"}


class Happen(Asked):
    """What becomes of a payment, by our reference or the provider's own name, else of the latest.

    `amount` is that of a refund, else all of it.
    """

    payment: str = ""
    act: Act
    amount: int | None = Field(default=None, gt=0)


class Travel(Asked):
    """How payment webhooks travel from now on; `release` lets go what was held, before that."""

    hold: bool | None = None
    lose: bool | None = None
    release: bool = False
    times: int = Field(default=1, ge=1, le=5)
    shuffle: int | None = None
    repeats: int = Field(default=1, ge=1, le=5)
    seconds: float = Field(default=0.0, ge=0)
    seed: int = 0


def routes(sandbox: Sandbox) -> list[Route]:
    """Payments and their webhooks."""
    control = PaymentControl(sandbox)
    return [
        getting("/sandbox/payments", control.listed),
        posting("/sandbox/payments", Happen, control.happen),
        posting("/sandbox/payments/webhooks", Travel, control.travel),
    ]


class PaymentControl:
    """What can be done to payments from outside."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def listed(self, _: Request) -> Json:
        """Every payment, the oldest first."""
        return {
            "payments": [
                *(_payment(one) for one in self._sandbox.midtrans.payments.values()),
                *(_invoice(one) for one in self._sandbox.xendit.invoices.values()),
            ]
        }

    async def happen(self, asked: Happen) -> Json:
        """Let something become of a payment."""
        if not asked.payment:
            asked = asked.model_copy(update={"payment": self._latest()})
        try:
            return self._at_midtrans(asked) or self._at_xendit(asked)
        except (midtrans.Refused, xendit.Refused) as error:
            raise ValueError(str(error)) from error

    async def travel(self, asked: Travel) -> Json:
        """Change how webhooks travel."""
        hooks = self._sandbox.payment_hooks
        released = hooks.release(asked.times, asked.shuffle) if asked.release else 0
        hooks.holding = hooks.holding if asked.hold is None else asked.hold
        hooks.losing = hooks.losing if asked.lose is None else asked.lose
        hooks.change(Weather(asked.repeats, asked.seconds, asked.seed))
        return {"released": released, "held": hooks.held}

    def _latest(self) -> str:
        known = [(one.made_at, one.order_id) for one in self._sandbox.midtrans.payments.values()]
        known += [(one.made_at, one.id) for one in self._sandbox.xendit.invoices.values()]
        if not known:
            raise LookupError("no provider was asked for a payment yet")
        return max(known)[1]

    def _at_midtrans(self, asked: Happen) -> Json | None:
        at = self._sandbox.midtrans
        try:
            found = at.find(asked.payment)
        except midtrans.Refused:
            return None
        if asked.act == "pay":
            return _payment(at.pay(found.order_id))
        if asked.act == "refund":
            return _payment(at.refund(found.order_id, {"amount": asked.amount}))
        return _payment(at.put(found.order_id, MIDTRANS[asked.act]))

    def _at_xendit(self, asked: Happen) -> Json:
        at = self._sandbox.xendit
        named = at.named(asked.payment)
        found = named[0] if named else at.find(asked.payment)
        if asked.act == "pay":
            return _invoice(at.pay(found.id))
        if asked.act == "refund":
            told: dict[str, Any] = {"invoice_id": found.id, "amount": asked.amount or found.amount}
            at.refund(told, f"control-{len(found.refunds)}")
            return _invoice(found)
        if asked.act not in XENDIT:
            raise ValueError(f"at Xendit nothing is {asked.act}")
        return _invoice(at.put(found.id, XENDIT[asked.act]))


def _payment(one: midtrans.Payment) -> Json:
    return {
        "provider": "midtrans",
        "id": one.transaction_id,
        "reference": one.order_id,
        "amount": one.amount,
        "made_at": one.made_at.isoformat(),
        "status": one.status,
        "refunded": one.refunded,
        "path": f"/midtrans/v2/qris/{one.transaction_id}/qr-code",
    }


def _invoice(one: xendit.Invoice) -> Json:
    return {
        "provider": "xendit",
        "id": one.id,
        "reference": one.external_id,
        "amount": one.amount,
        "made_at": one.made_at.isoformat(),
        "status": one.status,
        "refunded": sum(one.refunds.values()),
        "path": f"/xendit/web/{one.id}",
    }
