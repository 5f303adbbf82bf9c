"""The gate over a shop, by property: total, deterministic, monotone, and nothing carried out that was not proved."""

from hypothesis import given, settings
from hypothesis import strategies as st

from casefile.cart import Cart, CartLine, Focus, OrderChange
from casefile.reading import SIGNALS, Slots
from casefile.shop import Address, OrderStatus, Priced
from casefile.verdict import TIERS, Tier, Verdict
from policies.conditions import START_HIGH
from policies.gate import admit, floor
from policies.identity import is_verified
from policies.intents import INTENTS
from policies.rules import RULES
from policies.shop_intents import CART, ORDER_CHANGES, SHOP
from policies.shop_rules import SHOP_RULES
from tests.policies.builders import contact
from tests.policies.shop_worlds import (
    HOME,
    OFFICE,
    QUOTES,
    READY,
    SHIRT,
    TEE,
    order,
    seen,
    shop_world,
    shopping,
)
from tests.policies.worlds import CONTACTS, IDENTITIES, SAID, UNHURRIED, World, case, identity, rules, worlds

SHOPS = frozenset(rule.id for rule in SHOP_RULES)
# Rows about lessons, children and enrolments.
SCHOOLS = frozenset(r.id for r in RULES) & {
    "R3.reschedule_words", "R3.time", "R3.unverified", "R3.schedule_down", "R3.child", "R3.predicate", "R2.no_session",
    "R2.session_day", "R2.time", "R2.confirm", "R2.reschedule", "R2.enrol", "R1.child", "R1.late", "R0.told",
}  # fmt: skip
WORDS = (
    "", "ya", "kemeja linen bahari putih M 1", "kemeja linen navy XXL", "yang L", "kaos oversize hitam L 2 pcs",
    "batalin ORD-2026-0025", "Jl. Mawar 5, Bandung", "pakai voucher PAGI25", "kirim pakai jne ke kantor", "hapus semua",
    "nomor 2", "tukar ke L",
)  # fmt: skip
STATUSES: tuple[OrderStatus, ...] = (
    "pending",
    "paid",
    "processing",
    "shipped",
    "delivered",
    "cancelled",
    "expired",
)
ADDRESSES: tuple[Address | None, ...] = (None, HOME, OFFICE, HOME.model_copy(update={"city": ""}))
CARTS = st.none() | st.builds(
    Cart,
    lines=st.sampled_from(
        [(), READY.lines, (CartLine(sku="KOB-HTM-L", qty=9),), (CartLine(sku="KLB-PTH-M", qty=4),)]
    ),
    focus=st.sampled_from(
        [None, Focus(product="KLB-PTH-M", size="L"), Focus(product="KOB-HTM-L", wanted=True)]
    ),
    offered=st.sampled_from([(), ("KLB-PTH-M", "KOB-HTM-L")]),
    voucher=st.sampled_from([None, "PAGI25"]),
    address=st.sampled_from(ADDRESSES),
    shown=st.sampled_from([None, 360_500, 1_407_500]),
    order=st.sampled_from([None, None, "ORD-2026-0024"]),
)
PUT: tuple[OrderChange | None, ...] = (
    None,
    OrderChange(action="ORDER_CANCEL", order="ORD-2026-0025"),
    OrderChange(action="ORDER_AMEND", order="ORD-2026-0025", sku="KLB-PTH-M", new_sku="KLB-PTH-L", qty=1),
    OrderChange(action="ORDER_AMEND", order="ORD-2026-0025", items=(CartLine(sku="KLB-PTH-L", qty=2),)),
    OrderChange(action="ADDRESS_UPDATE", order="ORD-2026-0025", address=OFFICE),
)


