"""B's words on orders a customer has placed: how they stand, what is to change of one, and what has."""

from datetime import datetime

from agents.shop_buying import unclear, where
from agents.shop_goods import read
from agents.shop_words import (
    address_words,
    called,
    how_to_pay,
    item_lines,
    money,
    order_line,
    sizes_of,
    stands,
)
from agents.work import BUTTON_CHARS, Work
from casefile.cart import OrderChange
from casefile.case import Case
from casefile.effects import Button, SendMessage
from casefile.packets import CResult, CTask
from casefile.shop import Item, Order
from policies.shop_amending import items_of
from policies.shop_asking import of_a_sum
from policies.shop_orders import OVER, Changing
from policies.shop_places import lacking
from policies.shop_words import folded, order_in
from policies.words import date_words
from prompts.render import Rendered

MOST_SHOWN = 3


def status(work: Work) -> Rendered:
    """Say how the order that is meant stands: the one named, else those under way, else the last one."""
    seen = work.facts.shop
    held = work.facts.snapshot.open_orders if work.facts.snapshot else None
    own = seen.shopping.orders if seen and seen.shopping else held or ()
    number = order_in(folded(seen.words)) if seen else ""
    named = [order for order in own if order.number == number]
    if number and not named:
        return work.render("order_not_found")
    going = named or [o for o in own if o.status not in {*OVER, "completed"}] or list(own[:1])
    if not going:
        return work.render("order_none")
    sums = seen is not None and of_a_sum(seen.words)
    lines = "\n".join(_state(work, order, sums) for order in going[:MOST_SHOWN])
    return work.render("order_status", lines=lines)


def _state(work: Work, order: Order, sums: bool) -> str:
    at = {"shipped": order.shipped_at, "delivered": order.delivered_at}.get(order.status)
    return work.render(
        "order_state",
        order=order.number,
        goods=", ".join(f"{item.qty} {item.name}" for item in order.items),
        status_words=stands(work, order),
        since=date_words(at, work.desk.rules.zone, work.language) if isinstance(at, datetime) else "",
        total=money(work, order.total) if order.status == "pending" or sums else "",
        courier=order.courier or "",
        tracking=order.tracking or "",
    ).text


def ask(work: Work) -> tuple[Case, SendMessage]:
    """Ask which order, what of it, or whether it is right so."""
    asked = _changing(work)
    case = work.case.with_(change=asked.change)
    match work.verdict.missing:
        case "order":
            case = case.with_(waiting_for="order" if asked.orders else None)
            return case, _which(work, asked)
        case "change":
            return case.with_(waiting_for="details"), _details(work, asked)
        case _:
            yes, no = work.label("button.yes"), work.label("button.no")
            buttons = [Button(label=yes, value="yes"), Button(label=no, value="no")]
            said = confirmation(work, asked)
            return case.with_(waiting_for="confirm"), work.say(said, "ask", account=True, buttons=buttons)


def confirmation(work: Work, asked: Changing) -> Rendered:
    """Put the exact change before the customer."""
    change, order = asked.change, asked.order
    if change is None or order is None:
        raise AssertionError("the gate confirms only a change that is clear")
    if change.action == "ORDER_CANCEL":
        goods = ", ".join(f"{item.qty} {item.name}" for item in order.items)
        return work.render("order_confirm_cancel", order=order.number, goods=goods)
    if change.address is not None:
        address = address_words(change.address)
        return work.render("order_confirm_address", order=order.number, address=address)
    if not change.new_sku:
        return _amendment(work, order, change)
    old, new = _swap(work, asked, change)
    return work.render("order_confirm_swap", order=order.number, old=old, new=new)


def has_left(work: Work) -> Rendered | None:
    """Say that the order has left the house already, where that is why a person has to look at a change of it."""
    asked = work.matter.shop.changing if work.matter.shop else None
    order = asked.order if asked else None
    if (
        asked is None
        or order is None
        or order.shipped_at is None
        or asked.proof("before_dispatch") != "false"
    ):
        return None
    return work.render(
        "order_left_received",
        order=order.number,
        status_words=stands(work, order),
        courier=order.courier or "",
        tracking=order.tracking or "",
        time_window=work.window(),
    )


