"""What a shop's request comes to: the question, the cart or the change as the facts of the turn make it."""

from casefile.base import Frozen
from casefile.case import Case
from casefile.facts import Facts
from casefile.reading import Reading, Request, Slots
from casefile.records import Snapshot
from policies import shop_cart, shop_orders
from policies.desk import Rules
from policies.freshness import fresh
from policies.identity import is_verified
from policies.orders import needs_review
from policies.shop_asking import (
    names_an_order,
    of_an_order,
    of_goods_in_hand,
    of_what_is_ordered,
    wants_what_was_shown,
)
from policies.shop_bill import Bill, bill
from policies.shop_cart import Turn
from policies.shop_intents import CART, GOODS, ORDER_CHANGES
from policies.shop_orders import Changing
from policies.shop_pick import Pick
from policies.shop_places import gives_address
from policies.shop_words import asks, changes_address, folded, names_variant, number_in, order_in

# What we ask of a cart, so that nearly anything said next is the answer.
CART_ASKS = frozenset({"product", "variant", "buy", "address"})
CHANGE_ASKS = frozenset({"order", "details", "confirm"})
TALK = frozenset(
    {"unclear", "affirm", "deny", "give_time", "choose_child", "give_identity", "acknowledge_wait"}
)
# Said of a cart while nothing has been ordered of it.
AMENDS = frozenset({"order_amend", "size_exchange"})
CANCELS = frozenset({"cancel_unpaid_order", "cancel_request"})


class ShopMatter(Frozen):
    """What the gate's shop rows look at.

    `pick` is what a question is about; `turn` is the cart with this message in it, `bill` what it comes to, `open`
    what has to be settled first; `confirmed`: they have said yes to exactly that; `review`: a person looks at it
    before the bill goes out; `nothing_ordered`: no order of theirs stands. `city` is a place
    somebody delivers to; `voucher`: a code was named. `changing` is the change to an order that was asked for.
    """

    pick: Pick | None = None
    turn: Turn | None = None
    bill: Bill = Bill()
    open: shop_cart.Open | None = None
    confirmed: bool = False
    review: bool = False
    nothing_ordered: bool = False
    city: str = ""
    voucher: bool = False
    changing: Changing | None = None


def weigh_shop(case: Case, facts: Facts, intent: str, said: str, rules: Rules) -> ShopMatter | None:
    """Weigh a shop's request; None where nothing was read of the shop. `said` is what the words alone read as."""
    seen = facts.shop
    if seen is None:
        return None
    slots = facts.reading.slots if facts.reading else Slots()
    if intent in GOODS:
        pick = shop_cart.asked_about(case.cart, seen, slots)
        city = seen.city if seen.quotes else ""
        return ShopMatter(pick=pick, city=city, voucher=seen.voucher is not None)
    if intent in ORDER_CHANGES:
        last, limits = case.change, rules.limits
        made = shop_orders.changing(intent, last, seen, slots, facts.now, limits, case.waiting_for)
        return ShopMatter(changing=made)
    if intent not in CART:
        return None
    turn = shop_cart.after(case.cart, seen, slots, intent, said, case.waiting_for)
    comes_to = bill(turn.cart, seen)
    opened = shop_cart.still_open(turn, seen)
    agreed = case.waiting_for == "confirm" and slots.yes_no == "yes" and shop_cart.same(turn.cart, case.cart)
    confirmed = opened is None and agreed and turn.cart.shown == comes_to.total
    vip = bool(facts.contact and facts.contact.vip)
    return ShopMatter(
        turn=turn,
        bill=comes_to,
        open=opened if opened is not None or confirmed else "confirm",
        confirmed=confirmed,
        review=needs_review(comes_to.total, rules.limits, vip=vip),
        nothing_ordered=_nothing_ordered(facts),
    )


