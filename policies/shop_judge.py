"""Is a task for C exactly the order, or the change to one, that was proved and confirmed?"""

from casefile.facts import Facts
from casefile.packets import CTask
from casefile.shop import Address
from policies.identity import is_verified
from policies.matter import Matter


def unproved_order(task: CTask, matter: Matter, facts: Facts) -> str:
    """Say what of a task is not proved; empty when all of it is."""
    shop = matter.shop
    if shop is None:
        return "nothing was read of the shop"
    if task.action == "ORDER_CREATE":
        cart = shop.turn.cart if shop.turn else None
        items = [{"sku": line.sku, "qty": line.qty} for line in cart.lines] if cart else []
        same = (
            cart is not None
            and task.params.get("items") == items
            and cart.address is not None
            and _goes_there(task, cart.address)
            and task.subject == facts.identity.contact_id
            and task.constraints.get("total") == shop.bill.total
        )
        return (
            ""
            if shop.confirmed and not shop.review and matter.known and same
            else "the cart as it was confirmed"
        )
    changing = shop.changing
    if changing is None or changing.order is None or changing.change is None:
        return "no change was weighed"
    if task.subject != changing.order.number or task.action != changing.change.action:
        return "the task is not the change that was confirmed"
    if task.action == "ORDER_AMEND" and task.params.get("items") != [
        line.model_dump(mode="json") for line in changing.change.items
    ]:
        return "the goods as they were confirmed"
    if not is_verified(facts.identity) or not changing.proved or not changing.confirmed:
        return ", ".join(proof.name for proof in changing.proofs if proof.value != "true") or "a yes to it"
    return ""


def _goes_there(task: CTask, address: Address) -> bool:
    """Say whether a task sends it to this address: one on record is named by its id."""
    if address.id:
        return task.params.get("address_id") == address.id and "address" not in task.params
    return task.params.get("address") == address.model_dump(mode="json")
