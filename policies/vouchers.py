"""What a voucher is worth, and why it is worth nothing."""

from datetime import datetime
from typing import Literal

from casefile.shop import Voucher

# In a word, as it is told: the code is not known, not in force yet, over, used up, used by this customer, or the
# subtotal is too small for it.
Refusal = Literal["unknown", "early", "over", "used_up", "used", "subtotal"]


def refusal(
    voucher: Voucher | None, subtotal: int, now: datetime, *, used: int, used_by_contact: int
) -> Refusal | None:
    """Say why a code is worth nothing on a subtotal now, or None; `used` counts orders that stand."""
    if voucher is None:
        return "unknown"
    if voucher.begins is not None and now < voucher.begins:
        return "early"
    if voucher.ends is not None and now >= voucher.ends:
        return "over"
    if voucher.once_per_contact and used_by_contact:
        return "used"
    if voucher.uses is not None and used >= voucher.uses:
        return "used_up"
    return "subtotal" if subtotal < voucher.least_subtotal else None


def discount(voucher: Voucher, subtotal: int) -> int:
    """Return what a voucher takes off a subtotal: whole rupiah, rounded down, never more than there is."""
    off = voucher.amount if voucher.percent is None else subtotal * voucher.percent // 100
    bounds = [off or 0, subtotal]
    return min(bounds if voucher.most_discount is None else [*bounds, voucher.most_discount])
