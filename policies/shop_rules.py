"""The gate's rows for a shop: goods, the cart, and changes to one's own orders. Joined to the table of `rules`."""

from collections.abc import Callable

from policies.conditions import Test
from policies.matter import Matter
from policies.rule import Rule
from policies.shop_intents import CART, ORDER_CHANGES
from policies.shop_matter import ShopMatter
from policies.shop_orders import Changing

BUYABLE = frozenset({"which", "size", "colour", "no_variant", "out", "few", "ok"})


def cart(test: Callable[[ShopMatter], bool]) -> Test:
    """Narrow a test to a cart that was read with this message in it."""
    return lambda m: (
        m.intent in CART and not m.is_down and m.shop is not None and m.shop.turn is not None and test(m.shop)
    )


def change(test: Callable[[Changing], bool]) -> Test:
    """Narrow a test to a verified customer's change to an order of theirs, while the records can be read."""
    return lambda m: (
        m.intent in ORDER_CHANGES
        and m.verified
        and not m.is_down
        and m.shop is not None
        and m.shop.changing is not None
        and test(m.shop.changing)
    )


def nothing_to_decide(m: Matter) -> bool:
    """Say whether the records show that what is cancelled is no person's to decide.

    It is an unpaid order, or still to be asked which order; or a cart of somebody who has no order to cancel.
    """
    if m.intent == "cancel_unpaid_order":
        return change(lambda c: c.proved or c.open == "order")(m)
    return cart(lambda s: s.nothing_ordered)(m)


def _refused(c: Changing) -> bool:
    """Say whether a change is clear, and the records do not prove it."""
    return c.order is not None and c.open != "details" and not c.proved


def _answerable(m: Matter) -> bool:
    """Say whether what was read answers a question about goods."""
    shop = m.shop
    if m.kind != "goods" or shop is None or m.is_down:
        return False
    if m.intent == "shipping_cost_question":
        return bool(shop.city)
    if m.intent == "voucher_question":
        return shop.voucher
    return shop.pick is not None and shop.pick.state in BUYABLE


def _asked(m: Matter) -> str:
    """Return what a question about goods still lacks."""
    if m.kind != "goods" or m.shop is None or m.is_down or _answerable(m):
        return ""
    lacking = {"shipping_cost_question": "city", "voucher_question": "voucher"}
    return lacking.get(m.intent, "product")


def _lacks(*names: str) -> Test:
    return lambda m: _asked(m) in names


# fmt: off
# Ahead of the row on complaints, which it is one of.
DAMAGED = Rule("R3.damaged", "Says that what came is damaged, wrong or not all of it",
               "Bilang barang yang datang rusak, salah, atau kurang", "R3", "ESCALATE_COACH",
               lambda m: m.intent == "damaged_goods", kind="OTHER_EXCEPTION", lane="coach")
