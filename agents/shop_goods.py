"""B's answers about goods, shipping and vouchers, each worded from what was read in the turn."""

from agents.shop_words import (
    called,
    coloured,
    colours_of,
    days,
    in_stock,
    made_of,
    money,
    price_of,
    product_lines,
    sizes_of,
    stock_lines,
)
from agents.standing import settled
from agents.work import BUTTON_CHARS, Proposal, Work
from casefile.cart import Cart
from casefile.case import Case, WaitingFor
from casefile.effects import Attachment, Button, SendMessage
from casefile.facts import ShopSeen
from casefile.shop import Product
from policies.shop_matter import ShopMatter
from policies.shop_pick import Pick
from prompts.render import Rendered

# Fewer than these are worth saying.
LAST_ONES = 5
ALIKE = 2


def answer(work: Work) -> Proposal:
    """Answer a question about goods, and keep in mind what it was about."""
    shop, seen = read(work)
    match work.verdict.intent:
        case "shipping_cost_question":
            return settled(work, work.say(shipping(work, seen), "answer"))
        case "voucher_question":
            return settled(work, work.say(voucher(work, seen), "answer"))
        case intent:
            pick = shop.pick
            if pick is None:
                raise AssertionError("the gate answers only about goods that were found")
            return _about(work, pick, intent)


def read(work: Work) -> tuple[ShopMatter, ShopSeen]:
    """Return what was weighed and read of the shop."""
    if work.matter.shop is None or work.facts.shop is None:
        raise AssertionError("a shop's request is worded only from what was read of the shop")
    return work.matter.shop, work.facts.shop


def _about(work: Work, pick: Pick, intent: str) -> Proposal:
    """Say what there is; what could be bought at once is offered with a button."""
    photo = _photo(pick.product) if intent == "product_photo" and pick.product else None
    offers = pick.state == "ok" and intent != "product_question" and pick.variant is not None
    # A picture has a caption and no buttons.
    buttons = [Button(label=work.label("button.order"), value="yes")] if offers else _choices(pick)
    message = work.say(about(work, pick, intent), "answer", buttons=() if photo else buttons)
    if photo:
        message = message.model_copy(update={"attachment": photo})
    proposal = settled(work, message)
    asks = pick.state in {"out", "few", "no_variant"}
    waiting: WaitingFor | None = "buy" if offers else "variant" if asks else None
    case = remembered(proposal.case, pick).with_(waiting_for=waiting)
    return Proposal("B", case, proposal.effects)


def _photo(product: Product) -> Attachment | None:
    if not product.image:
        return None
    name = product.image.rpartition("/")[2]
    return Attachment(kind="image", filename=name, document=f"photo:{product.name}:{product.id}")


def remembered(case: Case, pick: Pick) -> Case:
    """Return the case with what was talked about in mind, for "and in black?"."""
    cart = case.cart if case.cart is not None and case.cart.order is None else Cart()
    offered = tuple(p.variants[0].sku for p in pick.options) if pick.state == "which" else ()
    # With several to choose from, it is about them and no longer about what was talked of before.
    focus = None if offered else pick.focus(wanted=False) or cart.focus
    return case.with_(cart=cart.with_(focus=focus, offered=offered))


def about(work: Work, pick: Pick, intent: str) -> Rendered:
    """Word what was asked of a product: what it is, what it costs, whether there is any."""
    product = pick.product
    if product is None:
        return work.render("shop_list", lines=product_lines(work, pick.options))
    if pick.state in {"out", "few", "no_variant"}:
        return not_there(work, pick)
    if intent == "price_question":
        return work.render("shop_price", product=product.name, price=price_of(work, pick.fitting))
    if intent == "stock_question" or pick.size or pick.colour:
        return _stock(work, product, pick)
    return card(work, product)


def card(work: Work, product: Product) -> Rendered:
    """Describe a product."""
    there = in_stock(product)
    return work.render(
        "shop_product",
        product=product.name,
        price=price_of(work, product.variants),
        description=product.described(work.language),
        material=made_of(work, product),
        sizes=sizes_of(there or product.variants) or "-",
        colours=colours_of(work, there or product.variants) or "-",
    )


def _stock(work: Work, product: Product, pick: Pick) -> Rendered:
    variant = pick.variant
    if variant is None:
        there = [v for v in pick.fitting if v.stock > 0]
        return work.render("shop_stock", product=product.name, lines=stock_lines(work, there))
    left = str(variant.stock) if variant.stock <= LAST_ONES else ""
    return work.render(
        "shop_ready",
        product=product.name,
        variant=called(work, variant),
        price=money(work, variant.price),
        left=left,
    )


def not_there(work: Work, pick: Pick) -> Rendered:
    """Say that something is sold out, not made, or not so many are left, and what there is instead."""
    product, seen = pick.product, work.facts.shop
    if product is None:
        raise AssertionError("only a known product is sold out")
    there = in_stock(product)
    near = [v for v in there if v.size == pick.size or v.colour == pick.colour] or there
    others = "; ".join(dict.fromkeys(called(work, v) for v in near[:4]))
    if pick.state == "no_variant":
        return work.render(
            "shop_no_variant", product=product.name, sizes=sizes_of(there), colours=colours_of(work, there)
        )
    if pick.state == "few" and pick.variant is not None:
        left, variant = str(pick.variant.stock), called(work, pick.variant)
        return work.render("shop_few", product=product.name, variant=variant, left=left)
    alike = seen.instead[:ALIKE] if seen else ()
    instead = ", ".join(f"{p.name} ({price_of(work, p.variants)})" for p in alike)
    said = (
        called(work, pick.variant)
        if pick.variant
        else " ".join(part for part in (coloured(work, pick.colour), pick.size) if part)
    )
    return work.render("shop_out", product=product.name, variant=said, others=others, instead=instead)


def shipping(work: Work, seen: ShopSeen) -> Rendered:
    """List what couriers take to a place."""
    lines = [
        work.render(
            "shop_shipping_line",
            courier=quote.courier,
            amount=money(work, quote.cost),
            days=days(work, quote.days),
        ).text
        for quote in seen.quotes
    ]
    return work.render("shop_shipping", city=seen.city, lines="\n".join(lines))


def voucher(work: Work, seen: ShopSeen) -> Rendered:
    """Say what a code is worth now, or why it is worth nothing."""
    worth = seen.voucher
    if worth is None:
        raise AssertionError("the gate answers only about a code that was named")
    if worth.refusal:
        why = work.label(f"voucher.{worth.refusal}")
        return work.render("shop_voucher_no", voucher=worth.code, refusal=why)
    return work.render("shop_voucher_ok", voucher=worth.code, discount=money(work, worth.discount))


def ask(work: Work) -> tuple[Case, SendMessage]:
    """Ask for what a question about goods lacks: which product, which place, which code."""
    templates = {"city": "shop_city", "voucher": "shop_voucher_ask"}
    template = templates.get(work.verdict.missing or "", "shop_what")
    # The trip goes on with whatever is answered.
    case = work.case.with_(waiting_for=None, cart=work.case.cart or Cart())
    return case, work.say(work.render(template), "ask")


def _choices(pick: Pick) -> list[Button]:
    if pick.state != "which":
        return []
    return [Button(label=p.name[:BUTTON_CHARS], value=f"goods:{n}") for n, p in enumerate(pick.options, 1)]
