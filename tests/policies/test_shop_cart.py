import pytest

from casefile.cart import Cart, Focus
from casefile.reading import Slots
from casefile.shop import Priced
from policies.shop_bill import bill, weight
from policies.shop_cart import after, asked_about, same, still_open, talked_about
from tests.policies.shop_worlds import HAT, HOME, OFFICE, QUOTES, READY, SHIRT, TEE, seen, shopping

NONE = Slots()
FOCUS = Focus(product="KLB-PTH-M")


def lines(cart: Cart) -> dict[str, int]:
    return {line.sku: line.qty for line in cart.lines}


def buys(
    words: str,
    cart: Cart | None = None,
    waiting: str | None = None,
    said: str = "order_request",
    **read: object,
):  # type: ignore[no-untyped-def]
    there = seen(words, known=(SHIRT, TEE), **read)
    return after(cart, there, NONE, "order_request", said, waiting), there


@pytest.mark.parametrize(
    ("words", "cart", "held", "opened"),
    [
        ("kemeja linen bahari putih M", None, {"KLB-PTH-M": 1}, None),
        ("kemeja linen bahari putih M 2 pcs", None, {"KLB-PTH-M": 2}, None),
        ("kemeja linen bahari navy", None, {}, "variant"),
        ("kemeja linen bahari navy XXL", None, {}, "stock"),
        ("kemeja linen bahari navy M 3 pcs", None, {}, "stock"),
        ("mau pesan", None, {}, "product"),
        ("mau pesan", Cart(focus=FOCUS.model_copy(update={"size": "L"})), {"KLB-PTH-L": 1}, None),
        ("ganti jadi L", READY, {"KLB-PTH-L": 1}, None),
        ("jadi putih L 2 aja", READY, {"KLB-PTH-L": 2}, None),
        ("tambah putih L", READY, {"KLB-PTH-M": 1, "KLB-PTH-L": 1}, None),
        ("tambah 1 lagi putih M", READY, {"KLB-PTH-M": 2}, None),
        ("kurangi 1 putih M", READY.holding("KLB-PTH-M", 2), {"KLB-PTH-M": 2}, None),
        ("putih M 1", READY, {"KLB-PTH-M": 1}, None),
        ("ya", READY.with_(focus=FOCUS), {"KLB-PTH-M": 1}, None),
        ("mau pesan", READY.with_(focus=Focus(product="KOB-HTM-L")), {"KLB-PTH-M": 1}, "variant"),
        ("lanjut", READY, {"KLB-PTH-M": 1}, None),
    ],
)  # fmt: skip
def test_what_is_clear_goes_into_the_cart_and_the_rest_is_open(
    words: str, cart: Cart | None, held: dict[str, int], opened: str | None
) -> None:
    turn, there = buys(words, cart)
    assert lines(turn.cart) == held
    assert still_open(turn, there) == opened


def test_an_order_that_was_placed_leaves_an_empty_cart() -> None:
    turn, _ = buys("kemeja linen bahari putih L", READY.with_(order="ORD-2026-0001"))
    assert (lines(turn.cart), turn.cart.order) == ({"KLB-PTH-L": 1}, None)


def test_the_number_of_a_choice_is_a_choice() -> None:
    offering = Cart(offered=("KLB-PTH-M", "KOB-HTM-L"))
    there = seen("nomor 2", known=(SHIRT, TEE))
    turn = after(offering, there, Slots(choice=2), "order_request", "give_time", "product")
    assert turn.pick is not None and turn.pick.product == TEE
    assert asked_about(offering, there, Slots(choice=-1)).product == TEE
    assert asked_about(offering, there, Slots(choice=5)).state == "nothing"
    assert asked_about(None, seen("topi bucket ada?"), NONE).product == HAT


def test_a_colour_it_has_not_asks_for_something_else_in_it() -> None:
    about = Cart(focus=FOCUS)
    there = seen("ada baju warna krem?", known=(SHIRT, TEE))
    assert asked_about(about, there, NONE).options == (HAT,)
    assert asked_about(about, seen("yang navy ada?"), NONE).product == SHIRT
    assert asked_about(about, seen("kemejanya ada krem?"), NONE).product == SHIRT


