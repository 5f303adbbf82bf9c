import pytest

from casefile.cart import Cart, CartLine, Focus
from casefile.case import Case
from casefile.reading import Slots
from policies.shop_asking import of_a_sum, of_the_order_in_review
from tests.policies.shop_worlds import seen, shop_world
from tests.policies.worlds import case, request

FULL = Cart(lines=(CartLine(sku="KLB-PTH-M", qty=1),))
SHOWN = Cart(focus=Focus(product="KLB-PTH-M"))
CHOICE = Cart(offered=("KLB-PTH-M", "KOB-HTM-L"))


def meant(said: str, words: str, on: Case) -> str:
    return shop_world(said, words, on=on, slots=Slots(), read=seen(words)).matter().intent


@pytest.mark.parametrize(
    ("said", "words", "on", "intent"),
    [
        ("cart_view", "total pesananku berapa ya?", case(), "order_status"),
        ("cart_view", "total pesananku berapa ya?", case(cart=FULL, waiting_for="confirm"), "cart_view"),
        ("cart_view", "total pesananku?", case(cart=FULL.with_(order="ORD-2026-0029")), "order_status"),
        ("cart_view", "keranjangku isinya apa?", case(), "cart_view"),
        ("case_status", "is my order approved yet?", case(), "order_status"),
        ("case_status", "is my order approved yet?", case(intent="refund_request"), "case_status"),
        ("case_status", "is it approved yet?", case(), "case_status"),
        ("unclear", "pesananku gimana kak?", case(), "order_status"),
        ("unclear", "mau pesan tapi bingung", case(), "unclear"),
        ("order_amend", "pesananku mana ya", case(), "order_status"),
        ("order_amend", "pesananku gimana kalau ganti L", case(), "order_amend"),
        ("thanks", "makasih pesanannya", case(), "thanks"),
    ],
)
def test_what_has_been_ordered_is_asked_about_in_other_words_too(
    said: str, words: str, on: Case, intent: str
) -> None:
    assert meant(said, words, on) == intent


@pytest.mark.parametrize(
    ("words", "on", "intent"),
    [
        ("kalo warna putih", case(cart=CHOICE), "product_question"),
        ("which one is in black?", case(cart=SHOWN), "product_question"),
        ("yang navy", case(cart=SHOWN), "order_request"),
        ("hmm gitu ya", case(cart=CHOICE), "unclear"),
        ("kalo warna putih", case(cart=CHOICE.with_(order="ORD-2026-0029")), "unclear"),
        ("kalo warna putih", case(), "unclear"),
    ],
)
def test_a_colour_alone_asks_for_one_of_the_goods_in_hand(words: str, on: Case, intent: str) -> None:
    assert meant("unclear", words, on) == intent


def test_an_order_in_review_is_meant_where_an_order_is_asked_about() -> None:
    asks = request("unclear").model_copy(update={"text": "pesananku gimana?"})
    assert of_the_order_in_review(asks)
    assert not of_the_order_in_review(asks.model_copy(update={"intent": "refund_request"}))
    assert not of_the_order_in_review(asks.model_copy(update={"text": "gimana?"}))


def test_a_sum_is_asked_for() -> None:
    assert of_a_sum("total pesananku berapa") and of_a_sum("how much is my order")
    assert not of_a_sum("pesananku sampai mana")


def test_what_is_not_in_a_cart_yet_is_not_amended() -> None:
    offered = case(cart=SHOWN, intent="stock_question", waiting_for="buy")
    assert meant("order_amend", "make it two", offered) == "order_request"
    assert meant("remove_from_cart", "I'd like two", offered) == "order_request"
    assert meant("stock_question", "mau 2 dong", offered) == "order_request"
    assert meant("stock_question", "2 ada?", offered) == "stock_question"
    full = case(cart=FULL, intent="order_request", waiting_for="confirm")
    assert meant("size_exchange", "ganti ke L dong", full) == "order_request"
    assert meant("order_amend", "ubah pesananku ORD-2026-0025", full) == "order_amend"


def test_what_is_to_be_put_into_ones_order_changes_the_order() -> None:
    assert meant("add_to_cart", "tambah 1 topi di pesananku", case()) == "order_amend"
    assert meant("remove_from_cart", "take the tee out of my order", case()) == "order_amend"
    assert meant("add_to_cart", "tambah 1 topi", case()) == "add_to_cart"
    assert meant("order_request", "please add a hat to my order", case()) == "order_amend"
    assert meant("order_request", "mau order lagi di pesananku", case()) == "order_request"
    full = case(cart=FULL, intent="order_request", waiting_for="confirm")
    assert meant("add_to_cart", "tambah 1 topi di pesananku", full) == "add_to_cart"


def test_a_yes_with_a_wish_in_it_buys_what_was_just_told_about() -> None:
    assert meant("affirm", "oke mau", case(cart=SHOWN, intent="stock_question")) == "order_request"
    assert meant("affirm", "oke", case(cart=SHOWN, intent="stock_question")) == "affirm"
    assert meant("affirm", "oke mau", case(intent="faq.opening_hours")) == "affirm"
