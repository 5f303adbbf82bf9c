"""Midtrans' answers and notifications, read: signatures, states, amounts, times. Pure."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation

from casefile.errors import BadInput
from casefile.payment_events import PaymentNotified
from casefile.payments import PaymentState, ProviderState

# Times come without a zone and are those of Jakarta.
WIB = timezone(timedelta(hours=7))
STATES: dict[str, PaymentState] = {
    "settlement": "CONFIRMED",
    "pending": "PENDING",
    "authorize": "PENDING",
    "deny": "FAILED",
    "cancel": "FAILED",
    "failure": "FAILED",
    "expire": "EXPIRED",
    "refund": "REVERSED",
    "chargeback": "REVERSED",
    "partial_chargeback": "REVERSED",
    "partial_refund": "CONFIRMED",
}
# Of their notifications some come without the code that the signature is made over.
UNSIGNABLE = frozenset({"refund", "partial_refund", "chargeback", "partial_chargeback"})
# What is kept of a notification: how it stands, and nothing of who paid.
KEPT = (
    *("transaction_id", "order_id", "transaction_status", "status_code", "fraud_status", "payment_type"),
    *("gross_amount", "refund_amount", "transaction_time", "settlement_time", "expiry_time"),
)
LONGEST = 100
# More than any bill; a number written with a large exponent would take all memory.
DIGITS = 15


def data(body: bytes | str) -> Mapping[str, object]:
    """Read a JSON object; empty for anything else."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def word(told: Mapping[str, object], name: str) -> str:
    """Return a field as text; empty when it is missing or no plain value."""
    value = told.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    # Half a surrogate pair and NUL are legal JSON that no database text column takes.
    return str(value)[:LONGEST].encode("utf-8", "replace").decode().replace("\0", "")


def verified(body: bytes, server_key: str) -> bool:
    """Check the signature over the strings as they came, in constant time.

    What comes without the code that it is made over cannot be checked: it may only have a payment looked at.
    """
    told = data(body)
    if unsigned(told):
        return True
    parts = [told.get(name) for name in ("order_id", "status_code", "gross_amount")]
    claimed = told.get("signature_key")
    if not isinstance(claimed, str) or not all(isinstance(part, str) and part for part in parts):
        return False
    made = hashlib.sha512("".join([*map(str, parts), server_key]).encode("utf-8", "replace")).hexdigest()
    return hmac.compare_digest(claimed.encode("utf-8", "replace"), made.encode())


def unsigned(told: Mapping[str, object]) -> bool:
    """Say whether this is one of those whose signature cannot be made."""
    return "status_code" not in told and word(told, "transaction_status") in UNSIGNABLE


def parse(body: bytes, account: str, received_at: datetime) -> PaymentNotified:
    """Read a notification; raises BadInput when it names no payment."""
    told = data(body)
    reference, state = word(told, "order_id"), word(told, "transaction_status")
    if not reference or not state:
        raise BadInput("a notification names an order_id and a transaction_status")
    kept = {name: word(told, name) for name in KEPT if name in told}
    return PaymentNotified(
        source="midtrans",
        account=account,
        received_at=received_at,
        reference=reference,
        provider_id=word(told, "transaction_id") or reference,
        word=state,
        signed=not unsigned(told),
        body=json.dumps(kept),
    )


def state_of(told: Mapping[str, object]) -> ProviderState:
    """Read a status; what it calls by a name unknown to us is taken for pending, which moves nothing.

    Raises BadInput when the amount cannot be read.
    """
    said = word(told, "transaction_status")
    state = STATES.get(said, "PENDING")
    if said == "capture":
        accepted = word(told, "fraud_status") in {"accept", ""} and word(told, "status_code") == "200"
        state = "CONFIRMED" if accepted else "PENDING"
    amount = rupiah(told.get("gross_amount"))
    whole = amount if state == "REVERSED" else 0
    refunded = rupiah(told.get("refund_amount")) if told.get("refund_amount") else whole
    return ProviderState(
        reference=word(told, "order_id"),
        provider_id=word(told, "transaction_id") or word(told, "order_id"),
        amount=amount,
        word=said,
        state=state,
        refunded=refunded,
    )


def expires(told: Mapping[str, object], otherwise: datetime) -> datetime:
    """Return until when it can be paid; both spellings are seen."""
    for name in ("expiry_time", "expire_time"):
        try:
            return datetime.strptime(word(told, name), "%Y-%m-%d %H:%M:%S").replace(tzinfo=WIB)
        except ValueError:
            continue
    return otherwise


def rupiah(value: object) -> int:
    """Read an amount ("150000.00"), whole rupiah; raises BadInput for anything else."""
    try:
        amount = Decimal(str(value))
    except InvalidOperation as error:
        raise BadInput(f"{str(value)[:LONGEST]!r} is no amount") from error
    if not amount.is_finite() or amount.adjusted() > DIGITS or amount != amount.to_integral_value():
        raise BadInput(f"{str(value)[:LONGEST]!r} is no whole amount of rupiah")
    return int(amount)
