"""The catalogue as staff change it: what was counted on the shelf."""

from services.work import Outcome, Work, blocked, impossible
from store import catalogue, records
from store.stock import set_aside


def set_stock(work: Work) -> Outcome:
    """STOCK_SET, by staff: subject is the sku; params `staff_id` and `stock`, the pieces counted in the house.

    What is set aside for orders is among them, so that much less is free to sell.
    """
    person = next((p for p in records.staff(work.tx.all) if p.id == work.text("staff_id")), None)
    if person is None or work.task.case_id:
        return blocked("stock is counted by a named staff member")
    sku, counted = work.task.subject, work.task.params.get("stock")
    products = catalogue.products_of(work.tx.all, (sku,))
    if not products:
        return impossible("the catalogue has no such sku")
    if not isinstance(counted, int) or isinstance(counted, bool) or counted < 0:
        return impossible("the pieces counted are a whole number, not below 0")
    kept = set_aside(work.tx.all, sku)
    if counted < kept:
        return blocked(
            f"{kept} of it are set aside for orders; fewer cannot be in the house", "stock", set_aside=kept
        )
    before = next(variant.stock for variant in products[0].variants if variant.sku == sku)
    work.tx.execute("UPDATE variants SET free = ? WHERE sku = ?", (counted - kept, sku))
    return Outcome(
        "SUCCESS",
        f"{sku}: {counted} counted by {person.id}, {counted - kept} free to sell",
        old_state={"free": before, "set_aside": kept},
        new_state={"free": counted - kept, "set_aside": kept},
        refs={"by": person.id},
    )