@st.composite
def shop_worlds(draw: st.DrawFn) -> World:
    """Generate any mixture of words, carts, orders, identities, outages and signals at a shop."""
    words = draw(st.sampled_from(WORDS))
    orders = draw(st.lists(st.sampled_from([order(status=s) for s in STATUSES]), max_size=2))
    read = seen(
        words,
        known=(SHIRT, TEE),
        shopping=draw(st.sampled_from([None, shopping(*orders), shopping(*orders, addresses=())])),
        quotes=draw(st.sampled_from([(), QUOTES])),
        voucher=draw(st.sampled_from([None, Priced(code="PAGI25", discount=25_000)])),
    )
    on = case(
        intent=draw(st.sampled_from(["", *SHOP])),
        waiting_for=draw(
            st.sampled_from([None, "confirm", "product", "variant", "buy", "address", "order", "details"])
        ),
        cart=draw(CARTS),
        change=draw(st.sampled_from(PUT)),
    )
    w = shop_world(
        draw(
            st.sampled_from(
                [*SHOP, "affirm", "unclear", "thanks", "cancel_request", "refund_request", "withdrawal"]
            )
        ),
        words,
        *draw(SAID),
        on=on,
        slots=Slots(
            yes_no=draw(st.sampled_from([None, "yes", "no"])), choice=draw(st.sampled_from([None, 1, -1, 9]))
        ),
        read=read,
        identity=identity(draw(st.sampled_from(IDENTITIES)), locked=draw(st.booleans())),
        contact=draw(st.sampled_from(CONTACTS)),
        down=draw(st.frozensets(st.sampled_from(["schedule", "payments"]), max_size=2)),
    )
    return w if draw(st.booleans()) else w.with_facts(shop=None)


def told(w: World) -> Verdict:
    return admit(w.case, w.facts, w.request, w.rules)


def rank(tier: Tier) -> int:
    return TIERS.index(tier)


@UNHURRIED
@given(shop_worlds())
def test_every_world_of_a_shop_gets_one_verdict_and_always_the_same(w: World) -> None:
    verdict = told(w)
    assert verdict == told(w)
    assert (verdict.decision == "ESCALATE_COACH") == (verdict.approval_kind is not None)
    assert (verdict.lane is not None) == (verdict.decision in {"ESCALATE_COACH", "HAND_OVER"})
    assert SCHOOLS.isdisjoint(hit.id for hit in verdict.rules)


@UNHURRIED
@given(shop_worlds(), st.sampled_from(SIGNALS))
def test_at_a_shop_another_signal_never_lowers_the_tier(w: World, more: str) -> None:
    louder = w.saying(*w.request.signals, more)
    assert rank(told(louder).tier) >= rank(told(w.saying(*w.request.signals)).tier)


@UNHURRIED
@given(shop_worlds(), st.sampled_from(TIERS))
def test_at_a_shop_a_model_only_raises(w: World, model: Tier) -> None:
    assert rank(told(w.thought(model)).tier) == max(rank(told(w).tier), rank(model))


@UNHURRIED
@given(shop_worlds())
def test_what_starts_high_comes_down_by_what_was_read_alone(w: World) -> None:
    matter, verdict = w.matter(), told(w)
    if matter.signals & START_HIGH:
        assert floor(matter) == "R3"
        assert verdict.tier == "R3" or matter.shop is not None


@settings(UNHURRIED, max_examples=300)
@given(shop_worlds())
def test_nothing_is_carried_out_at_a_shop_that_was_not_confirmed_by_who_may(w: World) -> None:
    matter, verdict = w.matter(), told(w)
    if verdict.decision != "EXECUTE" or verdict.intent not in SHOP:
        return
    shop = matter.shop
    assert shop is not None and not w.facts.identity.locked
    if verdict.intent in CART:
        assert shop.confirmed and not shop.review and shop.turn is not None and shop.turn.cart.lines
        assert w.case.cart is not None and w.case.cart.shown == shop.bill.total <= w.rules.limits.order_review
    if verdict.intent in ORDER_CHANGES:
        assert is_verified(w.facts.identity) and shop.changing is not None
        assert shop.changing.proved and shop.changing.change == w.case.change
        assert w.facts.contact is None or not w.facts.contact.vip


@UNHURRIED
@given(worlds())
def test_nothing_of_a_shop_is_reached_where_nothing_is_sold(w: World) -> None:
    if w.request.intent not in SHOP and w.case.intent not in SHOP:
        assert (SHOPS - {"R3.damaged"}).isdisjoint(hit.id for hit in told(w).rules)


def test_the_rows_named_here_are_there() -> None:
    assert len(SCHOOLS) == 15 and set(SHOP) <= set(INTENTS)
    assert rules(sells=True).sells and contact().vip is False
