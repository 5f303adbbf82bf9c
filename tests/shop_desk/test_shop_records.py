"""The shop's sample records fit together, add up to the rupiah and hold every situation its scripts need."""

import itertools
import math
import re
from collections import Counter
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from casefile.shop import Address, OrderStatus, Product

RECORDS = Path(__file__).parents[2] / "desks" / "shop" / "records"


def load_records(name: str) -> list[dict[str, Any]]:
    """Read one file of sample records."""
    rows: list[dict[str, Any]] = yaml.safe_load((RECORDS / f"{name}.yaml").read_text(encoding="utf-8"))
    return rows


PRODUCTS = [Product.model_validate(row) for row in load_records("products")]
CONTACTS = load_records("contacts")
ORDERS = load_records("orders")
INVOICES = {row["number"]: row for row in load_records("invoices")}
RATES = {(row["courier"], row["city"]): row for row in load_records("shipping")}
VOUCHERS = {row["code"]: row for row in load_records("vouchers")}
STAFF = load_records("staff")

VARIANTS = {variant.sku: (product, variant) for product in PRODUCTS for variant in product.variants}
ADDRESSES = {
    contact["id"]: [Address.model_validate(row) for row in contact["addresses"]] for contact in CONTACTS
}


def subtotal(order: dict[str, Any]) -> int:
    """Add up an order's lines."""
    return sum(item["qty"] * item["unit_price"] for item in order["items"])


def test_there_are_sixty_products_and_no_two_alike() -> None:
    assert len(PRODUCTS) >= 60
    for key in ("id", "name", "description", "description_en", "image"):
        assert len({getattr(product, key) for product in PRODUCTS}) == len(PRODUCTS), key
    assert len(VARIANTS) == sum(len(product.variants) for product in PRODUCTS)
    words = {p.id: set(re.findall(r"\w+", p.description.lower())) for p in PRODUCTS}
    for one, other in itertools.combinations(words, 2):
        assert len(words[one] & words[other]) / len(words[one] | words[other]) < 0.5, (one, other)


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda p: p.id)
def test_a_product_says_enough_to_be_sold(product: Product) -> None:
    assert product.material and product.tags
    for description in (product.description, product.description_en):
        assert description.endswith(".") and 1 <= len(re.findall(r"[.!](?:\s|$)", description)) <= 2
    assert 50 <= product.weight_grams <= 1500
    assert len({(v.size, v.colour) for v in product.variants}) == len(product.variants)
    assert all(v.size and v.colour and 50_000 <= v.price <= 1_500_000 for v in product.variants)
    assert all(v.price % 1000 == 0 for v in product.variants)


@pytest.mark.parametrize("product", PRODUCTS, ids=lambda p: p.id)
def test_a_product_has_a_picture_of_its_own(product: Product) -> None:
    picture = (RECORDS / product.image).read_bytes()
    assert picture.startswith(b"\x89PNG") and 500 < len(picture) < 50_000


def test_stock_holds_what_a_shop_meets() -> None:
    stocks = Counter(variant.stock for _, variant in VARIANTS.values())
    assert stocks[0] >= 20 and stocks[1] >= 10
    gone = [p for p in PRODUCTS if not any(v.stock for v in p.variants)]
    assert gone, "a product that is sold out altogether"
    assert any(v.price > 1_000_000 for _, v in VARIANTS.values()), "one piece above the review limit"


def test_people_are_told_apart_and_every_kind_is_there() -> None:
    aliases = [(alias["kind"], alias["value"]) for contact in CONTACTS for alias in contact["aliases"]]
    assert len(aliases) == len(set(aliases)) and len(CONTACTS) >= 15
    for contact in CONTACTS:
        phones = [alias["value"] for alias in contact["aliases"] if alias["kind"] == "phone"]
        assert phones == ([contact["phone"]] if contact["phone"] else [])
        assert contact["email"].endswith("@example.com")
    assert any(contact["vip"] for contact in CONTACTS)
    assert any(contact["opt_out"] for contact in CONTACTS)
    assert any(
        contact["phone"] is None and "user_id" in {a["kind"] for a in contact["aliases"]}
        for contact in CONTACTS
    )
    bought = {order["contact_id"] for order in ORDERS}
    newcomers = {contact["id"] for contact in CONTACTS} - bought
    assert {bool(ADDRESSES[contact]) for contact in newcomers} == {True, False}


def test_an_address_can_be_delivered_to() -> None:
    ids = [address.id for addresses in ADDRESSES.values() for address in addresses]
    assert len(ids) == len(set(ids))
    served = {city for _, city in RATES}
    for contact, addresses in ADDRESSES.items():
        assert sum(address.default for address in addresses) == bool(addresses), contact
        for address in addresses:
            assert address.city in served, address.city
            assert re.fullmatch(r"\+628\d{8,11}", address.phone)
            assert re.fullmatch(r"\d{5}", address.postal_code)


def test_four_couriers_serve_the_country() -> None:
    cities = Counter(courier for courier, _ in RATES)
    assert sum(count >= 25 for count in cities.values()) >= 4
    assert len(RATES) == len(load_records("shipping"))
    for rate in RATES.values():
        assert rate["first_kg"] >= 1000 and rate["next_kg"] >= 1000
        assert re.fullmatch(r"\d+(-\d+)?", rate["days"])