def change_task(work: Work, key: str, approval_id: str | None = None) -> CTask:
    """Write the task that carries a change out."""
    asked = _changing(work)
    change, order = asked.change, asked.order
    if change is None or order is None:
        raise AssertionError("only a change that is clear is carried out")
    return CTask.model_validate(
        {
            "case_id": work.case.id,
            "action": change.action,
            "subject": order.number,
            "params": _params(change, order),
            "verification_status": "OK",
            "idempotency_key": key,
            "approval_id": approval_id,
        }
    )


def done(work: Work, result: CResult) -> tuple[Rendered, tuple[str, ...]]:
    """Report a change that C has carried out."""
    change = work.case.change
    number = str(result.refs.get("order", change.order if change else ""))
    if result.action == "ORDER_CANCEL":
        return work.render("order_done_cancel", order=number), ("cancelled",)
    if result.action == "SIZE_EXCHANGE":
        return work.render("order_done_exchange", order=number, time_window=work.window()), ()
    order = Order.model_validate({k: v for k, v in result.new_state.items() if k != "invoice"})
    if result.action == "ADDRESS_UPDATE" and order.address is not None:
        return work.render("order_done_address", order=number, address=address_words(order.address)), ()
    pay = how_to_pay(work) if order.status == "pending" else ""
    lines, total = item_lines(work, order.items), money(work, order.total)
    return work.render("order_done_amend", order=number, lines=lines, total=total, how_to_pay=pay), ()


def _changing(work: Work) -> Changing:
    shop, _ = read(work)
    if shop.changing is None:
        raise AssertionError("a change is worded only where one was weighed")
    return shop.changing


def _which(work: Work, asked: Changing) -> SendMessage:
    if not asked.orders:
        return work.say(work.render("order_none"), "ask")
    lines = "\n".join(order_line(work, order) for order in asked.orders)
    buttons = [Button(label=o.number[:BUTTON_CHARS], value=f"order:{o.number}") for o in asked.orders]
    return work.say(work.render("order_which", lines=lines), "ask", account=True, buttons=buttons)


def _details(work: Work, asked: Changing) -> SendMessage:
    order, item = asked.order, asked.item
    if order is None:
        raise AssertionError("details are asked for only of an order that is known")
    if work.verdict.intent == "address_change":
        address = asked.change.address if asked.change else None
        parts = [work.label(f"address.{part}") for part in lacking(address)]
        missing = f" {work.label('word.and')} ".join(parts)
        return work.say(
            work.render("order_ask_address", order=order.number, missing=missing), "ask", account=True
        )
    if asked.pick is not None:
        return unclear(work, asked.pick)
    if item is None:
        lines = item_lines(work, order.items)
        return work.say(work.render("order_ask_item", order=order.number, lines=lines), "ask", account=True)
    product = work.facts.shop.product(item.sku) if work.facts.shop else None
    there = [v for v in product.variants if v.stock > 0] if product else []
    values = {"order": order.number, "product": item.name, "sizes": sizes_of(there)}
    return work.say(work.render("order_ask_variant", **values), "ask", account=True)


def _amendment(work: Work, order: Order, change: OrderChange) -> Rendered:
    """Put everything that is to be in an order before the customer, and what it comes to while it is unpaid."""
    shop, seen = read(work)
    items = items_of(order, change, seen)
    if items is None:
        raise AssertionError("only a change whose goods were read is put before anybody")
    total = shop.changing.total if shop.changing else None
    return work.render(
        "order_confirm_amend",
        order=order.number,
        lines=item_lines(work, items),
        total="" if total is None else money(work, total),
    )


def _swap(work: Work, asked: Changing, change: OrderChange) -> tuple[str, str]:
    """Name what is to go and what is to come in its place."""
    item = next((i for i in asked.order.items if i.sku == change.sku), None) if asked.order else None
    return _named(work, item, change.sku, 0), _named(work, item, change.new_sku, change.qty)


def _named(work: Work, item: Item | None, sku: str, qty: int) -> str:
    found = work.facts.shop.variant(sku) if work.facts.shop else None
    if found is None or item is None:
        raise AssertionError("a change names only variants that were read")
    return f"{qty or item.qty} {found[0].name} {called(work, found[1])}".strip()


def _params(change: OrderChange, order: Order) -> dict[str, object]:
    if change.address is not None:
        return {**where(change.address)}
    if change.action == "SIZE_EXCHANGE":
        return {"sku": change.sku, "to_sku": change.new_sku, "qty": change.qty}
    if change.action == "ORDER_AMEND":
        return {"items": [{"sku": line.sku, "qty": line.qty} for line in change.items]}
    return {}
