"""The emulated Xendit: invoices, their states, refunds, and what it says of them."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sandbox.clock import SharedClock
from sandbox.payment_hooks import PaymentHooks
from sandbox.receipts import ReceiptLog
from sandbox.settings import XenditAccount

Json = dict[str, Any]


class Refused(Exception):
    """A request Xendit does not do."""

    def __init__(self, status: int, code: str, words: str) -> None:
        super().__init__(words)
        self.status = status
        self.code = code


@dataclass
class Invoice:
    """One invoice."""

    external_id: str
    amount: int
    description: str
    made_at: datetime
    expires_at: datetime
    id: str = field(default_factory=lambda: uuid.uuid4().hex[:24])
    status: str = "PENDING"
    paid_at: datetime | None = None
    refunds: dict[str, int] = field(default_factory=dict)


class Xendit:
    """Every invoice of one account; several may have the same external id, as in earnest."""

    def __init__(
        self, account: XenditAccount, clock: SharedClock, receipts: ReceiptLog, hooks: PaymentHooks
    ) -> None:
        self.invoices: dict[str, Invoice] = {}
        self.account = account
        self._clock = clock
        self._receipts = receipts
        self._hooks = hooks

    def create(self, asked: Any) -> Invoice:
        """Make an invoice."""
        asked = asked if isinstance(asked, dict) else {}
        external_id, amount = asked.get("external_id"), asked.get("amount")
        if not isinstance(external_id, str) or not external_id or not isinstance(amount, int) or amount <= 0:
            raise Refused(400, "API_VALIDATION_ERROR", "external_id and amount are required")
        now = self._clock.now()
        lasts = timedelta(seconds=float(asked.get("invoice_duration") or 86400))
        made = Invoice(external_id, amount, str(asked.get("description") or ""), now, now + lasts)
        self.invoices[made.id] = made
        self._note(made)
        return made

    def find(self, name: str) -> Invoice:
        """The invoice with this id; one whose time is over has expired."""
        found = self.invoices.get(name)
        if found is None:
            raise Refused(404, "INVOICE_NOT_FOUND_ERROR", "Could not find invoice with the specified ID")
        if found.status == "PENDING" and self._clock.now() >= found.expires_at:
            self.put(name, "EXPIRED")
        return found

    def named(self, external_id: str) -> list[Invoice]:
        """The invoices with an external id, the newest first."""
        found = [self.find(one.id) for one in list(self.invoices.values()) if one.external_id == external_id]
        return sorted(found, key=lambda invoice: invoice.made_at, reverse=True)

    def pay(self, name: str) -> Invoice:
        """The customer pays."""
        found = self.find(name)
        if found.status != "PENDING":
            raise Refused(400, "INVALID_STATUS", f"this invoice is {found.status}")
        return self.put(name, "PAID")

    def put(self, name: str, status: str) -> Invoice:
        """Let something become of an invoice."""
        found = self.invoices[name]
        found.status = status
        if status in ("PAID", "SETTLED") and found.paid_at is None:
            found.paid_at = self._clock.now()
        self._note(found)
        if status != "SETTLED":
            told = self.shown(found, "")
            headers = {"x-callback-token": self.account.callback_token}
            self._hooks.send("xendit", found.id, told, headers, f"{found.id}:{status}")
        return found

    def refund(self, asked: Any, key: str) -> Json:
        """Give money back, once per idempotency key."""
        asked = asked if isinstance(asked, dict) else {}
        found = self.find(str(asked.get("invoice_id")))
        amount = asked.get("amount")
        key = key or str(asked.get("reference_id"))
        if key not in found.refunds:
            left = found.amount - sum(found.refunds.values())
            if (
                found.status not in ("PAID", "SETTLED")
                or not isinstance(amount, int)
                or not 0 < amount <= left
            ):
                raise Refused(
                    400, "INELIGIBLE_TRANSACTION", "The invoice cannot be refunded with this amount"
                )
            found.refunds[key] = amount
            self._receipts.write("xendit.refund", invoice=found.id, amount=amount)
        return {
            "id": f"rfd-{key}",
            "invoice_id": found.id,
            "amount": found.refunds[key],
            "status": "SUCCEEDED",
        }

    def shown(self, found: Invoice, url: str) -> Json:
        """What Xendit says of an invoice now."""
        told: Json = {
            "id": found.id,
            "external_id": found.external_id,
            "user_id": "5f0000000000000000000001",
            "status": found.status,
            "merchant_name": "Loket Sandbox",
            "amount": found.amount,
            "currency": "IDR",
            "description": found.description,
            "created": found.made_at.isoformat(),
            "expiry_date": found.expires_at.isoformat(),
        }
        if url:
            told["invoice_url"] = url
        if found.paid_at is not None:
            told |= {
                "paid_amount": found.amount,
                "paid_at": found.paid_at.isoformat(),
                "payment_method": "QR_CODE",
            }
        return told

    def _note(self, found: Invoice) -> None:
        self._receipts.write(
            "xendit.invoice",
            id=found.id,
            external_id=found.external_id,
            status=found.status,
            amount=found.amount,
        )
