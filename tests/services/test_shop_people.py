"""What is held of a buyer: whose it is, handed over whole, and gone whole."""

from pathlib import Path

from services_scenes import task
from shop_scenes import Shop

from services.contact_erase import erase
from services.contact_export import export
from store.connection import TextColumn
from store.owners import others_in
from store.person import person_of
from store.transaction import Tx

SECRET = {
    "recipient": "Eyang Sastro",
    "phone": "+6281299887766",
    "full_address": 'Gang Kelinci 7 RT 3, pagar "hijau"',
    "city": "Jakarta",
}


async def bought(shop: Shop) -> None:
    params = {"items": [{"sku": "KM-M", "qty": 1}], "address": SECRET, "courier": "JNE"}
    await shop.wrote("maya")
    await shop.commit("SCH-2026-0001", "ct_maya")
    asked = task("ORDER_CREATE", "ct_maya", "k1", "2026-0001", **params)
    result = await shop.operations.execute(asked)
    assert result.status == "SUCCESS", result.details


async def test_an_orders_number_is_its_buyers(shop: Shop) -> None:
    look = shop.database.read
    assert others_in(look, "pesanan ord-2026-0002 sudah sampai?", ("ct_rina",)) == ("ord-2026-0002",)
    assert others_in(look, "pesanan ORD-2026-0002 sudah sampai?", ("ct_maya",)) == ()
    assert others_in(look, "pesanan ORD-2026-0999", ("ct_rina",)) == ()


async def test_a_buyers_orders_and_addresses_are_handed_over(shop: Shop, tmp_path: Path) -> None:
    await bought(shop)
    data = export(shop.database.read, person_of(shop.database.read, "ct_maya"), tmp_path)
    assert [row["number"] for row in data["orders"]] == ["ORD-2026-0001", "ORD-2026-0002", "ORD-2026-0003"]
    assert data["orders"][2]["address"]["full_address"] == SECRET["full_address"]
    assert [row["sku"] for row in data["order_items"]] == ["KM-M", "KL-M-HITAM", "KM-M"]
    assert [row["full_address"] for row in data["addresses"]] == [SECRET["full_address"]]


async def test_an_erased_buyer_leaves_orders_that_are_nobodys(shop: Shop) -> None:
    await bought(shop)
    person = person_of(shop.database.read, "ct_maya")

    def gone(tx: Tx) -> dict[str, object]:
        tx.execute("UPDATE outbox SET pending = 0")
        tx.execute("UPDATE inbox SET state = 'read'")
        return erase(tx, person)

    certificate = await shop.database.submit(gone)
    assert isinstance(certificate["kept"], dict) and "orders" in certificate["kept"]
    columns = await shop.database.submit(lambda tx: tx.text_columns())
    found = [
        one for one in columns for word in ("Eyang Sastro", "Kelinci", "99887766") if said(shop, one, word)
    ]
    assert found == []
    assert len(shop.database.read("SELECT 1 FROM orders WHERE contact_id = 'ct_maya'")) == 3


def said(shop: Shop, column: TextColumn, word: str) -> bool:
    sql = f"SELECT 1 FROM {column.table} WHERE INSTR({column.name}, ?) > 0"
    return bool(shop.database.read(sql, (word,)))
