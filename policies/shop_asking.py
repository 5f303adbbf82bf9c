"""What words ask of, where the reader alone cannot know: the goods that are talked about, or what has been ordered."""

import re

from casefile.case import Case
from casefile.reading import Request
from policies.shop_narrowing import tells_apart
from policies.shop_words import asks, folded, order_in

_ORDERED = re.compile(
    r"(?<!\w)(?:pesan+an?|pesenan|orderan|order|belanjaan|paket|tagihan|parcel|package)(?:nya|ku|q|mu|an)?(?!\w)"
)
_OWN = re.compile(
    r"(?<!\w)(?:(?:pesanan|orderan|order)(?:ku|q)|(?:pesanan|orderan|order)(?:nya)? (?:aku|saya|gue|ku)|my order)(?!\w)"
)
_ADDS = re.compile(r"(?<!\w)(?:tambah\w*|nambah\w*|add)(?!\w)")
_WANTS = re.compile(r"(?<!\w)(?:mau|ambil|beli|pesan|pesen|order|take|want|buy)(?!\w)")
_PAYS = re.compile(
    r"(?<!\w)(?:total\w*|berapa\w*|brp|bayar\w*|harga\w*|tagihan\w*|how much|cost|pay|amount)(?!\w)"
)
_STANDS = re.compile(
    r"(?<!\w)(?:gimana|gmn|gmna|bagaimana|kabar\w*|status\w*|sampe|sampai|dmn|di ?mana|mana|how is|what about|any news"
    r"|update\w*|progress\w*|where|(?:di)?(?:setujui|acc|proses|konfirmasi|kirim)|approved|processed|confirmed|sent)(?!\w)"
)
_CHANGES = re.compile(
    r"(?<!\w)(?:ganti\w*|diganti|ubah\w*|diubah|tambah\w*|nambah\w*|kurang\w*|hapus\w*|jadi\w*|tukar\w*|tuker\w*"
    r"|revisi|edit|change\w*|add|remove|swap|salah|wrong|batal\w*|cancel\w*)(?!\w)"
)
REVIEWED = frozenset({"order_status", "track_order", "case_status", "unclear"})


def names_an_order(text: str) -> bool:
    """Say whether words name something that has been ordered."""
    words = folded(text)
    return _ORDERED.search(words) is not None or bool(order_in(words))


def of_an_order(case: Case, request: Request) -> bool:
    """Say whether a request that reads as something else asks how one's own order stands, or what it comes to."""
    words = folded(request.text)
    if _ORDERED.search(words) is None:
        return False
    match request.intent:
        case "cart_view":
            open_cart = case.cart is not None and case.cart.order is None and bool(case.cart.lines)
            return not open_cart
        case "case_status":
            # With something of theirs in people's hands it is that which is asked about.
            return not case.intent
        case "unclear" | "order_amend":
            return _STANDS.search(words) is not None and _CHANGES.search(words) is None
        case _:
            return False


def of_what_is_ordered(case: Case, request: Request) -> bool:
    """Say whether what would be put into a cart, or taken out of it, is to be so in what has been ordered."""
    cart = case.cart
    empty = cart is None or cart.order is not None or not cart.lines
    words = folded(request.text)
    own = _OWN.search(words) is not None or bool(order_in(words))
    adds = request.intent == "order_request" and _ADDS.search(words) is not None
    return empty and own and (adds or request.intent in {"add_to_cart", "remove_from_cart"})


def of_the_order_in_review(request: Request) -> bool:
    """Say whether a request asks how an order stands, so that one that a person still looks at is meant."""
    return request.intent in REVIEWED and _ORDERED.search(folded(request.text)) is not None


def of_a_sum(text: str) -> bool:
    """Say whether a question about an order is about what is to be paid for it."""
    return _PAYS.search(folded(text)) is not None


def of_goods_in_hand(case: Case, request: Request) -> bool:
    """Say whether words ask for one of the goods that are talked about by nothing but its colour, size or fabric."""
    cart = case.cart
    if cart is None or cart.order is not None or not (cart.focus or cart.offered):
        return False
    words = folded(request.text)
    return tells_apart(words) and (cart.focus is None or asks(words))


def wants_what_was_shown(case: Case, request: Request) -> bool:
    """Say whether a yes is one to buying what was just told about, though nothing was offered in so many words."""
    cart = case.cart
    told = cart is not None and cart.order is None and cart.focus is not None and case.waiting_for is None
    return told and request.intent == "affirm" and _WANTS.search(folded(request.text)) is not None