def test_orders_of_every_status_lead_to_people_products_and_rates() -> None:
    assert len(ORDERS) >= 20
    assert {order["status"] for order in ORDERS} == set(get_args(OrderStatus))
    numbers = [order["number"] for order in ORDERS]
    assert numbers == sorted(set(numbers))
    days = [order["created_day_offset"] for order in ORDERS]
    assert days == sorted(days), "an older order has the smaller number"
    for order in ORDERS:
        assert order["contact_id"] in ADDRESSES
        for item in order["items"]:
            product, variant = VARIANTS[item["sku"]]
            assert (item["name"], item["unit_price"]) == (product.name, variant.price)


@pytest.mark.parametrize("order", ORDERS, ids=lambda o: o["number"])
def test_an_order_adds_up_to_the_rupiah(order: dict[str, Any]) -> None:
    assert order["subtotal"] == subtotal(order)
    weight = sum(item["qty"] * VARIANTS[item["sku"]][0].weight_grams for item in order["items"])
    rate = RATES[order["courier"], order["address"]["city"]]
    assert order["shipping"] == rate["first_kg"] + rate["next_kg"] * (math.ceil(weight / 1000) - 1)
    assert order["total"] == order["subtotal"] + order["shipping"] - order["discount"]
    if order["voucher"] is None:
        assert order["discount"] == 0
        return
    voucher = VOUCHERS[order["voucher"]]
    worth = voucher.get("amount") or order["subtotal"] * voucher["percent"] // 100
    assert order["discount"] == min(worth, voucher.get("most_discount", worth))
    assert order["subtotal"] >= voucher["least_subtotal"]
    assert voucher["from_day_offset"] <= order["created_day_offset"] <= voucher["until_day_offset"]


def test_no_voucher_was_used_more_than_it_may_be() -> None:
    used = Counter(order["voucher"] for order in ORDERS if order["voucher"])
    assert all(used[code] <= VOUCHERS[code]["uses"] for code in used)
    each = Counter((order["voucher"], order["contact_id"]) for order in ORDERS if order["voucher"])
    assert all(count == 1 for (code, _), count in each.items() if VOUCHERS[code]["once_per_contact"])
    assert any(used[code] == VOUCHERS[code]["uses"] for code in VOUCHERS), "one that is used up"
    assert any(v["until_day_offset"] < 0 for v in VOUCHERS.values()), "one that is over"
    assert any(v["from_day_offset"] > 0 for v in VOUCHERS.values()), "one that has not begun"


def test_bills_agree_with_their_orders() -> None:
    billed = {order["invoice_number"]: order for order in ORDERS if order["invoice_number"]}
    assert billed.keys() == INVOICES.keys()
    states = {"expired": "expired", "refunded": "refunded", "pending": "unpaid"}
    for number, order in billed.items():
        invoice = INVOICES[number]
        assert (invoice["amount"], invoice["contact"]) == (order["total"], order["contact_id"]), number
        paid = order["paid_day_offset"] is not None
        if order["status"] == "cancelled":
            assert invoice["status"] == ("refunded" if paid else "void")
        else:
            assert invoice["status"] == states.get(order["status"], "paid")
        assert invoice["payment"].get("paid_day_offset") == (
            order["paid_day_offset"] if invoice["status"] == "paid" else None
        )
        assert order["number"] in invoice["description"]
    unbilled = [order for order in ORDERS if order["invoice_number"] is None]
    assert unbilled and all(o["total"] > 1_000_000 and o["status"] == "pending" for o in unbilled)
    assert all(order["total"] <= 1_000_000 for order in billed.values())


def test_times_of_an_order_follow_one_another() -> None:
    reached = {
        "pending": 0, "expired": 0, "paid": 1, "processing": 1, "shipped": 2, "delivered": 3, "completed": 3,
    }  # fmt: skip
    for order in ORDERS:
        days = [order[f"{name}_day_offset"] for name in ("created", "paid", "shipped", "delivered")]
        known = [day for day in days if day is not None]
        assert known == days[: len(known)] == sorted(known) and known[-1] <= 0, order["number"]
        if order["status"] in reached:
            assert len(known) == reached[order["status"]] + 1, order["number"]
        assert (order["tracking"] is None) == (order["shipped_day_offset"] is None)


def test_somebody_can_approve_and_somebody_can_operate() -> None:
    ids = [member["telegram_user_id"] for member in STAFF]
    assert len(ids) == len(set(ids))
    roles = Counter(role for member in STAFF for role in member["roles"])
    assert set(roles) == {"coach", "operator", "oncall"} and roles["coach"] >= 2
    confirmed = {i["payment"]["confirmed_by"] for i in INVOICES.values()} - {None}
    assert confirmed and confirmed <= {member["id"] for member in STAFF}


def test_personas_are_people_on_file_or_strangers() -> None:
    personas = yaml.safe_load((RECORDS.parent / "personas.yaml").read_text(encoding="utf-8"))
    named = [persona["contact"] for persona in personas if "contact" in persona]
    assert set(named) <= ADDRESSES.keys() and len(named) == len(set(named)) >= 8
    assert any("phone" in persona for persona in personas)
