"""Paying online from end to end: asked for, paid at the provider, booked, told."""

import json

import pytest

from tests.payments.till import AMOUNT, BILL, Till


async def test_a_bill_is_paid_by_its_link_and_the_customer_hears_it(till: Till) -> None:
    await till.does(say="kak minta invoice saya dong")
    (payment,) = await till.payments()
    assert payment["reference"] == BILL and payment["status"].lower() == "pending"
    heard = await till.heard()
    assert len(heard) == 2 and payment["path"] in heard[1], heard
    await till.does(payment="pay")
    assert till.bill() == ("paid", "CONFIRMED", "provider_read")
    assert "sudah lunas" in (await till.heard())[-1]


async def test_a_refund_a_coach_released_is_given_back_by_the_provider_and_told(till: Till) -> None:
    await till.does(say="kak minta invoice saya dong")
    await till.does(payment="pay")
    await till.does(say="saya mau refund paketnya, uangnya balikin ya")
    await till.does(coach={"press": "Approve", "by": "sf_laras"})
    (payment,) = await till.payments()
    assert payment["refunded"] == AMOUNT
    assert till.bill() == ("refunded", "REVERSED", "provider_read")
    assert till.rows("SELECT state FROM refunds") == [("paid",)]
    assert "kami kembalikan" in (await till.heard())[-1]
    assert till.rows("SELECT COUNT(*) FROM payment_doubts") == [(0,)]


async def test_while_payments_are_down_bills_wait_and_nothing_is_lost(till: Till) -> None:
    await till.control("faults", target="payments", mode="5xx", op="request", count=1)
    await till.does(say="kak minta invoice saya dong")
    assert till.rows("SELECT state, attempts FROM outbox WHERE kind = 'request_payment'") == [("queued", 1)]
    await till.does(advance="5s")
    assert till.rows("SELECT state, attempts FROM outbox WHERE kind = 'request_payment'") == [("accepted", 2)]
    assert len(await till.payments()) == 1


async def test_a_webhook_that_is_lost_is_made_up_for(till: Till) -> None:
    await till.does(say="kak minta invoice saya dong")
    await till.control("payments/webhooks", lose=True)
    await till.does(payment="pay")
    assert till.bill() == ("unpaid", "PENDING", "invoice")
    await till.does(advance="20m")
    assert till.bill() == ("paid", "CONFIRMED", "provider_read")
    assert "sudah lunas" in (await till.heard())[-1]
    lane = await till.world.lane("ops")
    assert any("dicocokkan" in str(message["text"]) for message in lane["messages"])


async def test_what_is_forged_is_refused_and_counted_and_changes_nothing(till: Till) -> None:
    await till.does(say="kak minta invoice saya dong")
    forged = {
        "order_id": BILL,
        "id": "x",
        "external_id": BILL,
        "status": "PAID",
        "transaction_status": "settlement",
        "status_code": "200",
        "gross_amount": f"{AMOUNT}.00",
        "signature_key": "0" * 128,
    }
    path = f"/webhooks/{(await till.payments())[0]['provider']}/school"
    for body in (b"", b"[]", b"\xff", json.dumps(forged).encode()):
        answer = await till.http.post(f"{till.stage.server.url}{path}", content=body)
        assert answer.status_code == 401
    counted = (await till.http.get(f"{till.stage.server.url}/metrics")).text
    assert f'loket_webhook_answers_total{{path="{path}",status="401"}} 4' in counted
    assert till.bill() == ("unpaid", "PENDING", "invoice")
    assert till.rows("SELECT COUNT(*) FROM payment_notices WHERE word IN ('settlement', 'PAID')") == [(0,)]


@pytest.mark.parametrize("follow_up", [{"before_days": 2, "after_days": 3}])
async def test_an_unpaid_bill_is_spoken_of_with_a_way_to_pay_it(till: Till) -> None:
    # It is Monday, ten in the morning; Budi's bill is due on Wednesday, and bills are spoken of at ten.
    await till.does(advance="1d 22h")
    await till.does(say="halo kak")
    await till.does(advance="3h")
    heard = await till.heard()
    assert any("jatuh tempo hari ini" in text for text in heard), heard
    assert till.rows("SELECT stage, state FROM follow_ups WHERE invoice_number = ?", BILL) == [("on", "due")]
    assert len(await till.payments()) == 1


async def test_who_has_paid_by_hand_cannot_pay_the_link_as_well(till: Till) -> None:
    await till.does(say="kak minta invoice saya dong")
    await till.does(
        command={"do": "confirm_payment", "invoice": BILL, "by": "sf_tari", "words": "Mutasi BCA"}
    )
    (payment,) = await till.payments()
    assert payment["status"].lower().startswith("expire")
    assert till.bill() == ("paid", "CONFIRMED", "staff")
    assert till.rows("SELECT state FROM payment_links") == [("EXPIRED",)]
    assert till.rows("SELECT COUNT(*) FROM payment_doubts") == [(0,)]
