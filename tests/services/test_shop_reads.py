"""Loading a shop's records, and reading them through the ports."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from services_scenes import NOW, READING, on_weekdays
from shop_scenes import FILES, Shop, write_shop

from casefile.errors import DependencyDown
from ports.shop import Wanted
from store.errors import BadRecords
from store.records_load import load_records, read_records
from store.shop_sources import SqlShop
from tests.support.postgres import Opener


async def test_products_come_in_the_order_they_are_asked_for_each_once(shop: Shop) -> None:
    found = await shop.shop.products(("KM-L", "NOTHING", "KL-L-NAVY", "KM-M", "KL-M-HITAM"))
    assert [one.id for one in found] == ["pr_kemeja", "pr_kaos"]
    assert [(v.sku, v.stock) for v in found[1].variants] == [
        ("KL-M-HITAM", 5),
        ("KL-L-HITAM", 1),
        ("KL-L-NAVY", 0),
    ]
    assert await shop.shop.products(()) == ()


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"text": "kemeja linen dong kak"}, ["pr_kemeja"]),
        ({"text": "jaketnya masih ada?"}, ["pr_jaket"]),
        ({"text": "rok"}, []),
        ({"text": "hitam"}, ["pr_kaos"]),
        ({"text": "kaos navy", "colour": "navy"}, ["pr_kaos"]),
        ({"text": "kaos navy", "colour": "navy", "in_stock": True}, []),
        ({"text": "kaos kemeja", "size": "m"}, ["pr_kemeja", "pr_kaos"]),
        ({"text": "", "size": "XL"}, ["pr_jaket"]),
        ({"text": "", "most_price": 200_000}, ["pr_kaos"]),
        ({"text": "", "top": 2}, ["pr_kaos", "pr_kemeja"]),
        ({"text": "katun kerja lengan kemeja", "top": 1}, ["pr_kemeja"]),
    ],
)
async def test_the_catalogue_is_searched_by_words_and_by_what_must_hold(
    shop: Shop, wanted: dict[str, Any], found: list[str]
) -> None:
    hits = await shop.shop.search(Wanted.model_validate(wanted))
    assert [hit.product.id for hit in hits] == found


async def test_a_contacts_orders_and_addresses(shop: Shop) -> None:
    facts = await shop.shop.shopping("ct_maya", NOW)
    assert [(o.number, o.status, o.total) for o in facts.orders] == [
        ("ORD-2026-0002", "pending", 130_000),
        ("ORD-2026-0001", "delivered", 259_000),
    ]
    assert facts.orders[0].address is not None and facts.orders[0].address.city == "Jakarta"
    assert facts.orders[1].delivered_at is not None and facts.orders[1].delivered_at < NOW - timedelta(days=1)
    assert (facts.rev, facts.read_at, facts.addresses) == (1, NOW, ())
    rina = await shop.shop.shopping("ct_rina", NOW)
    assert [one.label for one in rina.addresses] == ["rumah", "kantor"]
    assert (await shop.shop.shopping("ct_nobody", NOW)).rev == 0


async def test_shipping_is_what_the_table_says(shop: Shop) -> None:
    quotes = await shop.shop.quotes(" jakarta ", 1200)
    assert [(q.courier, q.cost) for q in quotes] == [("JNE", 18_000), ("SiCepat", 18_000)]
    assert [q.courier for q in await shop.shop.quotes("Jakarta", 900)] == ["SiCepat", "JNE"]
    assert await shop.shop.quotes("Atlantis", 900) == ()


async def test_a_voucher_is_worth_what_its_terms_say(shop: Shop) -> None:
    async def asked(
        code: str, contact: str = "ct_rina", subtotal: int = 400_000, days: int = 0
    ) -> tuple[int, str]:
        worth = await shop.vouchers.voucher(code, contact, subtotal, NOW + timedelta(days=days))
        return worth.discount, worth.refusal

    assert await asked("hemat10 ") == (30_000, "")
    assert await asked("HEMAT10", subtotal=99_000) == (0, "subtotal")
    # It ends with the day that was named, in the desk's zone (it is ten in the morning there).
    assert [await asked("HEMAT10", days=day) for day in (0, 1, -6)] == [
        (30_000, ""),
        (0, "over"),
        (0, "early"),
    ]
    assert await asked("BARU", "ct_maya") == (0, "used")
    assert await asked("BARU") == (20_000, "")
    assert (await asked("LEBARAN"), await asked("GRATIS")) == ((0, "early"), (0, "unknown"))


async def test_goods_of_open_orders_are_set_aside_beside_what_is_free(shop: Shop) -> None:
    rows = shop.database.read("SELECT holder, sku, qty, state FROM reservations")
    assert [tuple(row) for row in rows] == [("ORD-2026-0002", "KL-M-HITAM", 1, "held")]


async def test_a_shop_that_cannot_be_read_is_a_dependency_that_is_down(shop: Shop) -> None:
    await shop.database.submit(lambda tx: tx.execute("ALTER TABLE orders RENAME TO elsewhere"))
    with pytest.raises(DependencyDown):
        await shop.shop.shopping("ct_maya", NOW)


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("products", "KL-L-NAVY", "KM-M", "products.yaml: sku 'KM-M' is used twice"),
        (
            "products",
            "weight_grams: 250",
            "weight_grams: 0",
            "products.yaml row 1 (pr_kaos): weight_grams = 0",
        ),
        ("shipping", "city: Bandung", "city: jakarta", "shipping.yaml row 3: JNE to jakarta is there twice"),
        ("vouchers", "percent: 10, ", "percent: 10, amount: 1, ", "vouchers.yaml row 1 (HEMAT10)"),
        ("vouchers", "code: BARU", "code: HEMAT10", "vouchers.yaml row 2: 'HEMAT10' is used twice"),
        (
            "orders",
            "sku: KM-M",
            "sku: KM-X",
            "orders.yaml row 2 (ORD-2026-0001): sku = 'KM-X': not in products",
        ),
        ("orders", "voucher: BARU", "voucher: LAMA", "voucher = 'LAMA': not in vouchers.yaml"),
        ("orders", "ct_maya", "ct_who", "contact_id = 'ct_who': not in contacts.yaml"),
        ("orders", "INV-2026-0210-001", "INV-2026-0210-009", "not in invoices.yaml"),
        ("orders", "subtotal: 120000", "subtotal: 120001", "subtotal is not the sum"),
        ("orders", "total: 130000", "total: 130001", "total is not subtotal"),
    ],
)
def test_a_bad_row_of_a_shop_is_named(tmp_path: Path, file: str, old: str, new: str, words: str) -> None:
    assert old in FILES[file]
    with pytest.raises(BadRecords) as caught:
        read_records(write_shop(tmp_path / "r", **{file: FILES[file].replace(old, new)}))
    assert words in str(caught.value)


async def test_the_shops_own_records_load(open_database: Opener) -> None:
    folder = Path(__file__).parents[2] / "desks" / "shop" / "records"
    database = open_database()
    records = read_records(folder)
    await database.submit(lambda tx: load_records(tx, records, READING, NOW, on_weekdays))
    shop = SqlShop(database)
    products = await shop.search(Wanted(text="", top=1000))
    assert [hit.product.id for hit in products] == [row.id for row in records.rows["products"]]
    assert [hit.product.description_en for hit in products] == [
        row.description_en for row in records.rows["products"]
    ]
    owners = {row.contact_id for row in records.rows["orders"]}
    assert sum([len((await shop.shopping(one, NOW)).orders) for one in owners]) == len(records.rows["orders"])
    database.close()
