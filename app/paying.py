"""Paying online as the settings describe it."""

from app.wire import Wired
from ports.payments import PaymentProvider
from services.payments import RequestedPayments
from store.facts import Reading


def payments_for(wired: Wired, provider: PaymentProvider | None) -> RequestedPayments:
    """Plug in who asks the provider for ways to pay; without one, every case is told that there is none."""
    rules = wired.desk.rules
    reading = Reading(rules.zone, rules.limits.quota_month, rules.limits.snapshot_ttl_minutes)
    return RequestedPayments(wired.database, provider, rules.payments, reading, wired.clock)