def test_an_address_said_along_with_an_order_is_taken() -> None:
    words = "mau kemeja linen bahari putih M 1 kirim ke Rina, Jl. Anggrek 5, Bandung"
    turn, there = buys(words, shopping=None)
    address = turn.cart.address
    assert address is not None and still_open(turn, there) is None
    assert (address.recipient, address.full_address, address.city) == ("Rina", "Jl. Anggrek 5", "Bandung")
    assert lines(turn.cart) == {"KLB-PTH-M": 1}


def test_an_answer_to_our_question_needs_no_name() -> None:
    asked = Cart(focus=FOCUS.model_copy(update={"colour": "putih", "wanted": True}))
    turn, _ = buys("L", asked, waiting="variant", said="unclear")
    assert lines(turn.cart) == {"KLB-PTH-L": 1}
    lost, there = buys("apa aja", None, waiting="product", said="unclear")
    assert still_open(lost, there) == "product"


def test_what_is_said_of_an_address_buys_nothing() -> None:
    turn, _ = buys("Jl. Mawar No 5, Bandung", READY, waiting="address", said="unclear")
    assert lines(turn.cart) == {"KLB-PTH-M": 1}


def test_a_yes_to_our_offer_takes_what_was_talked_about() -> None:
    offered = Cart(focus=FOCUS.model_copy(update={"size": "L"}))
    turn, _ = buys("ya", offered, waiting="buy", said="affirm")
    assert lines(turn.cart) == {"KLB-PTH-L": 1}


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("kosongkan keranjang", {}),
        ("keluarkan kemejanya", {"KOB-HTM-L": 2}),
        ("kaosnya kurangi 1 pcs", {"KLB-PTH-M": 1, "KOB-HTM-L": 1}),
        ("hapus itu", {"KLB-PTH-M": 1, "KOB-HTM-L": 2}),
    ],
)
def test_what_is_named_goes_out_of_the_cart(words: str, left: dict[str, int]) -> None:
    cart = READY.holding("KOB-HTM-L", 2)
    turn = after(cart, seen(words, known=(SHIRT, TEE)), NONE, "remove_from_cart", "remove_from_cart", None)
    assert lines(turn.cart) == left


def test_the_only_thing_in_a_cart_needs_no_name_to_go() -> None:
    turn = after(READY, seen("hapus aja"), NONE, "remove_from_cart", "remove_from_cart", None)
    assert (turn.cart.lines, still_open(turn, seen())) == ((), "product")


def test_code_courier_and_address_are_taken_from_the_words() -> None:
    def settled(words: str, intent: str, cart: Cart = READY, waiting: str | None = "confirm") -> Cart:
        return after(cart, seen(words), NONE, intent, intent, waiting).cart

    assert settled("pakai voucher pagi25", "use_voucher").voucher == "PAGI25"
    assert settled("PAGI25", "use_voucher").voucher == "PAGI25"
    assert settled("pagi", "use_voucher").voucher is None
    assert settled("tanpa voucher aja", "checkout", READY.with_(voucher="PAGI25")).voucher is None
    assert settled("pakai jne", "courier_choice").courier == "JNE"
    assert settled("ke kantor aja", "give_address").address == OFFICE
    assert settled("kirim ke alamat kantor", "checkout").address == OFFICE
    elsewhere = settled("ganti alamat", "give_address").address
    assert elsewhere is not None
    assert (elsewhere.recipient, elsewhere.full_address) == ("Ayu Larasati", "")
    new = settled("Budi, Jl. Mawar 5, Semarang", "give_address").address
    assert new is not None
    assert (new.recipient, new.city, new.phone) == ("Budi", "Semarang", "+6281200000001")
    more = settled("kota Surabaya", "order_request", READY.with_(address=elsewhere), "address").address
    assert more is not None and more.city == "Surabaya"


