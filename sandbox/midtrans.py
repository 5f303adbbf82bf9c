"""The emulated Midtrans: payments by order id, their states, and what it says of them."""

import hashlib
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

from sandbox.clock import SharedClock
from sandbox.payment_hooks import PaymentHooks
from sandbox.receipts import ReceiptLog
from sandbox.settings import MidtransAccount

Json = dict[str, Any]
WIB = timezone(timedelta(hours=7))
CODES = {"pending": "201", "settlement": "200", "deny": "202", "expire": "407", "cancel": "200"}
REMEMBERED = timedelta(minutes=5)


class Refused(Exception):
    """A request Midtrans does not do; `code` is the status code of the body."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(words)
        self.code = code


@dataclass
class Payment:
    """One order id; on a Snap page nothing has been chosen while `chosen` is False."""

    order_id: str
    amount: int
    method: str
    made_at: datetime
    expires_at: datetime
    transaction_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    token: str = field(default_factory=lambda: str(uuid.uuid4()))
    status: str = "pending"
    refunds: dict[str, int] = field(default_factory=dict)
    settled_at: datetime | None = None

    @property
    def chosen(self) -> bool:
        """Whether there is a transaction: a Snap page alone is none."""
        return self.method == "qris" or self.status != "pending"

    @property
    def refunded(self) -> int:
        """How much has been given back."""
        return sum(self.refunds.values())


class Midtrans:
    """Every payment of one merchant."""

    def __init__(
        self, account: MidtransAccount, clock: SharedClock, receipts: ReceiptLog, hooks: PaymentHooks
    ) -> None:
        self.payments: dict[str, Payment] = {}
        self.account = account
        self._clock = clock
        self._receipts = receipts
        self._hooks = hooks
        self._answers: dict[str, tuple[datetime, Payment]] = {}

    def charge(self, asked: Any, key: str) -> Payment:
        """Make a QRIS payment; the same key within five minutes gets the same one again."""
        now = self._clock.now()
        remembered = self._answers.get(key) if key else None
        if remembered and now - remembered[0] <= REMEMBERED:
            return remembered[1]
        order_id, amount = self._details(asked)
        if asked.get("payment_type") != "qris":
            raise Refused(400, "payment_type: this sandbox charges qris only")
        if order_id in self.payments:
            raise Refused(406, "order_id has been paid and utilized, please use another order ID")
        expiry = asked.get("custom_expiry") or {}
        minutes = float(expiry.get("expiry_duration", 15))
        made = Payment(order_id, amount, "qris", now, now + timedelta(minutes=minutes))
        self._keep(made, key, now)
        self._say(made)
        return made

    def snap(self, asked: Any, key: str) -> Payment:
        """Make a page to pay on."""
        now = self._clock.now()
        remembered = self._answers.get(key) if key else None
        if remembered and now - remembered[0] <= REMEMBERED:
            return remembered[1]
        order_id, amount = self._details(asked)
        if order_id in self.payments:
            raise Refused(400, "transaction_details.order_id has already been taken")
        expiry = asked.get("expiry") or {}
        minutes = float(expiry.get("duration", 24 * 60))
        made = Payment(order_id, amount, "snap", now, now + timedelta(minutes=minutes))
        self._keep(made, key, now)
        return made

    def find(self, name: str) -> Payment:
        """The payment with this order or transaction id; what ran out meanwhile has expired."""
        found = self.payments.get(name) or next(
            (p for p in self.payments.values() if name in (p.transaction_id, p.token)), None
        )
        if found is None:
            raise Refused(404, "Transaction doesn't exist.")
        if found.status == "pending" and self._clock.now() >= found.expires_at:
            self._move(found, "expire")
        return found

    def pay(self, name: str) -> Payment:
        """The customer pays."""
        found = self.find(name)
        if found.status != "pending":
            raise Refused(412, f"this payment is {found.status}")
        found.settled_at = self._clock.now()
        return self._move(found, "settlement")

    def put(self, name: str, status: str) -> Payment:
        """Let something become of a payment that the merchant did not ask for: deny, expire, late settlement ..."""
        found = self.find(name)
        if status == "settlement":
            found.settled_at = self._clock.now()
        if status == "chargeback":
            found.refunds["chargeback"] = found.amount - found.refunded
        return self._move(found, status)

    def refund(self, name: str, asked: Any) -> Payment:
        """Give money back, once per refund key."""
        found = self.find(name)
        asked = asked if isinstance(asked, dict) else {}
        key = str(asked.get("refund_key") or uuid.uuid4())
        if key in found.refunds:
            raise Refused(406, "refund_key has been used")
        if found.status not in ("settlement", "partial_refund"):
            raise Refused(412, "Transaction status cannot be updated.")
        amount = int(asked.get("amount") or found.amount - found.refunded)
        if not 0 < amount <= found.amount - found.refunded:
            raise Refused(414, "Refund amount is more than what is left")
        found.refunds[key] = amount
        return self._move(found, "refund" if found.refunded == found.amount else "partial_refund")

    def status_of(self, found: Payment) -> Json:
        """What Midtrans says of a payment now."""
        told: Json = {
            "status_code": CODES.get(found.status, "200"),
            "status_message": "Success, transaction is found",
            "transaction_id": found.transaction_id,
            "order_id": found.order_id,
            "merchant_id": "G000000001",
            "gross_amount": f"{found.amount}.00",
            "currency": "IDR",
            "payment_type": "qris",
            "transaction_time": _written(found.made_at),
            "transaction_status": found.status,
            "fraud_status": "accept",
            "acquirer": "gopay",
            "expiry_time": _written(found.expires_at),
        }
        if found.settled_at is not None:
            told["settlement_time"] = _written(found.settled_at)
        if found.refunds:
            told["refund_amount"] = f"{found.refunded}.00"
        return told | {"signature_key": self._signature(told)}

    def notification(self, found: Payment) -> Json:
        """What a notification says: refunds lack their code, and QRIS leaves fraud out and spells a time otherwise."""
        told = self.status_of(found)
        if found.method == "qris":
            del told["fraud_status"]
            told["expire_time"] = told.pop("expiry_time")
        if found.status in ("refund", "partial_refund"):
            del told["status_code"], told["signature_key"]
        return told

    def _say(self, found: Payment) -> None:
        name = f"{found.order_id}:{found.status}"
        self._hooks.send("midtrans", found.order_id, self.notification(found), {}, name)

    def _move(self, found: Payment, status: str) -> Payment:
        found.status = status
        self._receipts.write("midtrans.payment", order_id=found.order_id, status=status, amount=found.amount)
        self._say(found)
        return found

    def _keep(self, made: Payment, key: str, now: datetime) -> None:
        self.payments[made.order_id] = made
        if key:
            self._answers[key] = (now, made)
        self._receipts.write(
            "midtrans.payment",
            order_id=made.order_id,
            status="pending",
            amount=made.amount,
            method=made.method,
        )

    def _details(self, asked: Any) -> tuple[str, int]:
        details = asked.get("transaction_details") if isinstance(asked, dict) else None
        order_id = details.get("order_id") if isinstance(details, dict) else None
        amount = details.get("gross_amount") if isinstance(details, dict) else None
        if not isinstance(order_id, str) or not 0 < len(order_id) <= 50:
            raise Refused(400, "transaction_details.order_id is required")
        if not isinstance(amount, int) or amount <= 0:
            raise Refused(400, "transaction_details.gross_amount is required")
        return order_id, amount

    def _signature(self, told: Json) -> str:
        signed = f"{told['order_id']}{told['status_code']}{told['gross_amount']}{self.account.server_key}"
        return hashlib.sha512(signed.encode()).hexdigest()


def _written(at: datetime) -> str:
    return at.astimezone(WIB).strftime("%Y-%m-%d %H:%M:%S")
