"""What each intent of a shop is to the gate: questions about goods, the cart, one's own orders."""

from policies.intent_kinds import IntentSpec, sensitive

# Answered from the catalogue, the shipping table or the vouchers in force, as they stand now. All of them, carts and
# orders are kept where the records are: what takes those down takes these down.
GOODS: dict[str, IntentSpec] = dict.fromkeys(
    (
        "product_question",
        "stock_question",
        "price_question",
        "product_photo",
        "voucher_question",
        "shipping_cost_question",
    ),
    IntentSpec(kind="goods", dependency="schedule"),
)
# All of them are about one cart, which a confirmation makes an order.
CART: dict[str, IntentSpec] = dict.fromkeys(
    (
        "order_request",
        "add_to_cart",
        "remove_from_cart",
        "cart_view",
        "checkout",
        "use_voucher",
        "courier_choice",
        "give_address",
    ),
    IntentSpec(kind="cart", dependency="schedule", action="ORDER_CREATE"),
)
OWN_ORDERS: dict[str, IntentSpec] = dict.fromkeys(
    ("order_status", "track_order"), IntentSpec(kind="account", dependency="schedule")
)
ORDER_CHANGES: dict[str, IntentSpec] = {
    "order_amend": IntentSpec(kind="operation", dependency="schedule", action="ORDER_AMEND"),
    "address_change": IntentSpec(kind="operation", dependency="schedule", action="ADDRESS_UPDATE"),
    "cancel_unpaid_order": IntentSpec(
        kind="operation", dependency="schedule", action="ORDER_CANCEL", signal="cancel"
    ),
    "size_exchange": IntentSpec(kind="operation", dependency="schedule", action="SIZE_EXCHANGE"),
}
SHOP: dict[str, IntentSpec] = {
    **GOODS,
    **CART,
    **OWN_ORDERS,
    **ORDER_CHANGES,
    **sensitive(damaged_goods="complaint"),
}