SHOP_RULES: tuple[Rule, ...] = (
    # --- R3 ------------------------------------------------------------------------------------------
    DAMAGED,
    Rule("R3.buyer", "Wants to order, but nothing says who is asking",
         "Mau pesan, tetapi tidak ada yang menunjukkan siapa yang meminta", "R3", "ESCALATE_COACH",
         lambda m: cart(lambda s: s.confirmed)(m) and not m.known, kind="OTHER_EXCEPTION", lane="coach"),
    Rule("R3.order_review", "An order over the review limit, or of a VIP: a person looks before the bill goes out",
         "Pesanan di atas batas tinjau, atau pelanggan VIP: orang melihat dulu sebelum ditagihkan",
         "R3", "ESCALATE_COACH", cart(lambda s: s.confirmed and s.review), kind="ORDER_REVIEW", lane="coach"),
    Rule("R3.change_identity", "Wants an order changed before it is known who is asking",
         "Minta pesanan diubah, tetapi belum diketahui siapa yang meminta", "R3", "NEED_VERIFICATION",
         lambda m: m.intent in ORDER_CHANGES and not m.verified and not m.locked, missing="identity"),
    Rule("R3.change_down", "The orders cannot be read, so nothing can be proved yet",
         "Pesanan sedang tidak terbaca, jadi belum ada yang bisa dibuktikan", "R3", "DEGRADED_MODE",
         lambda m: m.intent in ORDER_CHANGES and m.verified and m.is_down),
    Rule("R3.which_order", "Cancels an order, and it is not clear which: asked before anything is decided",
         "Membatalkan pesanan, tetapi belum jelas yang mana: ditanya dulu sebelum ada yang diputuskan", "R3", "ASK",
         change(lambda c: c.open == "order" and c.cancels), missing="order"),
    Rule("R3.order_change", "An order has left, is paid, came too long ago, or something cannot be proved",
         "Pesanan sudah dikirim, sudah dibayar, terlalu lama sampai, atau ada yang tidak terbukti",
         "R3", "ESCALATE_COACH", change(_refused), kind="OTHER_EXCEPTION", lane="coach"),
    # --- R2: reversible, inside policy, every condition proved ---------------------------------------
    Rule("R2.which_order", "It is not clear which order of theirs is meant, or there is none",
         "Belum jelas pesanan yang mana, atau tidak ada pesanannya", "R2", "ASK",
         change(lambda c: c.open == "order" and not c.cancels), missing="order"),
    Rule("R2.change_details", "What exactly is to change of the order is asked for",
         "Ditanyakan dulu persisnya apa yang diubah dari pesanan", "R2", "ASK",
         change(lambda c: c.open == "details"), missing="change"),
    Rule("R2.change_confirm", "Proved; what exactly changes is confirmed before acting",
         "Terbukti; yang berubah dipastikan dulu sebelum dijalankan", "R2", "ASK",
         change(lambda c: c.proved and c.open == "confirm"), missing="change_confirm"),
    Rule("R2.change", "Proved and confirmed: C carries the change out",
         "Terbukti dan dipastikan: C menjalankannya", "R2", "EXECUTE",
         change(lambda c: c.proved and c.confirmed)),
    Rule("R2.cart_down", "Wants to buy while goods and orders cannot be read: kept, and taken up when they can",
         "Mau belanja saat data barang dan pesanan tidak terbaca: disimpan, dilanjutkan setelah pulih",
         "R2", "DEGRADED_MODE", lambda m: m.intent in CART and m.is_down),
    Rule("R2.cart_product", "What they want to buy is asked for", "Ditanyakan mau beli yang mana", "R2", "ASK",
         cart(lambda s: s.open == "product"), missing="product"),
    Rule("R2.cart_variant", "Size or colour of what they want to buy is asked for",
         "Ditanyakan ukuran atau warnanya", "R2", "ASK", cart(lambda s: s.open == "variant"), missing="variant"),
    Rule("R2.cart_stock", "What they want is sold out, or not so many are left: others are offered",
         "Yang diminta habis, atau tidak sebanyak itu: ditawarkan yang lain", "R2", "ASK",
         cart(lambda s: s.open == "stock"), missing="stock"),
    Rule("R2.cart_address", "Where it is to be sent is asked for", "Ditanyakan dikirim ke mana", "R2", "ASK",
         cart(lambda s: s.open == "address"), missing="address"),
    Rule("R2.cart_courier", "Nobody on the shipping table delivers there: a person finds a way",
         "Tidak ada kurir di tabel yang ke sana: orang mencarikan jalannya", "R2", "HAND_OVER",
         cart(lambda s: s.open == "courier"), lane="ops"),
    Rule("R2.cart_confirm", "Everything is known; goods, address, courier and total are confirmed before acting",
         "Semua sudah jelas; barang, alamat, kurir, dan totalnya dipastikan dulu", "R2", "ASK",
         cart(lambda s: s.open == "confirm"), missing="order_confirm"),
    Rule("R2.order", "Confirmed, in stock and inside policy: C places the order",
         "Sudah dipastikan, ada stoknya, sesuai aturan: C membuat pesanannya", "R2", "EXECUTE",
         lambda m: cart(lambda s: s.confirmed and not s.review)(m) and m.known),
    # --- R0: the catalogue, the shipping table, the vouchers -----------------------------------------
    Rule("R0.goods", "The catalogue, the shipping table or the vouchers in force say it",
         "Katalog, tabel ongkir, atau voucher yang berlaku menjawabnya", "R0", "ANSWER", _answerable),
    Rule("R0.goods_down", "The catalogue cannot be read: nothing is said of goods until it can",
         "Katalog sedang tidak terbaca: tidak ada yang dikatakan soal barang sebelum pulih", "R0", "DEGRADED_MODE",
         lambda m: m.kind == "goods" and m.is_down),
    Rule("R0.goods_which", "Which product is meant is asked for", "Ditanyakan produk yang mana", "R0", "ASK",
         _lacks("product"), missing="product"),
    Rule("R0.city", "Shipping depends on the place, which is asked for",
         "Ongkir tergantung kotanya, yang ditanyakan dulu", "R0", "ASK", _lacks("city"), missing="city"),
    Rule("R0.voucher", "A code is asked for", "Ditanyakan kode vouchernya", "R0", "ASK",
         _lacks("voucher"), missing="voucher"),
)
# fmt: on
