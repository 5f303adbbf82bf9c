"""What a shop sells and what becomes of it: products, carts, orders. Money is integer rupiah, times are UTC."""

from typing import Literal

from pydantic import AwareDatetime, Field, model_validator

from casefile.base import Frozen, Language
from casefile.errors import IllegalTransition

OrderStatus = Literal[
    "pending",
    "paid",
    "processing",
    "shipped",
    "delivered",
    "completed",
    "cancelled",
    "expired",
    "refunded",
]
# Money that arrives after an order ran out is a person's: nothing revives what was given to somebody else.
ORDER_MOVES: dict[OrderStatus, frozenset[OrderStatus]] = {
    "pending": frozenset({"paid", "cancelled", "expired"}),
    "paid": frozenset({"processing", "shipped", "cancelled", "refunded"}),
    "processing": frozenset({"shipped", "cancelled", "refunded"}),
    "shipped": frozenset({"delivered", "refunded"}),
    "delivered": frozenset({"completed", "refunded"}),
    "completed": frozenset({"refunded"}),
    "cancelled": frozenset(),
    "expired": frozenset(),
    "refunded": frozenset(),
}
# What has not left the house yet can still be changed.
BEFORE_DISPATCH: frozenset[OrderStatus] = frozenset({"pending", "paid", "processing"})
UNDER_WAY: frozenset[OrderStatus] = BEFORE_DISPATCH | {"shipped", "delivered"}


class Variant(Frozen):
    """One thing that can be bought; `stock` is what is free to sell, without what others have reserved."""

    sku: str
    size: str = ""
    colour: str = ""
    price: int = Field(ge=0)
    stock: int = Field(ge=0)


class Product(Frozen):
    """One entry of the catalogue with its variants; `image` is the name of a file beside the records."""

    id: str
    name: str
    category: str
    description: str
    description_en: str = ""
    material: str = ""
    weight_grams: int = Field(gt=0)
    image: str = ""
    tags: tuple[str, ...] = ()
    variants: tuple[Variant, ...]

    def described(self, language: Language) -> str:
        """Return the description in a language; the one there is where it was not written in both."""
        return (self.description_en if language == "en" else "") or self.description


class Address(Frozen):
    """Where something is sent to."""

    id: str = ""
    label: str = ""
    recipient: str
    phone: str
    full_address: str
    city: str
    province: str = ""
    postal_code: str = ""
    default: bool = False


class Item(Frozen):
    """A line of a cart or an order, at the price it was taken at."""

    sku: str
    name: str
    qty: int = Field(gt=0)
    unit_price: int = Field(ge=0)


class ShippingQuote(Frozen):
    """What a courier takes to a destination for a weight, from the shipping table."""

    courier: str
    city: str
    cost: int = Field(ge=0)
    days: str = ""


class ShippingRate(Frozen):
    """A row of the shipping table: what the first kilo costs, and every one begun after it."""

    courier: str
    city: str
    first_kg: int = Field(ge=0)
    next_kg: int = Field(ge=0)
    days: str = ""

    def quote(self, weight_grams: int) -> ShippingQuote:
        """Return what it takes for a weight."""
        begun = max(-(-weight_grams // 1000) - 1, 0)
        cost = self.first_kg + begun * self.next_kg
        return ShippingQuote(courier=self.courier, city=self.city, cost=cost, days=self.days)


class Priced(Frozen):
    """What a code is worth on a subtotal now; `refusal` says in a word why it is worth nothing."""

    code: str
    discount: int = 0
    refusal: str = ""


class Voucher(Frozen):
    """A code and what it is good for: so many percent or rupiah off a subtotal; None is without a bound."""

    code: str
    percent: int | None = Field(default=None, ge=1, le=100)
    amount: int | None = Field(default=None, ge=1)
    least_subtotal: int = Field(default=0, ge=0)
    most_discount: int | None = Field(default=None, ge=1)
    begins: AwareDatetime | None = None
    ends: AwareDatetime | None = None
    uses: int | None = Field(default=None, ge=0)
    once_per_contact: bool = False

    @model_validator(mode="after")
    def _exactly_one(self) -> "Voucher":
        if (self.percent is None) == (self.amount is None):
            raise ValueError("give exactly one of percent or amount")
        return self


class Order(Frozen):
    """What a contact has bought; `total` = subtotal + shipping - discount."""

    number: str
    contact_id: str
    items: tuple[Item, ...]
    subtotal: int
    shipping: int = 0
    discount: int = 0
    total: int
    voucher: str | None = None
    address: Address | None = None
    courier: str | None = None
    tracking: str | None = None
    status: OrderStatus = "pending"
    invoice_number: str | None = None
    created_at: AwareDatetime
    paid_at: AwareDatetime | None = None
    shipped_at: AwareDatetime | None = None
    delivered_at: AwareDatetime | None = None

    def moved(self, new: OrderStatus) -> "Order":
        """Step to another status; raises IllegalTransition when the two are not connected."""
        if new not in ORDER_MOVES[self.status]:
            raise IllegalTransition(f"order {self.number} cannot go from {self.status} to {new}")
        return self.model_copy(update={"status": new})


class ShopFacts(Frozen):
    """What C read of one contact's shopping, for one turn."""

    orders: tuple[Order, ...]
    addresses: tuple[Address, ...]
    read_at: AwareDatetime
    rev: int
