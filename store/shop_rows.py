"""The rows of a shop's record files, as people write them. Days count from the day of loading."""

from typing import Annotated

from pydantic import Field, model_validator

from casefile.base import Frozen
from casefile.shop import BEFORE_DISPATCH, Address, Item, OrderStatus, Product, ShippingRate

PastDay = Annotated[int | None, Field(default=None, le=0)]


class OrderRow(Frozen):
    """An order, with the fields of `casefile.shop.Order`; its times are days from the day of loading."""

    number: str = Field(pattern=r"^ORD-\d{4}-\d{4,}$")
    contact_id: str
    items: tuple[Item, ...] = Field(min_length=1)
    subtotal: int = Field(ge=0)
    shipping: int = Field(default=0, ge=0)
    discount: int = Field(default=0, ge=0)
    total: int = Field(ge=0)
    voucher: str | None = None
    address: Address | None = None
    courier: str | None = None
    tracking: str | None = None
    status: OrderStatus
    invoice_number: str | None = None
    created_day_offset: int = Field(le=0)
    paid_day_offset: PastDay
    shipped_day_offset: PastDay
    delivered_day_offset: PastDay

    @model_validator(mode="after")
    def _adds_up(self) -> "OrderRow":
        if self.subtotal != sum(item.qty * item.unit_price for item in self.items):
            raise ValueError("subtotal is not the sum of the items")
        if self.total != self.subtotal + self.shipping - self.discount:
            raise ValueError("total is not subtotal + shipping - discount")
        return self

    @property
    def sets_aside(self) -> bool:
        """Say whether its goods are still in the house."""
        return self.status in BEFORE_DISPATCH


class VoucherRow(Frozen):
    """A voucher; it holds from the beginning of its first day to the end of its last."""

    code: str = Field(pattern=r"^[A-Z0-9]{3,20}$")
    percent: int | None = Field(default=None, ge=1, le=100)
    amount: int | None = Field(default=None, ge=1)
    least_subtotal: int = Field(default=0, ge=0)
    most_discount: int | None = Field(default=None, ge=1)
    from_day_offset: int | None = None
    until_day_offset: int | None = None
    uses: int | None = Field(default=None, ge=0)
    once_per_contact: bool = False

    @model_validator(mode="after")
    def _exactly_one(self) -> "VoucherRow":
        if (self.percent is None) == (self.amount is None):
            raise ValueError("give exactly one of percent or amount")
        return self


SHOP_ROWS: dict[str, type[Frozen]] = {
    "products": Product,
    "orders": OrderRow,
    "shipping": ShippingRate,
    "vouchers": VoucherRow,
}
