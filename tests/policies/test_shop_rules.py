"""A shop's rows: each with a world in which it fires and one in which it nearly does."""

from dataclasses import replace
from datetime import timedelta

import pytest

from casefile.cart import Cart, Focus, OrderChange
from casefile.reading import Slots
from casefile.shop import Priced
from policies.gate import admit
from policies.rules import RULES, matching
from policies.shop_rules import SHOP_RULES
from tests.policies.builders import NOW, contact
from tests.policies.shop_worlds import (
    HOME,
    OFFICE,
    READY,
    SHIRT,
    TEE,
    agreeing,
    confirming,
    order,
    seen,
    shop_world,
    shopping,
    stranger,
)
from tests.policies.worlds import World, case, identity, snapshot


def about(intent: str, words: str, *orders: object, **more: object) -> World:
    """A request about one's own orders."""
    there = seen(words, known=(SHIRT, TEE), shopping=shopping(*orders))  # type: ignore[arg-type]
    return shop_world(intent, words, read=there, **more)  # type: ignore[arg-type]


def put(change: OrderChange, intent: str, *orders: object) -> World:
    """A yes to a change that was put before the customer."""
    on = case(intent=intent, waiting_for="confirm", change=change)
    return agreeing(about(intent, "ya", *orders, on=on))


CANCEL = OrderChange(action="ORDER_CANCEL", order="ORD-2026-0025")
SENT = order(status="shipped")
BIG = READY.holding("KLB-PTH-M", 2).with_(shown=349_000 * 3 + 11_500)
LATE = order(status="delivered", delivered_at=NOW - timedelta(days=30))
LINEN = "kemeja linen bahari putih M"
CLEAR = shop_world("order_request", LINEN)
UNNAMED = shop_world("stock_question", "itu ada?", read=seen("itu ada?", found=()))
AMENDED = about("order_amend", "jadi L", order())
ROWS = (
    (
        "R3.damaged",
        shop_world("damaged_goods", "sobek", "complaint"),
        shop_world("complaint", "kesal", "complaint"),
    ),
    ("R3.buyer", stranger(confirming()), confirming()),
    ("R3.order_review", confirming(BIG), confirming()),
    ("R3.change_identity", about("order_amend", "jadi L", order(), identity=identity("NEW")), AMENDED),
    ("R3.change_down", about("order_amend", "jadi L", order(), down=frozenset({"schedule"})), AMENDED),
    ("R2.cart_down", shop_world("order_request", LINEN, down=frozenset({"schedule"})), CLEAR),
    (
        "R0.goods_down",
        shop_world("stock_question", LINEN, down=frozenset({"schedule"})),
        shop_world("stock_question", LINEN, down=frozenset({"payments"})),
    ),
    (
        "R3.which_order",
        about("cancel_unpaid_order", "batalin", order(), order(number="ORD-2026-0026")),
        about("cancel_unpaid_order", "batalin", order()),
    ),
    ("R3.order_change", about("order_amend", "jadi L", SENT), AMENDED),
    ("R2.which_order", about("order_amend", "jadi L"), AMENDED),
    ("R2.change_details", about("order_amend", "ubah pesanan", order()), AMENDED),
    ("R2.change_confirm", AMENDED, put(CANCEL, "cancel_unpaid_order", order())),
    (
        "R2.change",
        put(CANCEL, "cancel_unpaid_order", order()),
        about("cancel_unpaid_order", "batalin", order()),
    ),
    ("R2.cart_product", shop_world("order_request", "mau pesan"), CLEAR),
    (
        "R2.cart_variant",
        shop_world("order_request", "kemeja linen bahari"),
        shop_world("order_request", "mau pesan"),
    ),
    (
        "R2.cart_stock",
        shop_world("order_request", "kemeja linen bahari navy XXL"),
        shop_world("order_request", "kemeja linen bahari navy M"),
    ),
    (
        "R2.cart_address",
        shop_world("order_request", LINEN, read=seen(LINEN, shopping=shopping(addresses=()))),
        CLEAR,
    ),
    ("R2.cart_courier", shop_world("order_request", LINEN, read=seen(LINEN, quotes=())), CLEAR),
    ("R2.cart_confirm", CLEAR, confirming()),
    ("R2.order", confirming(), confirming(READY.with_(shown=1))),
    (
        "R0.goods",
        shop_world("stock_question", "kemeja linen bahari M ada?"),
        UNNAMED,
    ),
    (
        "R0.goods_which",
        UNNAMED,
        shop_world("stock_question", "kemeja linen ada?"),
    ),
    (
        "R0.city",
        shop_world("shipping_cost_question", "ongkir?", read=seen("ongkir?", city="", quotes=())),
        shop_world("shipping_cost_question", "ongkir ke bandung?"),
    ),
    (
        "R0.voucher",
        shop_world("voucher_question", "voucher?"),
        shop_world("voucher_question", "PAGI25?", read=seen("PAGI25?", voucher=Priced(code="PAGI25"))),
    ),
)


