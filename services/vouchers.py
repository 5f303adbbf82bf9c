"""What a code is worth to somebody now: asked by B, and again inside the transaction that uses it."""

from datetime import datetime

from casefile.errors import DependencyDown
from casefile.shop import Priced
from policies.vouchers import discount, refusal
from store import orders
from store.database import Database
from store.errors import StoreFault
from store.records import Reader


class SqlVouchers:
    """Implements ports.shop.Vouchers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def voucher(self, code: str, contact_id: str, subtotal: int, now: datetime) -> Priced:
        """Return what a code is worth to this contact now."""
        try:
            return priced(self._database.read, code, contact_id, subtotal, now)
        except StoreFault as error:
            raise DependencyDown("schedule", str(error)) from error


def priced(
    read: Reader, code: str, contact_id: str, subtotal: int, now: datetime, besides: str = ""
) -> Priced:
    """Return what a code is worth; the order `besides` may use it again."""
    found = orders.voucher(read, code)
    spelled = found.code if found else code.strip().upper()
    used, own = orders.voucher_used(read, spelled, contact_id, besides)
    why = refusal(found, subtotal, now, used=used, used_by_contact=own)
    if found is None or why:
        return Priced(code=spelled, refusal=why or "unknown")
    return Priced(code=spelled, discount=discount(found, subtotal))
