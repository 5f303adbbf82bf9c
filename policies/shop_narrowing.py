"""Which of several goods fit what is said of them: the kind talked about, the colour, what they are made of."""

import re
from collections.abc import Callable, Sequence

from casefile.base import Frozen
from casefile.cart import Cart
from casefile.facts import ShopSeen
from casefile.shop import Product
from policies.shop_words import colours_in, names_variant

# They say that a word beside them is a colour or a fabric, and name no goods; "celana bahan" is a kind of trousers.
_NOUNS = re.compile(
    r"(?<!\w)(?<!celana )(?:bahan|material|fabric|kain|warna|colou?r|ukuran|size|model|produk|product|barang|tipe"
    r"|jenis|made)(?:nya)?(?!\w)"
)
_FABRIC = re.compile(
    r"(?<!\w)(?:linen|katun|cotton|denim|rayon|satin|voal|voile|flanel|flannel|rajut|knit|kulit|leather|poliester"
    r"|polyester|viscose|kanvas|canvas|tenun|brukat|lace|jersey|poplin|oxford|twill|bambu|bamboo)(?!\w)"
)
_AS_WRITTEN = {
    "cotton": "katun", "voile": "voal", "flannel": "flanel", "knit": "rajut", "leather": "kulit",
    "polyester": "poliester", "canvas": "kanvas", "lace": "brukat", "bamboo": "bambu",
}  # fmt: skip
_ONE = re.compile(r"(?<!\w)(?:yg|yang|which|one|ones)(?!\w)")


class Hand(Frozen):
    """What is talked about: a kind of goods, and those of which one was to be chosen."""

    kind: str = ""
    offered: tuple[Product, ...] = ()


def without_nouns(words: str) -> str:
    """Return folded words without those that only say of what a word beside them speaks."""
    return " ".join(_NOUNS.sub(" ", words).split())


def in_hand(cart: Cart | None, seen: ShopSeen) -> Hand:
    """Return what is talked about: of what kind the product in focus is, or all that was offered."""
    if cart is None:
        return Hand()
    offered = tuple(product for product in map(seen.product, cart.offered) if product is not None)
    focus = seen.product(cart.focus.product) if cart.focus else None
    kinds = {product.category for product in offered or ((focus,) if focus else ())}
    return Hand(kind=next(iter(kinds)) if len(kinds) == 1 else "", offered=offered)


def tells_apart(words: str) -> bool:
    """Say whether folded words name a size, a colour or a fabric, of whatever it may be."""
    return names_variant(words) or _FABRIC.search(words) is not None


def describes(words: str) -> bool:
    """Say whether folded words only tell one of a kind from another: "the white one", "warnanya apa"."""
    return tells_apart(words) or _NOUNS.search(words) is not None or _ONE.search(words) is not None


def narrowed(
    options: Sequence[Product], there: Sequence[Product], words: str, hand: Hand
) -> tuple[Product, ...]:
    """Return those of the options that fit all that is said; else what there is that does; else as far as they do.

    With no options it is about what was offered; with nothing said of it then, nothing is chosen. The kind in hand
    holds until something of another kind is named.
    """
    held = hand.kind if not options or any(_is_kind(p, hand.kind) for p in options) else ""
    kind = next((k for k in dict.fromkeys(p.category for p in there) if k in words.split()), held)
    tests = _tests(there, words)
    if not options and not tests:
        return ()
    if kind:
        tests.append(lambda p: _is_kind(p, kind))
    for group in (options or hand.offered, there):
        fitting = tuple(p for p in group if all(test(p) for test in tests))
        if fitting:
            return fitting
    left = tuple(options)
    for test in tests:
        left = tuple(p for p in left if test(p)) or left
    return left


def _tests(there: Sequence[Product], words: str) -> list[Callable[[Product], bool]]:
    """Return what must hold of what is meant: its fabric, its colour, what else it is called in the catalogue."""
    fabrics = tuple(_AS_WRITTEN.get(fabric, fabric) for fabric in _FABRIC.findall(words))
    names = {word for p in there for word in (p.category, *p.name.casefold().split())}
    called = {tag for p in there for tag in p.tags} & set(words.split()) - names - set(fabrics)
    tests: list[Callable[[Product], bool]] = []
    if fabrics:
        tests.append(lambda p: all(fabric in f"{p.material} {p.name}".casefold() for fabric in fabrics))
    if any(_has_colour(product, words) for product in there):
        tests.append(lambda p: _has_colour(p, words))
    if called:
        tests.append(lambda p: called <= set(p.tags))
    return tests


def _is_kind(product: Product, kind: str) -> bool:
    return kind in {product.category, *product.tags, *product.name.casefold().split()}


def _has_colour(product: Product, words: str) -> bool:
    return bool(colours_in((variant.colour for variant in product.variants), words))
