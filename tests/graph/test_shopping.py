"""Which case a shopper's words belong to, and in which language they are answered."""

import pytest

from casefile.cart import Cart, CartLine, Focus, OrderChange
from casefile.case import Case
from casefile.reading import IntentGuess, Reading, Request, Slots
from graph.assign import assign
from graph.shopping import about_goods, as_one, in_its_language
from tests.policies.builders import NOW
from tests.policies.worlds import case, reading, request, rules

OPEN = Cart(lines=(CartLine(sku="KLB-PTH-M", qty=1),), focus=Focus(product="KLB-PTH-M"))


def trip(**changes: object) -> Case:
    base = {"intent": "order_request", "state": "awaiting_customer", "waiting_for": "confirm", "cart": OPEN}
    return case(**{**base, **changes})


def said(intent: str, words: str, *signals: str, slots: Slots | None = None) -> Reading:
    asked = request(intent, *signals).model_copy(update={"text": words})
    return reading(asked, slots=slots).model_copy(update={"normalized": words})


def goes_to(heard: Reading, *cases: Case) -> str | None:
    (assigned,) = assign(heard, cases, rules(sells=True), NOW)
    return assigned.case_id


@pytest.mark.parametrize(
    ("intent", "words", "slots"),
    [
        ("stock_question", "yang navy ada?", None),
        ("shipping_cost_question", "ongkir ke bandung?", None),
        ("use_voucher", "PAGI25", None),
        ("address_change", "ganti alamat", None),
        ("cancel_unpaid_order", "batal aja", None),
        ("affirm", "ya", Slots(yes_no="yes")),
    ],
)
def test_one_trip_is_one_case(intent: str, words: str, slots: Slots | None) -> None:
    assert goes_to(said(intent, words, slots=slots), trip()) == "SCH-2026-0001"


@pytest.mark.parametrize(
    ("intent", "words", "of"),
    [
        ("order_status", "pesananku mana?", trip()),
        ("cancel_unpaid_order", "batalin ORD-2026-0025", trip()),
        ("order_request", "mau pesan lagi", trip(cart=OPEN.with_(order="ORD-2026-0029"), state="closed")),
        ("stock_question", "ada kaos?", case(intent="refund_request", state="with_person")),
    ],
)
def test_what_is_about_something_else_is_a_case_of_its_own(intent: str, words: str, of: Case) -> None:
    assert goes_to(said(intent, words), of) is None


def test_words_that_add_a_size_or_pick_a_number_go_on_with_what_was_talked_about() -> None:
    calm = trip(state="answered", waiting_for=None, intent="stock_question")
    assert goes_to(said("unclear", "ya udah yang L aja"), calm) == calm.id
    offered = calm.with_(cart=Cart(offered=("KLB-PTH-M", "KOB-HTM-L")))
    assert goes_to(said("give_time", "nomor 2", slots=Slots(choice=2)), offered) == calm.id


def test_an_address_is_heard_by_whoever_asked_for_it() -> None:
    waits = trip(waiting_for="address")
    assert goes_to(said("faq.store_location", "Jl. Mawar 5, Bandung"), waits) == waits.id
    changes = case(intent="address_change", state="awaiting_customer", waiting_for="details", change=None)
    english = said("give_address", "Jl. Mawar No 5, Bandung").model_copy(update={"language": "en"})
    assert in_its_language(english, (changes,)).language == "id"
    assert in_its_language(english, ()).language == "en"
    asks = said("stock_question", "which one?").model_copy(update={"language": "en"})
    assert in_its_language(asks, (waits,)).language == "en"


def test_what_a_burst_says_of_one_cart_is_one_request() -> None:
    burst = (
        Request(intent="shipping_cost_question", confidence=1, text="ongkir?"),
        Request(intent="order_request", confidence=1, text="mau kaos"),
        Request(intent="faq.store_hours", confidence=1, text="buka jam berapa?"),
    )
    joined = as_one(burst)
    assert [(r.intent, r.text) for r in joined] == [
        ("order_request", "ongkir?\nmau kaos"),
        ("faq.store_hours", "buka jam berapa?"),
    ]
    assert as_one(burst[1:]) == burst[1:]
    questions = (burst[0], burst[0].model_copy(update={"intent": "stock_question", "signals": ("cancel",)}))
    assert [(r.intent, r.signals) for r in as_one(questions)] == [("shipping_cost_question", ("cancel",))]


def test_who_asks_after_an_order_that_is_looked_at_asks_after_that_one() -> None:
    waits = case(intent="order_request", state="awaiting_approval", cart=OPEN)
    other = case(intent="damaged_goods", state="with_person")
    assert goes_to(said("order_status", "pesananku udah disetujui belum?"), waits) == "SCH-2026-0001"
    assert goes_to(said("order_status", "pesananku udah sampai mana?"), other) is None


def test_goods_in_hand_are_asked_for_by_a_colour_alone_in_their_own_case() -> None:
    chosen = Cart(offered=("KLB-PTH-M", "KOB-HTM-L"))
    calm = trip(state="answered", waiting_for=None, intent="product_question", cart=chosen)
    assert goes_to(said("unclear", "kalo warna putih"), calm) == "SCH-2026-0001"
    assert goes_to(said("unclear", "hmm gitu ya"), calm) is None


def test_what_is_changed_before_anything_is_ordered_is_the_cart() -> None:
    assert goes_to(said("order_amend", "make it three"), trip()) == "SCH-2026-0001"
    assert goes_to(said("order_amend", "ubah pesananku"), trip()) is None


@pytest.mark.parametrize(
    ("guesses", "signals", "meant"),
    [
        ({"stock_question": 0.48, "product_question": 0.46}, (), ["stock_question"]),
        ({"stock_question": 0.48, "order_request": 0.46}, (), []),
        ({"stock_question": 0.48, "product_question": 0.46}, ("refund",), []),
    ],
)
def test_what_is_surely_about_goods_is_not_asked_back(
    guesses: dict[str, float], signals: tuple[str, ...], meant: list[str]
) -> None:
    likely = tuple(IntentGuess(intent=name, confidence=sure) for name, sure in guesses.items())
    torn = reading().model_copy(
        update={"requests": (), "abstained": True, "guesses": likely, "signals": signals}
    )
    assert [request.intent for request in about_goods(torn).requests] == meant
    clear = said("affirm", "ya")
    assert about_goods(clear) is clear


def test_an_order_changed_in_several_ways_is_one_request() -> None:
    amend = request("order_amend").model_copy(update={"text": "di pesananku kaosnya ganti L"})
    add = request("add_to_cart").model_copy(update={"text": "tambah 1 topi"})
    asked = request("stock_question").model_copy(update={"text": "jaket ada?"})
    (one, other) = as_one((amend, add, asked))
    assert (one.intent, one.text, other) == ("order_amend", f"{amend.text}\n{add.text}", asked)


def test_what_is_added_to_a_change_is_said_in_its_case() -> None:
    put = OrderChange(action="ORDER_AMEND", order="ORD-2026-0025", items=OPEN.lines)
    waits = case(intent="order_amend", state="awaiting_customer", waiting_for="confirm", change=put)
    assert goes_to(said("add_to_cart", "topinya juga 1 ya"), waits) == "SCH-2026-0001"
    assert goes_to(said("stock_question", "jaket ada?"), waits) is None
