from casefile.cart import MOST_LINES, Cart, CartLine


def test_a_line_grows_and_goes() -> None:
    cart = Cart().holding("A", 2).holding("B", 1).holding("A", 1)
    assert cart.lines == (CartLine(sku="A", qty=3), CartLine(sku="B", qty=1))
    assert cart.holding("A", -3).lines == (CartLine(sku="B", qty=1),)


def test_a_cart_stays_small() -> None:
    cart = Cart()
    for number in range(MOST_LINES + 3):
        cart = cart.holding(f"S{number}", 1)
    assert len(cart.lines) == MOST_LINES
    assert cart.with_(voucher="X").voucher == "X"
