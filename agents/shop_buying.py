"""B's questions on the way from a cart to an order, and the task that makes it one."""

from pydantic import JsonValue

from agents.shop_goods import not_there, read
from agents.shop_words import (
    address_words,
    bill_lines,
    coloured,
    colours_of,
    days,
    money,
    product_lines,
    sizes_of,
)
from agents.work import BUTTON_CHARS, BUTTONS, Work
from casefile.case import Case, WaitingFor
from casefile.effects import Button, SendMessage
from casefile.packets import CTask
from casefile.shop import Address
from policies.shop_bill import Bill
from policies.shop_pick import Pick
from policies.shop_places import lacking
from prompts.render import Rendered

WAITS: dict[str, WaitingFor] = {
    "product": "product",
    "variant": "variant",
    "stock": "variant",
    "address": "address",
    "order_confirm": "confirm",
}


def ask(work: Work) -> tuple[Case, SendMessage]:
    """Ask for what is still open of a cart, one thing at a time, and keep the cart."""
    shop, _ = read(work)
    if shop.turn is None:
        raise AssertionError("the gate asks about a cart only with one")
    missing = work.verdict.missing or ""
    shown = shop.bill.total if missing == "order_confirm" else None
    case = work.case.with_(waiting_for=WAITS[missing], cart=shop.turn.cart.with_(shown=shown))
    match missing:
        case "order_confirm":
            yes, other = work.label("button.order"), work.label("button.other_address")
            buttons = [Button(label=yes, value="yes"), Button(label=other, value="say:address")]
            message = work.say(summary(work, shop.bill), "ask", account=_known(work), buttons=buttons)
        case "address":
            message = work.say(_address(work), "ask", account=_known(work) and bool(shop.bill.items))
        case _:
            pick = shop.turn.pick
            message = (
                work.say(_open(work), "ask") if pick is None or not pick.options else unclear(work, pick)
            )
    return case, message


def unclear(work: Work, pick: Pick) -> SendMessage:
    """Ask which of several products it is, in which size or colour, or what instead of what is gone."""
    if pick.state == "which":
        options = enumerate(pick.options, 1)
        buttons = [Button(label=p.name[:BUTTON_CHARS], value=f"goods:{n}") for n, p in options]
        return work.say(
            work.render("shop_list", lines=product_lines(work, pick.options)), "ask", buttons=buttons
        )
    rendered, buttons = _variant(work, pick)
    return work.say(rendered, "ask", buttons=buttons)


def summary(work: Work, bill: Bill) -> Rendered:
    """Say what is to be ordered: goods, voucher, shipping, total, and where it goes."""
    shop, seen = read(work)
    cart = shop.turn.cart if shop.turn else None
    if cart is None or cart.address is None or bill.quote is None:
        raise AssertionError("the gate confirms only a cart that is complete")
    worth = seen.voucher
    refused = work.label(f"voucher.{worth.refusal}") if worth and worth.refusal else ""
    return work.render(
        "shop_confirm",
        lines=bill_lines(work, bill),
        voucher=worth.code if worth else "",
        discount=money(work, bill.discount) if bill.discount else "",
        refusal=refused,
        courier=bill.quote.courier,
        days=days(work, bill.quote.days),
        shipping=money(work, bill.quote.cost),
        total=money(work, bill.total),
        address=address_words(cart.address),
    )


def order_task(work: Work, key: str, approval_id: str | None = None) -> CTask:
    """Write the task that makes the cart an order; the same cart always gives the same task."""
    shop, _ = read(work)
    cart, quote = (shop.turn.cart if shop.turn else None), shop.bill.quote
    if cart is None or cart.address is None or quote is None:
        raise AssertionError("only a complete cart becomes an order")
    return CTask(
        case_id=work.case.id,
        action="ORDER_CREATE",
        subject=work.facts.identity.contact_id or work.case.contact_id,
        params={
            "items": [{"sku": line.sku, "qty": line.qty} for line in cart.lines],
            **where(cart.address),
            "courier": quote.courier,
            "voucher": cart.voucher if shop.bill.discount else None,
        },
        constraints={"total": shop.bill.total},
        verification_status="OK",
        idempotency_key=key,
        approval_id=approval_id,
    )


def where(address: Address) -> dict[str, JsonValue]:
    """Return where it goes as a task says it: an address on record by its id, so that a lane reads nobody's home."""
    return {"address_id": address.id} if address.id else {"address": address.model_dump(mode="json")}


def _known(work: Work) -> bool:
    """Say whether what is said of an address may be one that is on record."""
    return bool(work.facts.shop and work.facts.shop.shopping and work.facts.shop.shopping.addresses)


def _address(work: Work) -> Rendered:
    """Ask for what the address lacks, all of it in one sentence."""
    shop, seen = read(work)
    draft = shop.turn.cart.address if shop.turn else None
    # The number they write from will do, unless another one is given.
    known = {"phone"} if draft is None and seen.phone else set()
    parts = [work.label(f"address.{part}") for part in lacking(draft) if part not in known]
    missing = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {work.label('word.and')} {parts[-1]}"
    return work.render("shop_address", lines=bill_lines(work, shop.bill), missing=missing)


def _variant(work: Work, pick: Pick) -> tuple[Rendered, list[Button]]:
    product = pick.product
    if product is None or pick.state in {"out", "few", "no_variant"}:
        return not_there(work, pick), []
    there = [v for v in pick.fitting if v.stock > 0] or list(pick.fitting)
    by_size = pick.state == "size"
    names = list(dict.fromkeys(v.size if by_size else coloured(work, v.colour) for v in there))
    buttons = (
        [Button(label=n[:BUTTON_CHARS], value=f"say:{n}") for n in names] if len(names) <= BUTTONS else []
    )
    if by_size:
        return work.render(
            "shop_size", product=product.name, colour=coloured(work, pick.colour), sizes=sizes_of(there)
        ), buttons
    return work.render(
        "shop_colour",
        product=product.name,
        size="" if pick.size == "all-size" else pick.size,
        colours=colours_of(work, there),
    ), buttons


def _open(work: Work) -> Rendered:
    """Ask what they would like; with something in the cart already, show it."""
    shop, _ = read(work)
    if work.verdict.intent in {"cart_view", "remove_from_cart"} and not shop.bill.items:
        return work.render("shop_cart_empty")
    return work.render("shop_which")