@pytest.mark.parametrize(("rule", "fires", "misses"), ROWS, ids=[row[0] for row in ROWS])
def test_a_row_fires_and_its_near_miss_does_not(rule: str, fires: World, misses: World) -> None:
    assert matching(fires.matter())[0].id == rule
    assert rule not in {hit.id for hit in matching(misses.matter())}


def test_every_row_of_a_shop_has_an_example_and_stands_in_the_one_table() -> None:
    assert {row[0] for row in ROWS} == {rule.id for rule in SHOP_RULES}
    assert set(SHOP_RULES) <= set(RULES)


def tier_and_decision(w: World) -> tuple[str, str]:
    verdict = admit(w.case, w.facts, w.request, w.rules)
    return verdict.tier, verdict.decision


def test_to_cancel_starts_high_and_comes_down_by_the_records_alone() -> None:
    unpaid = about("cancel_unpaid_order", "batalin", order())
    assert tier_and_decision(unpaid) == ("R2", "ASK")
    paid = about("cancel_unpaid_order", "batalin", order(status="paid"))
    verdict = admit(paid.case, paid.facts, paid.request, paid.rules)
    assert (verdict.tier, verdict.decision, verdict.rules[0].id) == ("R3", "ESCALATE_COACH", "R3.cancel")
    assert tier_and_decision(stranger(unpaid)) == ("R3", "ESCALATE_COACH")
    # A refund asked for in the same breath is still a person's.
    assert (
        tier_and_decision(about("cancel_unpaid_order", "batalin", order()).saying("cancel", "refund"))[0]
        == "R3"
    )


def test_a_cart_of_somebody_with_orders_is_not_let_go_by_words_that_cancel() -> None:
    words = "ga jadi yang putih M, kemeja linen bahari navy M aja"
    nothing = shop_world("order_request", words, "cancel")
    assert tier_and_decision(nothing) == ("R2", "ASK")
    standing = shop_world("order_request", words, "cancel", read=seen(words, shopping=shopping(order())))
    assert tier_and_decision(standing) == ("R3", "ESCALATE_COACH")


def test_who_cancels_with_only_a_cart_lets_the_cart_go() -> None:
    on = case(intent="order_request", waiting_for="confirm", cart=READY)
    assert shop_world("cancel_unpaid_order", "batal aja", "cancel", on=on).matter().intent == "withdrawal"
    ordered = shop_world(
        "cancel_request", "batal aja", "cancel", on=on, read=seen("batal", shopping=shopping(order()))
    )
    assert ordered.matter().intent == "cancel_unpaid_order"


def test_whatever_a_vip_orders_is_looked_at() -> None:
    assert tier_and_decision(confirming(contact=contact(vip=True))) == ("R3", "ESCALATE_COACH")


def test_an_attack_beside_an_order_is_a_persons() -> None:
    assert tier_and_decision(shop_world("order_request", "mau pesan", "injection"))[0] == "R3"


def test_a_size_moved_is_no_lesson_moved() -> None:
    moved = about("order_amend", "jadi L", order()).saying("reschedule")
    assert tier_and_decision(moved) == ("R2", "ASK")


def test_nothing_is_taken_out_of_an_empty_cart() -> None:
    about_shirt = Cart(focus=Focus(product="KLB-PTH-M"))
    on = case(intent="price_question", cart=about_shirt)
    assert shop_world("remove_from_cart", "aku mau yang navy M", on=on).matter().intent == "order_request"
    full = case(intent="order_request", cart=READY)
    assert (
        shop_world("remove_from_cart", "keluarkan yang putih M", on=full).matter().intent
        == "remove_from_cart"
    )


def test_what_is_proved_of_a_change_stands_before_the_people() -> None:
    assert [p.name for p in about("cancel_unpaid_order", "batalin", SENT).matter().proofs] == ["unpaid"]


