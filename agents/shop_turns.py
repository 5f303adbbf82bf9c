"""A shop's part of the turns that every desk has: what is asked, handed to C, released and reported."""

from agents import shop_buying, shop_changes, shop_goods
from agents.shop_words import bill_lines, how_to_pay, money
from agents.work import Proposal, Work
from casefile.case import Case
from casefile.effects import SendMessage
from casefile.packets import CResult, CTask
from casefile.shop import Order
from policies.shop_intents import CART, GOODS, ORDER_CHANGES
from prompts.render import Rendered


def asked(work: Work) -> tuple[Case, SendMessage] | None:
    """Ask what a shop's request lacks; None for any other request, and for what is asked at every desk."""
    intent, missing = work.verdict.intent, work.verdict.missing
    if work.matter.shop is None or missing in {"identity", "meaning", "withdrawal"}:
        return None
    if intent in GOODS:
        return shop_goods.ask(work)
    if intent in ORDER_CHANGES:
        return shop_changes.ask(work)
    return shop_buying.ask(work) if work.matter.shop.turn is not None else None


def execute(work: Work, key: str) -> Proposal:
    """Hand C the order, or the change to one, that was confirmed."""
    shop, _ = shop_goods.read(work)
    if work.verdict.intent in CART and shop.turn is not None:
        case = work.case.with_(waiting_for=None, cart=shop.turn.cart.with_(shown=shop.bill.total))
        return Proposal("B", case, task=shop_buying.order_task(work, key))
    return Proposal("B", work.case.with_(waiting_for=None), task=shop_changes.change_task(work, key))


def carried_out(case: Case, result: CResult) -> Case:
    """Return a case whose operation is done: a cart that is an order now, a change that is made."""
    order = result.refs.get("order")
    if result.action == "ORDER_CREATE" and case.cart is not None and order:
        return case.with_(cart=case.cart.with_(order=str(order)))
    return case.with_(change=None)


def let_go(case: Case) -> Case:
    """Return a case whose open cart, or change, the customer has taken back."""
    open_cart = case.cart is not None and case.cart.order is None
    return case.with_(cart=None if open_cart else case.cart, change=None)


def reported(work: Work, result: CResult) -> tuple[Rendered, tuple[str, ...]]:
    """Word what C has done with an order."""
    if result.action != "ORDER_CREATE":
        return shop_changes.done(work, result)
    order = Order.model_validate({k: v for k, v in result.new_state.items() if k != "invoice"})
    rendered = work.render(
        "shop_ordered",
        order=order.number,
        invoice=order.invoice_number or "",
        total=money(work, order.total),
        how_to_pay=how_to_pay(work),
    )
    return rendered, ()


def released(work: Work, approval_id: str) -> tuple[CTask, str] | None:
    """Return what a person's yes lets go of a shop's request, and its words; None where it lets nothing go."""
    shop = work.matter.shop
    if shop is None:
        return None
    key = work.key("approved")
    if work.verdict.approval_kind == "ORDER_REVIEW":
        text = work.render(
            "order_review_approved",
            lines=bill_lines(work, shop.bill),
            total=money(work, shop.bill.total),
            how_to_pay=how_to_pay(work),
        ).text
        return shop_buying.order_task(work, key, approval_id), text
    changing = shop.changing
    if changing is None or changing.order is None or changing.open == "details":
        return None
    change = changing.change
    # Where it has left the house nothing can be carried out for them: a person talks to them.
    if change is None or change.action not in {"ORDER_CANCEL", "SIZE_EXCHANGE"} or not _possible(work):
        return None
    text = work.render("order_change_approved", order=changing.order.number).text
    return shop_changes.change_task(work, key, approval_id), text


def _possible(work: Work) -> bool:
    shop, _ = shop_goods.read(work)
    needed = {"in_stock", "delivered"}
    proofs = shop.changing.proofs if shop.changing else ()
    return all(proof.value == "true" for proof in proofs if proof.name in needed)
