"""Which product and which variant of it are meant by what somebody writes, held against what was read."""

import re
from collections.abc import Sequence
from typing import Literal

from casefile.base import Frozen
from casefile.cart import Focus
from casefile.shop import Product, Variant
from policies.shop_narrowing import Hand, narrowed, without_nouns
from policies.shop_words import colours_in, number_in, size_in, without

State = Literal["nothing", "which", "size", "colour", "no_variant", "out", "few", "ok"]
_WORD = re.compile(r"[^\W_]{2,}")
_AND = re.compile(r"\s*(?:[,;+\n]| dan | sama | serta | plus | and | & |(?<=\d) terus )\s*")
MOST_OPTIONS = 3
NOTHING = Hand()


class Pick(Frozen):
    """What is meant, as far as it is clear.

    `options` are the products it may be; `fitting` the variants of the one product that have the size and colour
    said, whether in stock or not; `variant` the only one left; `qty` how many, where that was said.
    """

    state: State
    options: tuple[Product, ...] = ()
    product: Product | None = None
    fitting: tuple[Variant, ...] = ()
    variant: Variant | None = None
    size: str = ""
    colour: str = ""
    qty: int | None = None

    def focus(self, wanted: bool) -> Focus | None:
        """Return what to keep in mind of it."""
        if self.product is None:
            return None
        sku = self.product.variants[0].sku
        return Focus(product=sku, size=self.size, colour=self.colour, qty=self.qty or 1, wanted=wanted)


def named(products: Sequence[Product], words: str) -> tuple[Product, ...]:
    """Return the products whose names the words hold most of; a word that few of them share counts for more."""
    spoken = {re.sub(r"nya$", "", word) for word in _WORD.findall(without_nouns(words))}
    parts = {p.id: set(_WORD.findall(p.name.casefold())) for p in products}
    held = {p.id: parts[p.id] & spoken for p in products}
    shared = {word: sum(word in each for each in parts.values()) for found in held.values() for word in found}
    score = {name: sum(1 / shared[word] for word in found) for name, found in held.items()}
    best = max(score.values(), default=0.0)
    if not best:
        return ()
    return tuple(dict.fromkeys(p for p in products if score[p.id] >= best - 1e-9))


def picked(
    products: Sequence[Product], focus: Product | None, last: Focus | None, words: str, hand: Hand = NOTHING
) -> Pick:
    """Return what one phrase means; with no name in it, the product in focus and what was said of it before.

    `hand` is what is talked about: "the linen one" after a question about shirts is a shirt.
    """
    options = named(products, words)
    if focus is not None and (not options or focus in options):
        options = (focus,)
    if len(options) != 1:
        options = narrowed(options, products, words, hand)
    if not options:
        return Pick(state="nothing")
    if len(options) > 1:
        return Pick(state="which", options=options[:MOST_OPTIONS], qty=number_in(words))
    product = options[0]
    of_it = last is not None and any(v.sku == last.product for v in product.variants)
    return of_product(product, last if of_it else None, words)


def of_product(product: Product, last: Focus | None, words: str) -> Pick:
    """Return which variant of a product is meant; what is said now counts before what was said last."""
    sizes = tuple(dict.fromkeys(v.size for v in product.variants))
    colours = tuple(dict.fromkeys(v.colour for v in product.variants))
    rest = without((product.name,), words)
    size = size_in(sizes, rest) or (sizes[0] if len(sizes) == 1 else "") or (last.size if last else "")
    said = colours_in(colours, rest) or ((last.colour,) if last and last.colour else ())
    wanted = said or colours
    fitting = tuple(v for v in product.variants if v.colour in wanted and size in {"", v.size})
    colour = said[0] if len(said) == 1 else colours[0] if len(colours) == 1 else ""
    qty = number_in(rest, sizes) or (last.qty if last and last.qty > 1 else None)
    pick = Pick(
        state="ok", options=(product,), product=product, fitting=fitting, size=size, colour=colour, qty=qty
    )
    return pick.model_copy(update={"state": _state(pick), "variant": _only(fitting)})


def picks(
    products: Sequence[Product], focus: Product | None, last: Focus | None, words: str, hand: Hand = NOTHING
) -> tuple[Pick, ...]:
    """Return everything a message means: several things where its phrases name several, else the one."""
    phrases = [phrase for phrase in _AND.split(words) if phrase.strip()]
    found = [(phrase, picked(products, focus, last, phrase, hand)) for phrase in phrases]
    clear = [pick for phrase, pick in found if _says_one(products, pick, phrase)]
    unclear = any(pick.state == "which" and named(products, phrase) for phrase, pick in found)
    if not clear or ((len(clear) + unclear < 2 or _one(clear)) and not unclear):
        return (picked(products, focus, last, words, hand),)
    several: list[Pick] = []
    here, kept = focus, last
    for phrase in phrases:
        pick = picked(products, here, kept, phrase, hand)
        if pick.product is not None and _says_one(products, pick, phrase):
            several.append(pick)
            # "Navy L 2 dan putih M 1": the next phrase is about the same product, of which nothing is said yet.
            here, kept = pick.product, None
        elif pick.state == "which":
            several.append(pick)
    return tuple(several)


def _one(picks: Sequence[Pick]) -> bool:
    """Say whether phrases tell of one thing: "light blue, size M" are its colour and its size."""
    said = [{getattr(pick, name) for pick in picks} - {""} for name in ("size", "colour")]
    products = {pick.product.id for pick in picks if pick.product}
    return len(products) == 1 and all(len(each) <= 1 for each in said)


def _says_one(products: Sequence[Product], pick: Pick, phrase: str) -> bool:
    """Say whether a phrase names a product, or a variant of the one that is talked about."""
    product = pick.product
    sizes, colours = _offered(product) if product else ((), ())
    rest = without((product.name,), phrase) if product else ""
    return bool(product and named(products, phrase)) or bool(
        size_in(sizes, rest) or colours_in(colours, rest)
    )


def _offered(product: Product) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(v.size for v in product.variants), tuple(v.colour for v in product.variants)


def _state(pick: Pick) -> State:
    if not pick.fitting:
        return "no_variant"
    only = _only(pick.fitting)
    if only is not None:
        return _stocked(only, pick.qty or 1)
    if all(v.stock == 0 for v in pick.fitting):
        return "out"
    return "size" if len({v.size for v in pick.fitting}) > 1 else "colour"


def _stocked(variant: Variant, qty: int) -> State:
    if variant.stock == 0:
        return "out"
    return "few" if variant.stock < qty else "ok"


def _only(fitting: Sequence[Variant]) -> Variant | None:
    return fitting[0] if len(fitting) == 1 else None
