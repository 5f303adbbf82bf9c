"""One shopping trip is one request, however many messages it takes: which case it is, and what belongs to it."""

from casefile.case import Case
from casefile.reading import Reading, Request
from graph.meanings import as_said
from policies.news import OPEN
from policies.shop_asking import (
    names_an_order,
    of_goods_in_hand,
    of_the_order_in_review,
    wants_what_was_shown,
)
from policies.shop_intents import CART, GOODS
from policies.shop_matter import AMENDS, CANCELS, CART_ASKS, TALK, more_of_it
from policies.shop_places import gives_address
from policies.shop_words import asks, folded, order_in

SURELY = 0.7
GOES_ON = frozenset({"awaiting_customer", "answered", "resolved"})


def as_one(requests: tuple[Request, ...]) -> tuple[Request, ...]:
    """Join what a message says of one trip: "two of these, and what is shipping to Bandung?" is about one cart."""
    of_order = [r for r in requests if r.intent == "order_amend" and names_an_order(r.text)]
    # "In my order make the tee an L, and add a hat" is about the order, the hat as well.
    also = frozenset(CART) if of_order else frozenset({*GOODS, *CART})
    parts = of_order + [request for request in requests if request.intent in also]
    if len(parts) < 2:
        return requests
    first = next((part for part in parts if part.intent in CART and not of_order), parts[0])
    whole = first.model_copy(
        update={
            "text": "\n".join(part.text for part in parts),
            "signals": tuple(dict.fromkeys(signal for part in parts for signal in part.signals)),
        }
    )
    kept = [request for request in requests if request not in parts]
    return (whole, *kept)


def about_goods(reading: Reading) -> Reading:
    """Read what is surely about goods as what it most likely is: their price, stock and looks are one answer's."""
    likely = [guess for guess in reading.guesses if guess.intent in GOODS]
    surely = sum(guess.confidence for guess in likely) >= SURELY
    if reading.requests or set(reading.signals) - {"unsure"} or not surely:
        return reading
    return as_said(reading, max(likely, key=lambda guess: guess.confidence).intent)


def trip(request: Request, reading: Reading, newest_first: list[Case]) -> Case | None:
    """Return the case of the trip that a request goes on with; None where it has nothing to do with one."""
    found = next((c for c in newest_first if _goes_on(c)), None)
    if found is None or order_in(folded(request.text)):
        # Who names an order means that one, whatever else is in the cart.
        return None
    if request.intent in {*GOODS, *CART}:
        return found
    waits = found.waiting_for is not None and found.state == "awaiting_customer"
    of_the_cart = request.intent in AMENDS and not names_an_order(request.text)
    if waits and (of_the_cart or request.intent == "address_change" or request.intent in CANCELS):
        return found
    cart = found.cart
    chooses = cart is not None and bool(cart.offered) and reading.slots.choice is not None
    adds = cart is not None and cart.focus is not None and more_of_it(request)
    about = adds or of_goods_in_hand(found, request) or wants_what_was_shown(found, request)
    return found if request.intent in TALK and (chooses or about or answers(reading, found)) else None


def in_review(reading: Reading, cases: tuple[Case, ...]) -> Case | None:
    """Return the case of the order that a person still looks at, where a message asks how an order stands."""
    asks = len(reading.requests) == 1 and of_the_order_in_review(reading.requests[0])
    there = (c for c in cases if c.intent in CART and c.state in OPEN)
    return max(there, key=lambda c: c.updated_at, default=None) if asks else None


def says_more(reading: Reading, case: Case) -> bool:
    """Say whether a message adds to a change of an order that was put before the customer."""
    open_change = case.intent == "order_amend" and case.change is not None and not reading.signals
    told = {*TALK, *CART, *AMENDS, "stock_question", "product_question"} - {"unclear"}
    return open_change and all(r.intent in told and not asks(folded(r.text)) for r in reading.requests)


def answers(reading: Reading, case: Case) -> bool:
    """Say whether a message carries what a trip has asked for."""
    if case.waiting_for not in CART_ASKS or reading.signals:
        return False
    if case.waiting_for == "address":
        return gives_address(reading.normalized, reading.slots.phones)
    return all(request.intent in {*TALK, *GOODS, *CART} for request in reading.requests)


def in_its_language(reading: Reading, cases: tuple[Case, ...]) -> Reading:
    """Return the reading in the language of the case that waits for an address: names of streets speak none."""
    waits = [c for c in cases if c.state == "awaiting_customer" and c.waiting_for in {"address", "details"}]
    if len(waits) != 1 or not gives_address(reading.normalized, reading.slots.phones):
        return reading
    return reading.model_copy(update={"language": waits[0].language})


def _goes_on(case: Case) -> bool:
    return case.cart is not None and case.cart.order is None and case.state in GOES_ON