def shop_intent(case: Case, request: Request, reading: Reading | None) -> str | None:
    """Return what a message asks for in its case at a shop; None where that says nothing beside its words."""
    cart = case.cart
    slots = reading.slots if reading else Slots()
    if request.intent in CANCELS:
        return "cancel_unpaid_order"
    if of_an_order(case, request):
        return "order_status"
    if of_what_is_ordered(case, request):
        return "order_amend"
    if case.intent in ORDER_CHANGES and case.waiting_for in CHANGE_ASKS:
        again = request.intent in {*TALK, "give_address", *ORDER_CHANGES} or not asks(folded(request.text))
        return case.intent if again and request.intent in {*TALK, *CART, *GOODS, *ORDER_CHANGES} else None
    buying = cart is not None and cart.order is None and case.waiting_for is not None
    if request.intent == "give_address" and (order_in(folded(request.text)) or not buying):
        # "Ganti alamat pesanan ... ke Jl. Mawar 5" gives an address, but of what has been ordered.
        return "address_change" if changes_address(folded(request.text)) else None
    if cart is not None and cart.offered and slots.choice is not None and request.intent in TALK:
        return case.intent if case.intent in GOODS else "order_request"
    return _of_the_goods(case, request) or (_of_an_open_cart(case, request, slots) if buying else None)


def _of_the_goods(case: Case, request: Request) -> str | None:
    """Return what words ask that only say more of the goods that are talked about."""
    cart = case.cart
    if case.waiting_for is None and request.intent in TALK and of_goods_in_hand(case, request):
        return "product_question"
    if wants_what_was_shown(case, request):
        return "order_request"
    goes_on = cart is not None and cart.focus is not None and request.intent in TALK
    if goes_on and case.waiting_for is None and more_of_it(request):
        return "order_request"
    nothing_in_it = cart is not None and cart.order is None and not cart.lines
    if request.intent in {"remove_from_cart", *AMENDS} and nothing_in_it and says_how_many(request):
        # There is nothing to take out or to change: "mau yang navy", "make it two" want one.
        return "order_request"
    return None


def _of_an_open_cart(case: Case, request: Request, slots: Slots) -> str | None:
    """Return what a message asks for while we wait to hear more of a cart."""
    if request.intent in CART:
        return request.intent
    if request.intent == "address_change":
        # Nothing has been ordered that it could be of.
        return "give_address"
    if request.intent in AMENDS and not names_an_order(request.text):
        return "order_request"
    if case.waiting_for == "address" and gives_address(request.text, slots.phones):
        return "give_address"
    answers = request.intent in TALK or (request.intent in GOODS and not asks(folded(request.text)))
    if case.waiting_for == "buy":
        more = slots.yes_no == "yes" or says_how_many(request)
        return "order_request" if answers and more else None
    return "order_request" if case.waiting_for in {*CART_ASKS, "confirm"} and answers else None


def says_how_many(request: Request) -> bool:
    """Say whether words only add a size, a colour or a number to what is talked about, and ask nothing."""
    return more_of_it(request) or (
        not asks(folded(request.text)) and number_in(folded(request.text)) is not None
    )


def more_of_it(request: Request) -> bool:
    """Say whether words only add a size or a colour to what is talked about, and ask nothing."""
    words = folded(request.text)
    return names_variant(words) and not asks(words)


def lets_go(case: Case, facts: Facts, intent: str) -> bool:
    """Say whether who cancels only lets the cart go: nothing of theirs has been ordered that could be meant."""
    open_cart = case.cart is not None and case.cart.order is None and case.waiting_for is not None
    return intent in CANCELS and open_cart and _nothing_ordered(facts)


def _nothing_ordered(facts: Facts) -> bool:
    """Say whether the records show no order of this customer's that still stands."""
    shopping = facts.shop.shopping if facts.shop else None
    return shopping is not None and all(order.status in shop_orders.OVER for order in shopping.orders)


def orders_held(snapshot: Snapshot | None, words: str) -> bool:
    """Say whether a snapshot has the orders that are asked about: the one named, or whichever is under way."""
    held = snapshot.open_orders if snapshot else None
    number = order_in(folded(words))
    return held is not None and (not number or any(order.number == number for order in held))


def own_orders_read(facts: Facts) -> bool:
    """Say whether this customer's own orders have been read in this turn."""
    return facts.shop is not None and facts.shop.shopping is not None and is_verified(facts.identity)


def own_orders_known(facts: Facts) -> bool:
    """Say whether the orders that are asked about have been read in this turn, or stand in a snapshot still fresh."""
    if facts.shop is None or not is_verified(facts.identity):
        return False
    held = orders_held(facts.snapshot, facts.shop.words)
    return own_orders_read(facts) or (held and fresh(facts.snapshot, facts.identity.contact_id, facts.now))
