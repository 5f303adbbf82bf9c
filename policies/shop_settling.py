"""What words settle of a cart beside its goods: the voucher, the courier, and where it goes."""

import re

from casefile.cart import Cart
from casefile.facts import ShopSeen
from casefile.reading import Slots
from policies.shop_places import address_in, gives_address, lacking, stored_in
from policies.shop_words import code_in, courier_in, folded

ELSEWHERE = {"id": "", "label": "", "full_address": "", "city": "", "province": "", "postal_code": ""}
_NO_CODE = re.compile(
    r"(?<!\w)(?:tanpa|tidak usah|ga usah|gak usah|hapus|without|remove|drop) (?:\w+ )?vo?uch?er"
)
_SENT_TO = re.compile(
    r"(?<!\w)(?:kirim\w*|dikirim\w*|antar\w*|send|ship|deliver)(?: it)? (?:ke|to)(?: alamat)?\s",
    re.IGNORECASE,
)
_TO = re.compile(r"(?<!\w)(?:alamat\w*|kirim\w*|dikirim|antar\w*|ke|address|send|ship|deliver\w*|to)(?!\w)")


def settled(cart: Cart, seen: ShopSeen, slots: Slots, intent: str, waiting: str | None) -> Cart:
    """Return the cart with the voucher, courier and address that the words give."""
    words = folded(seen.words)
    code = code_in(seen.words) or (_bare_code(seen.words) if intent == "use_voucher" else "")
    if _NO_CODE.search(words):
        cart = cart.with_(voucher=None)
    elif code:
        cart = cart.with_(voucher=code)
    courier = courier_in(words)
    if courier:
        cart = cart.with_(courier=courier)
    stored = seen.shopping.addresses if seen.shopping else ()
    if waiting == "address" or intent == "give_address" or _TO.search(words):
        by_label = stored_in(stored, seen.words)
        if by_label is not None:
            return cart.with_(address=by_label)
    gives = gives_address(seen.words, slots.phones)
    if intent == "give_address" and waiting != "address" and not gives and cart.address is not None:
        # Another address, not said yet: who receives it stays who it was.
        return cart.with_(address=cart.address.model_copy(update=ELSEWHERE))
    if waiting == "address" or (intent == "give_address" and gives):
        draft = cart.address if lacking(cart.address) else None
        phones = slots.phones if draft and draft.phone else _phones(seen, slots)
        return cart.with_(address=address_in(seen.words, seen.cities, phones, draft))
    if cart.address is None and stored:
        return cart.with_(address=stored[0])
    to = _SENT_TO.search(seen.words)
    if cart.address is None and to is not None and gives:
        # Said along with the order: what stands before it is about the goods.
        return cart.with_(address=address_in(seen.words[to.end() :], seen.cities, _phones(seen, slots), None))
    return cart


def _phones(seen: ShopSeen, slots: Slots) -> tuple[str, ...]:
    """Return whom the courier calls: who writes, unless another number is given."""
    return slots.phones or ((seen.phone,) if seen.phone else ())


def _bare_code(text: str) -> str:
    """Return the one word that can be a code where nothing else names one."""
    found = re.findall(r"(?<!\w)(?=\w*[A-Za-z])(?:[A-Za-z]+\d+|[A-Z]{5,})(?!\w)", text)
    return found[-1].upper() if found else ""