@pytest.mark.parametrize(
    ("waiting", "said", "words", "slots", "intent"),
    [
        ("confirm", "affirm", "ya", Slots(yes_no="yes"), "order_request"),
        ("variant", "stock_question", "navy L", Slots(), "order_request"),
        ("variant", "stock_question", "navy ada?", Slots(), "stock_question"),
        ("address", "faq.store_location", "Jl. Mawar 5", Slots(), "give_address"),
        ("address", "address_change", "ke kantor", Slots(), "give_address"),
        ("buy", "affirm", "ya", Slots(yes_no="yes"), "order_request"),
        ("buy", "unclear", "yang navy", Slots(), "order_request"),
        ("buy", "thanks", "makasih", Slots(), "thanks"),
        (None, "unclear", "yang navy L", Slots(), "order_request"),
        (None, "unclear", "navy ada ga?", Slots(), "product_question"),
        (None, "give_time", "yang kedua", Slots(choice=2), "order_request"),
        ("confirm", "use_voucher", "PAGI25", Slots(), "use_voucher"),
        ("confirm", "give_address", "Jl. Mawar 5", Slots(), "give_address"),
        ("confirm", "give_address", "ganti alamat ORD-2026-0025 ke Jl. Mawar 5", Slots(), "address_change"),
        (None, "give_address", "ubah alamat pesananku ke Jl. Mawar 5", Slots(), "address_change"),
        (None, "give_address", "Jl. Mawar 5", Slots(), "give_address"),
        ("confirm", "greeting", "halo", Slots(), "greeting"),
    ],
)
def test_what_words_mean_while_a_cart_is_open(
    waiting: str | None, said: str, words: str, slots: Slots, intent: str
) -> None:
    cart = Cart(focus=Focus(product="KLB-PTH-M"), offered=("KLB-PTH-M", "KOB-HTM-L"))
    on = case(intent="order_request", waiting_for=waiting, cart=cart)
    assert shop_world(said, words, on=on, slots=slots).matter().intent == intent


def test_the_number_of_a_product_that_was_asked_about_asks_about_it() -> None:
    on = case(intent="price_question", cart=Cart(offered=("KLB-PTH-M", "KOB-HTM-L")))
    w = shop_world(
        "give_time", "nomor 2", on=on, slots=Slots(choice=2), read=seen("nomor 2", known=(SHIRT, TEE))
    )
    shop = w.matter().shop
    assert shop is not None and shop.pick is not None
    assert (w.matter().intent, shop.pick.product) == ("price_question", TEE)


@pytest.mark.parametrize(("said", "words", "stays"), [
    ("give_address", "Jl. Mawar 5, Bandung", True),
    ("affirm", "ya", True),
    ("stock_question", "yang L", True),
    ("stock_question", "L masih ada?", False),
    ("thanks", "makasih", False),
])  # fmt: skip
def test_an_answer_to_what_is_to_change_is_about_the_change(said: str, words: str, stays: bool) -> None:
    on = case(
        intent="address_change", waiting_for="details", change=OrderChange(action="ADDRESS_UPDATE", order="x")
    )
    assert (about(said, words, order(), on=on).matter().intent == "address_change") is stays


def test_own_orders_are_answered_from_the_orders_that_were_read() -> None:
    w = about("order_status", "pesananku?", order())
    assert tier_and_decision(w) == ("R1", "ANSWER")
    assert tier_and_decision(stranger(w)) == ("R1", "NEED_VERIFICATION")
    assert tier_and_decision(w.with_facts(shop=None)) == ("R1", "LOOK_UP")


def test_own_orders_are_answered_from_a_fresh_snapshot_that_has_them() -> None:
    unread = about("order_status", "pesananku?")
    held = snapshot().model_copy(update={"open_orders": (order(),)})
    there = seen("pesananku?", shopping=None)
    w = unread.with_facts(shop=there, snapshot=held)
    assert tier_and_decision(w) == ("R1", "ANSWER")
    assert tier_and_decision(stranger(w)) == ("R1", "NEED_VERIFICATION")
    old = held.model_copy(update={"as_of": NOW - timedelta(minutes=held.ttl_minutes + 1)})
    assert tier_and_decision(w.with_facts(snapshot=old)) == ("R1", "LOOK_UP")
    named = seen("ORD-2026-0001 sampai mana?", shopping=None)
    assert tier_and_decision(w.with_facts(shop=named)) == ("R1", "LOOK_UP")
    before = held.model_copy(update={"open_orders": None})
    assert tier_and_decision(w.with_facts(snapshot=before)) == ("R1", "LOOK_UP")


def test_other_intents_have_nothing_of_a_shop() -> None:
    assert shop_world("thanks", "makasih").matter().shop is None
    unread = replace(confirming(), facts=confirming().facts.model_copy(update={"shop": None}))
    assert unread.matter().shop is None
    assert shopping().addresses == (HOME, OFFICE)
