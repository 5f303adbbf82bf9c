"""`loket shop`: staff look up goods and orders, count shelves and say where orders are."""

import asyncio
from pathlib import Path

import pytest

from store.database import Database
from tests.cli.shop_counter import Counter

SKU = "KLB-PTH-S"


@pytest.fixture
def counter(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Counter:
    return Counter(tmp_path, capsys)


def order_in(counter: Counter, status: str) -> str:
    return str(counter.json("shop", "orders", "--status", status)[0]["number"])


def test_the_catalogue_and_one_product(counter: Counter) -> None:
    code, said = counter.run("shop", "products", "kemeja", "linen", "bahari")
    assert code == 0 and SKU in said and "Rp 349.000" in said
    assert len(counter.json("shop", "products")) >= 60
    code, said = counter.run("shop", "product", SKU.lower())
    assert code == 0 and "Kemeja Linen Bahari" in said and "set aside" in said
    assert counter.run("shop", "products", "xyzzy")[1].startswith("Nothing in the catalogue")
    code, said = counter.run("shop", "product", "XX-1")
    assert code == 2 and "loket shop products" in said


def test_a_shelf_is_counted_as_often_as_one_likes(counter: Counter) -> None:
    for counted in ("12", "0", "12"):
        code, said = counter.run("shop", "stock", SKU, counted, "--by", "sf_who")
        assert code == 2 and "known are" in said
        by = counter.rows("SELECT id FROM staff ORDER BY position")[0]["id"]
        code, said = counter.run("shop", "stock", SKU, counted, "--by", by)
        assert code == 0, said
        (row,) = counter.rows(f"SELECT free FROM variants WHERE sku = '{SKU}'")
        assert row["free"] == int(counted)
    assert counter.run("shop", "stock", SKU, "-3", "--by", by)[0] == 1
    code, said = counter.run("shop", "stock", "NO-SKU", "3", "--by", by)
    assert code == 1 and "no such sku" in said


def test_an_order_goes_its_way_by_command(counter: Counter) -> None:
    by = counter.rows("SELECT id FROM staff ORDER BY position")[0]["id"]
    number = order_in(counter, "paid")
    assert counter.run("shop", "ship", number, "--by", by)[0] == 2
    assert counter.run("shop", "delivered", number, "--by", by)[0] == 1
    code, said = counter.run("shop", "ship", number, "--tracking", "JNE123", "--by", by)
    assert code == 0 and "is shipped" in said
    shown = counter.json("shop", "order", number.lower())
    assert (shown["status"], shown["tracking"]) == ("shipped", "JNE123")
    assert counter.run("shop", "delivered", number, "--by", by)[0] == 0
    assert counter.json("shop", "completed", number, "--by", by)["status"] == "SUCCESS"
    entries = counter.rows("SELECT action, result FROM audit WHERE action = 'ORDER_STATUS' ORDER BY id")
    assert [entry["result"] for entry in entries] == ["blocked", "success", "success", "success"]


def test_an_address_is_shown_to_a_named_person_and_written_down(counter: Counter) -> None:
    by = counter.rows("SELECT id FROM staff ORDER BY position")[0]["id"]
    number = order_in(counter, "paid")
    (row,) = counter.rows(
        f"SELECT json_extract(address, '$.full_address') AS a FROM orders WHERE number = '{number}'"
    )
    assert row["a"] not in counter.run("shop", "order", number)[1]
    assert row["a"] not in counter.run("shop", "orders", "--json")[1]
    assert counter.rows("SELECT 1 FROM audit WHERE action = 'ORDER_SHOW'") == []
    code, said = counter.run("shop", "order", number, "--by", by)
    assert code == 0 and row["a"] in said
    (entry,) = counter.rows("SELECT actor, body FROM audit WHERE action = 'ORDER_SHOW'")
    assert entry["actor"] == by and number not in entry["body"]
    assert counter.run("shop", "order", "ORD-2026-9999")[0] == 2


def test_an_empty_shop_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty = Counter(tmp_path, capsys, records=None)
    assert "loket import catalogue" in empty.run("shop", "products")[1]
    assert empty.run("shop", "orders") == (0, "There are no orders.\n")
    assert empty.json("shop", "orders") == []
    assert empty.run("shop", "stock", SKU, "1", "--by", "sf_x")[0] == 2


def test_a_shop_whose_store_is_broken_says_so(counter: Counter) -> None:
    opened = Database.open(counter.store)
    asyncio.run(opened.submit(lambda tx: tx.execute("ALTER TABLE order_items RENAME TO elsewhere")))
    opened.close()
    code, said = counter.run("shop", "orders")
    assert code == 2 and "the database is in trouble" in said
    counter.store.unlink()
    code, said = counter.run("shop", "products")
    assert code == 2 and "there is no database" in said