def test_a_stranger_is_asked_where_to_and_a_customer_is_not() -> None:
    turn, there = buys("kemeja linen bahari putih M", shopping=None)
    assert (turn.cart.address, still_open(turn, there)) == (None, "address")
    known, there = buys("kemeja linen bahari putih M")
    assert (known.cart.address, still_open(known, there)) == (HOME, None)


def test_where_nobody_delivers_a_person_has_to_find_a_way() -> None:
    turn, there = buys("kemeja linen bahari putih M", quotes=())
    assert still_open(turn, there) == "courier"


def test_what_was_sold_meanwhile_is_out_of_the_cart_and_said() -> None:
    gone = SHIRT.model_copy(
        update={"variants": tuple(v.model_copy(update={"stock": 0}) for v in SHIRT.variants)}
    )
    there = seen("", found=(), known=(gone,))
    turn = after(READY, there, NONE, "order_request", "order_request", None)
    assert (turn.cart.lines, still_open(turn, there)) == ((), "stock")
    assert turn.pick is not None and (turn.pick.size, turn.pick.colour) == ("M", "putih")
    assert turn.cart.focus is not None and turn.cart.focus.wanted
    # What is not on record any more is not priced, and not in the way.
    unread = after(READY, seen("", found=(), known=()), NONE, "order_request", "order_request", None)
    assert bill(unread.cart, seen("", found=(), known=())).items == ()


def test_several_products_are_offered_by_number() -> None:
    other = SHIRT.model_copy(update={"id": "x", "name": "Tunik Linen Sahaja", "variants": HAT.variants})
    turn, _ = buys("mau yang linen", found=(SHIRT, other))
    assert turn.cart.offered == ("KLB-PTH-M", "TBP-KRM-ALL")
    assert talked_about(turn.cart, seen()) is None
    assert talked_about(Cart(focus=FOCUS), seen()) == SHIRT


def test_what_it_comes_to() -> None:
    there = seen(voucher=Priced(code="PAGI25", discount=25_000))
    cart = READY.with_(voucher="PAGI25", courier="JNE")
    comes = bill(cart, there)
    assert (comes.subtotal, comes.discount, comes.total) == (349_000, 25_000, 336_000)
    assert bill(READY, there).quote == QUOTES[0] and bill(READY, there).discount == 0
    assert bill(READY, seen(quotes=())).total == 349_000
    assert weight(cart.holding("KLB-PTH-L", 1), there) == 560


def test_carts_that_would_be_the_same_order() -> None:
    assert same(READY, READY.with_(focus=FOCUS, shown=1)) and not same(READY, None)
    assert not same(READY, READY.with_(courier="JNE"))


def test_without_records_nothing_is_known_of_where_to() -> None:
    assert (
        after(
            None, seen("", shopping=shopping(addresses=())), NONE, "checkout", "checkout", None
        ).cart.address
        is None
    )


def test_a_question_without_a_name_in_it_is_offered_what_was_found() -> None:
    there = seen("sesuatu buat kondangan", found=(SHIRT, TEE, HAT, SHIRT))
    pick = asked_about(None, there, NONE)
    assert (pick.state, pick.options) == ("which", (SHIRT, TEE, HAT))
    assert asked_about(None, seen("ada yang lain?", found=()), NONE).state == "nothing"


def test_an_answer_that_chooses_none_of_several_has_them_offered_again() -> None:
    waits = Cart(offered=("KLB-PTH-M", "KOB-HTM-L"))
    turn, there = buys("L", waits, "product", said="unclear")
    assert turn.pick is not None and turn.pick.options == (SHIRT, TEE)
    assert still_open(turn, there) == "product"


def test_what_is_named_and_not_in_the_cart_takes_nothing_else_out() -> None:
    out = after(READY, seen("hapus kaosnya"), NONE, "remove_from_cart", "remove_from_cart", None)
    assert lines(out.cart) == {"KLB-PTH-M": 1}
