import pytest

from casefile.cart import CartLine, OrderChange
from casefile.shop import Item, Order
from policies.shop_amending import amended, changed, items_of, total_of
from tests.policies.builders import NOW
from tests.policies.shop_worlds import HAT, HOME, QUOTES, SHIRT, TEE, order, seen

SHIRTS = Item(sku="KLB-PTH-M", name=SHIRT.name, qty=2, unit_price=349_000)
TEES = Item(sku="KOB-HTM-L", name=TEE.name, qty=1, unit_price=169_000)
BOTH = order(items=(SHIRTS, TEES), subtotal=867_000, total=878_500)
KNOWN = {"known": (SHIRT, TEE, HAT), "found": ()}
AS_IT_IS = {"KLB-PTH-M": 2, "KOB-HTM-L": 1}


def left(words: str, of: Order = BOTH, last: OrderChange | None = None) -> tuple[dict[str, int], str]:
    made = amended(of, seen(words, **KNOWN), last)
    return {line.sku: line.qty for line in made.lines}, made.pick.state if made.pick else ""


@pytest.mark.parametrize(
    ("words", "held", "unclear"),
    [
        ("kaosnya ganti M", {"KLB-PTH-M": 2, "KOB-HTM-M": 1}, ""),
        ("kaosnya ganti M terus tambah 1 topi bucket krem ya", {"KLB-PTH-M": 2, "KOB-HTM-M": 1, "TBP-KRM-ALL": 1}, ""),
        ("kemejanya jadi 1 aja, kaosnya hapus", {"KLB-PTH-M": 1}, ""),
        ("kurangi 1 kemejanya", {"KLB-PTH-M": 1, "KOB-HTM-L": 1}, ""),
        ("kemeja linen diganti kaos oversize hitam M", {"KOB-HTM-L": 1, "KLB-PTH-M": 2}, ""),
        ("ganti kemeja linen jadi topi bucket krem", {"KOB-HTM-L": 1, "TBP-KRM-ALL": 2}, ""),
        ("change the shirt from M to L and make it three", {"KLB-PTH-L": 3, "KOB-HTM-L": 1}, ""),
        ("kemejanya jadi navy XXL", AS_IT_IS, "out"),
        ("kemejanya jadi navy", AS_IT_IS, "few"),
        ("tambah 9 topi bucket", AS_IT_IS, "few"),
        ("tambah kemeja linen navy", AS_IT_IS, "size"),
        ("tambah sepatu", AS_IT_IS, ""),
        ("ganti jadi M", AS_IT_IS, ""),
        ("kaosnya tetap L", AS_IT_IS, ""),
        ("hapus 1 kemejanya", {"KLB-PTH-M": 1, "KOB-HTM-L": 1}, ""),
    ],
)  # fmt: skip
def test_what_words_leave_in_an_order(words: str, held: dict[str, int], unclear: str) -> None:
    assert left(words) == (held, unclear)


def test_two_variants_of_one_product_are_told_apart() -> None:
    two = order(items=(SHIRTS, SHIRTS.model_copy(update={"sku": "KLB-PTH-L", "qty": 1})))
    assert left("yang L jadi 2", two)[0] == {"KLB-PTH-M": 2, "KLB-PTH-L": 2}
    assert left("jadi 5", two)[0] == {"KLB-PTH-M": 2, "KLB-PTH-L": 1}


def test_what_the_order_has_set_aside_is_there_for_it() -> None:
    alone = order(items=(SHIRTS.model_copy(update={"sku": "KLB-NVY-M", "qty": 1}),))
    assert left("jadi 2", alone) == ({"KLB-NVY-M": 2}, "")
    assert left("jadi 3", alone) == ({"KLB-NVY-M": 1}, "few")


def test_an_amendment_goes_on_from_what_was_put_before_them() -> None:
    put = changed(BOTH, amended(BOTH, seen("tambah topi bucket", **KNOWN), None))
    assert put is not None and put.sku == "" and len(put.items) == 3
    assert left("topinya jadi 2", last=put)[0]["TBP-KRM-ALL"] == 2
    asked = changed(BOTH, amended(BOTH, seen("tambah kemeja linen navy", **KNOWN), None))
    assert asked is not None and asked.focus is not None and asked.focus.colour == "navy"
    other = order(items=(TEES,))
    asked = changed(other, amended(other, seen("tambah kemeja linen navy", **KNOWN), None))
    assert asked is not None
    assert left("M", other, asked)[0] == {"KOB-HTM-L": 1, "KLB-NVY-M": 1}


@pytest.mark.parametrize(
    ("words", "sku", "new", "qty"),
    [
        ("kaosnya ganti M", "KOB-HTM-L", "KOB-HTM-M", 1),
        ("kemejanya jadi 1 aja", "KLB-PTH-M", "KLB-PTH-M", 1),
        ("kaosnya hapus", "", "", 0),
        ("tambah topi bucket", "", "", 0),
    ],
)
def test_one_thing_in_place_of_another_is_said_as_that(words: str, sku: str, new: str, qty: int) -> None:
    change = changed(BOTH, amended(BOTH, seen(words, **KNOWN), None))
    assert change is not None
    assert (change.sku, change.new_sku, change.qty) == (sku, new, qty)


def test_nothing_said_and_nothing_left_is_no_change() -> None:
    assert changed(BOTH, amended(BOTH, seen("mau ubah pesanan", **KNOWN), None)) is None
    assert changed(BOTH, amended(BOTH, seen("kemejanya hapus, kaosnya hapus", **KNOWN), None)) is None


def test_what_it_comes_to_is_said_of_what_is_unpaid() -> None:
    there = seen("tambah topi bucket", **KNOWN)
    change = changed(BOTH, amended(BOTH, there, None))
    assert change is not None
    assert total_of(BOTH, change, there) == 867_000 + 99_000 + QUOTES[0].cost
    assert total_of(BOTH.model_copy(update={"voucher": "PAGI25"}), change, there) is None
    assert total_of(BOTH.model_copy(update={"status": "paid", "paid_at": NOW}), change, there) is None
    assert total_of(BOTH, change, there.model_copy(update={"quotes": ()})) is None
    assert BOTH.address == HOME


def test_what_was_paid_keeps_its_price_and_what_was_not_read_has_none() -> None:
    paid = BOTH.model_copy(update={"status": "paid", "items": (SHIRTS.model_copy(update={"unit_price": 1}),)})
    change = OrderChange(action="ORDER_AMEND", order=paid.number, items=(CartLine(sku="KLB-PTH-M", qty=3),))
    (kept,) = items_of(paid, change, seen(**KNOWN)) or ()
    assert (kept.qty, kept.unit_price) == (3, 1)
    unread = change.model_copy(update={"items": (CartLine(sku="gone", qty=1),)})
    assert items_of(paid, unread, seen(**KNOWN)) is None


def test_in_place_of_one_thing_another_may_be_unclear() -> None:
    assert left("kaosnya ganti jadi kemeja linen navy") == (AS_IT_IS, "size")
