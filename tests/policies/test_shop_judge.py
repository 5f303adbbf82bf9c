"""What C may be handed of a shop: exactly what was proved and confirmed, and what follows when it cannot be done."""

from typing import Any

import pytest

from casefile.cart import CartLine, OrderChange
from casefile.effects import RunOperation, SendMessage
from casefile.events import OperationDone
from casefile.facts import ShopSeen
from casefile.packets import CResult, CTask
from casefile.shop import Priced
from policies.entering import admit_event
from policies.gate import admit
from policies.grounds import grounds
from policies.judge import judge
from policies.presend import Scene
from policies.shop_judge import unproved_order
from policies.shop_outcomes import asked_again
from tests.policies.shop_worlds import (
    HOME,
    READY,
    SHIRT,
    TEE,
    agreeing,
    confirming,
    order,
    seen,
    shop_world,
    shopping,
    stranger,
)
from tests.policies.worlds import World, case

TOTAL = 360_500
CANCEL = OrderChange(action="ORDER_CANCEL", order="ORD-2026-0025")


def ordering(**changes: Any) -> CTask:
    base = CTask(
        case_id="SCH-2026-0001",
        action="ORDER_CREATE",
        subject="c1",
        params={
            "items": [{"sku": "KLB-PTH-M", "qty": 1}],
            "address_id": HOME.id,
            "courier": "SiCepat",
            "voucher": None,
        },
        constraints={"total": TOTAL},
        verification_status="OK",
        idempotency_key="k",
    )
    return base.model_copy(update=changes)


def cancelling(*orders: Any, words: str = "ya") -> World:
    on = case(intent="cancel_unpaid_order", waiting_for="confirm", change=CANCEL)
    there = seen(words, known=(SHIRT, TEE), shopping=shopping(*orders))
    return agreeing(shop_world("cancel_unpaid_order", words, on=on, read=there))


def ruled(w: World, task: CTask) -> bool:
    verdict = admit(w.case, w.facts, w.request, w.rules)
    scene = Scene("C", w.case, w.facts, verdict, (), w.matter(), w.rules)
    return judge(RunOperation(key="k", task=task), scene).allowed


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": "c2"},
        {"constraints": {"total": 1}},
        {"params": {**ordering().params, "items": [{"sku": "KLB-PTH-M", "qty": 2}]}},
        {"params": {**ordering().params, "address_id": "ad2"}},
        {"params": {**ordering().params, "address": {"city": "Semarang"}}},
    ],
)
def test_only_the_cart_as_it_was_confirmed_is_ordered(changes: dict[str, Any]) -> None:
    assert ruled(confirming(), ordering())
    assert not ruled(confirming(), ordering(**changes))


def test_an_address_that_is_new_is_named_in_full() -> None:
    new = HOME.model_copy(update={"id": "", "city": "Semarang"})
    params = {**ordering().params, "address": new.model_dump(mode="json")}
    del params["address_id"]
    assert ruled(confirming(READY.with_(address=new)), ordering(params=params))
    assert not ruled(confirming(READY.with_(address=new)), ordering())


def test_an_order_for_review_needs_a_person() -> None:
    big = READY.holding("KLB-PTH-M", 2).with_(shown=349_000 * 3 + 11_500)
    w = confirming(big)
    task = ordering(
        params={**ordering().params, "items": [{"sku": "KLB-PTH-M", "qty": 3}]},
        constraints={"total": 349_000 * 3 + 11_500},
    )
    assert unproved_order(task, w.matter(), w.facts)
    assert not ruled(w, task)


def test_only_the_change_that_was_proved_and_confirmed_is_made() -> None:
    task = ordering(action="ORDER_CANCEL", subject="ORD-2026-0025", params={})
    assert ruled(cancelling(order()), task)
    assert not ruled(cancelling(order()), task.model_copy(update={"subject": "ORD-2026-0026"}))
    w = cancelling(order())
    assert unproved_order(task, w.matter(), stranger(w).facts) == "a yes to it"
    paid = cancelling(order(status="paid"))
    assert unproved_order(task, paid.matter(), paid.facts) == "unpaid"
    nothing = shop_world("order_request", "mau pesan")
    assert unproved_order(task, nothing.matter(), nothing.facts) == "no change was weighed"
    assert unproved_order(ordering(), shop_world("stock_question", "x").matter(), nothing.facts)
    assert (
        unproved_order(task, shop_world("thanks", "x").matter(), nothing.facts)
        == "nothing was read of the shop"
    )


def result(status: str = "BLOCKED_POLICY", action: str = "ORDER_CREATE", **refs: Any) -> CResult:
    return CResult.model_validate(
        {"case_id": "x", "status": status, "action": action, "details": "", "refs": refs}
    )


def came_back(cart: Any, there: ShopSeen, done: CResult) -> Any:
    on = case(intent="order_request", cart=cart, tier="R2")
    w = shop_world("order_request", "", on=on, read=there)
    again = asked_again(on, w.matter(), done)
    event = OperationDone(at=w.facts.now, case_id="x", key="k", result=done)
    entered = admit_event(on, w.facts, event, w.matter(), w.rules)
    assert entered == again if again else entered.rules[0].id in {"C.failed", "C.result"}
    return again


