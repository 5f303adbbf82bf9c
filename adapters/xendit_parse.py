"""Xendit's invoices and callbacks, read: tokens, states, amounts, times. Pure."""

import hmac
import json
from collections.abc import Mapping
from datetime import datetime

from casefile.errors import BadInput
from casefile.payment_events import PaymentNotified
from casefile.payments import PaymentState, ProviderState

# SETTLED is money that has also been paid out to us.
STATES: dict[str, PaymentState] = {
    "PENDING": "PENDING",
    "PAID": "CONFIRMED",
    "SETTLED": "CONFIRMED",
    "EXPIRED": "EXPIRED",
}
# What is kept of a callback: how it stands, and nothing of who paid.
KEPT = (
    *("id", "external_id", "status", "amount", "paid_amount", "payment_method", "payment_channel"),
    *("currency", "paid_at", "created", "updated"),
)
LONGEST = 100
# More than any bill; also sorts out what is no number or infinite.
MOST = 10**15


def data(body: bytes | str) -> object:
    """Read JSON; None for anything else."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def mapping(told: object) -> Mapping[str, object]:
    """Return a JSON object; empty for anything else."""
    return told if isinstance(told, dict) else {}


def word(told: Mapping[str, object], name: str) -> str:
    """Return a field as text; empty when it is missing or no plain value."""
    value = told.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    # Half a surrogate pair and NUL are legal JSON that no database text column takes.
    return str(value)[:LONGEST].encode("utf-8", "replace").decode().replace("\0", "")


def verified(headers: Mapping[str, str], token: str) -> bool:
    """Compare the callback's token in constant time; it is always the same, so it proves the sender and no more."""
    given = headers.get("x-callback-token", "")
    return hmac.compare_digest(given.encode("utf-8", "replace"), token.encode())


def parse(body: bytes, account: str, received_at: datetime) -> PaymentNotified:
    """Read a callback; raises BadInput when it names no invoice."""
    told = mapping(data(body))
    provider_id, reference, status = word(told, "id"), word(told, "external_id"), word(told, "status")
    if not provider_id or not reference or not status:
        raise BadInput("a callback names an id, an external_id and a status")
    return PaymentNotified(
        source="xendit",
        account=account,
        received_at=received_at,
        reference=reference,
        provider_id=provider_id,
        word=status,
        body=json.dumps({name: word(told, name) for name in KEPT if name in told}),
    )


def state_of(told: Mapping[str, object]) -> ProviderState:
    """Read an invoice; a status unknown to us is taken for pending, which moves nothing.

    Raises BadInput when the amount cannot be read.
    """
    status = word(told, "status")
    return ProviderState(
        reference=word(told, "external_id"),
        provider_id=word(told, "id"),
        amount=rupiah(told.get("paid_amount") or told.get("amount")),
        word=status,
        state=STATES.get(status, "PENDING"),
    )


def expires(told: Mapping[str, object], otherwise: datetime) -> datetime:
    """Return until when it can be paid."""
    try:
        found = datetime.fromisoformat(word(told, "expiry_date"))
    except ValueError:
        return otherwise
    return found if found.tzinfo else otherwise


def rupiah(value: object) -> int:
    """Read an amount, whole rupiah; raises BadInput for anything else."""
    if (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and abs(value) < MOST
        and value == int(value)
    ):
        return int(value)
    raise BadInput(f"{str(value)[:LONGEST]!r} is no whole amount of rupiah")