def test_what_was_sold_meanwhile_is_asked_about_anew() -> None:
    gone = SHIRT.model_copy(
        update={"variants": tuple(v.model_copy(update={"stock": 0}) for v in SHIRT.variants)}
    )
    verdict = came_back(READY, seen("", found=(), known=(gone,)), result(blocked_by="stock"))
    assert (verdict.decision, verdict.missing, verdict.rules[0].id) == ("ASK", "stock", "C.stock_gone")


def test_another_total_is_confirmed_anew_and_one_too_high_is_a_persons() -> None:
    again = came_back(READY, seen(""), result(blocked_by="price"))
    assert (again.decision, again.missing, again.rules[0].id) == ("ASK", "order_confirm", "C.order_changed")
    review = came_back(READY, seen(""), result(blocked_by="review"))
    assert (review.tier, review.decision, review.approval_kind) == ("R3", "ESCALATE_COACH", "ORDER_REVIEW")


def test_what_else_did_not_go_through_is_a_persons() -> None:
    assert came_back(READY, seen("", quotes=()), result(blocked_by="courier")) is None
    assert came_back(READY, seen(""), result("FAILED")) is None
    assert came_back(READY, seen(""), result(action="ORDER_CANCEL")) is None
    unread = shop_world("order_request", "").with_facts(shop=None)
    assert asked_again(unread.case, unread.matter(), result()) is None


def said(w: World, text: str, decision: str = "ASK", account: bool = True, **more: Any) -> bool:
    verdict = admit(w.case, w.facts, w.request, w.rules).model_copy(update={"decision": decision})
    message = SendMessage(
        key="k", conversation_id="wa-1-c1", text=text, language="id", template="t@1",
        purpose="answer" if decision == "ANSWER" else "ask", account=account, **more,
    )  # fmt: skip
    scene = Scene("B", w.case, w.facts, verdict, (), w.matter(), w.rules)
    return judge(message, scene).allowed


def test_only_what_was_read_of_the_shop_may_be_said() -> None:
    w = shop_world("order_request", "kemeja linen bahari putih M")
    assert said(w, "Kemeja Linen Bahari putih M Rp 349.000, ongkir SiCepat Rp 11.500, total Rp 360.500 ya.")
    assert not said(w, "Harganya Rp 299.000 ya.")
    assert not said(w, "Ongkir Elang Rp 11.500 ya.")
    there = seen("x", voucher=Priced(code="PAGI25", discount=25_000), shopping=shopping(order()))
    own = shop_world("order_status", "x", read=there)
    assert said(own, "Pesanan ORD-2026-0025 totalnya Rp 360.500.", "ANSWER")
    assert not said(own, "Pesanan ORD-2026-0026 totalnya Rp 360.500.", "ANSWER")
    assert not said(own.with_facts(shop=None), "Pesanannya kami cek.", "ANSWER")


def test_a_change_that_is_asked_about_may_be_said() -> None:
    there = seen("jadi L 2 pcs", known=(SHIRT, TEE), shopping=shopping(order()))
    w = shop_world("order_amend", "jadi L 2 pcs", read=there)
    words = "\n".join(grounds(w.case, w.facts, (), w.rules, "id", w.matter().shop))
    assert "ORD-2026-0025" in words and "tersedia" in words and "stok habis" in words
    moved = seen("ke Jl. Mawar 5, Bandung", shopping=shopping(order(address=None)))
    address = shop_world("address_change", "ke Jl. Mawar 5, Bandung", read=moved)
    assert "Jl. Mawar 5" in "\n".join(
        grounds(address.case, address.facts, (), address.rules, "id", address.matter().shop)
    )
    gone = SHIRT.model_copy(update={"variants": SHIRT.variants[3:]})
    out = shop_world("stock_question", "linen?", read=seen("linen?", found=(gone,), known=(), shopping=None))
    told = "\n".join(grounds(out.case, out.facts, (), out.rules, "id"))
    assert "stok habis" in told and "tersedia" not in told


def test_an_order_is_changed_into_exactly_what_was_confirmed() -> None:
    put = OrderChange(
        action="ORDER_AMEND",
        order="ORD-2026-0025",
        sku="KLB-PTH-M",
        new_sku="KLB-PTH-L",
        qty=2,
        items=(CartLine(sku="KLB-PTH-L", qty=2),),
    )
    on = case(intent="order_amend", waiting_for="confirm", change=put)
    there = seen("ya", known=(SHIRT, TEE), shopping=shopping(order()))
    w = agreeing(shop_world("affirm", "ya", on=on, read=there))
    task = ordering(action="ORDER_AMEND", subject="ORD-2026-0025", constraints={})
    assert ruled(w, task.model_copy(update={"params": {"items": [{"sku": "KLB-PTH-L", "qty": 2}]}}))
    assert not ruled(w, task.model_copy(update={"params": {"items": [{"sku": "KLB-PTH-L", "qty": 1}]}}))
    said = "\n".join(grounds(w.case, w.facts, (), w.rules, "id", w.matter().shop))
    assert "2 Kemeja Linen Bahari Rp 698.000" in said and "Rp 709.500" in said
