"""Paying online from end to end: asked for, paid at the provider, booked, told."""

from tests.payments.till import BILL, Till


async def test_a_bill_is_paid_by_its_link_and_the_customer_hears_it(till: Till) -> None:
    await till.does(say="kak minta invoice saya dong")
    (payment,) = await till.payments()
    assert payment["reference"] == BILL and payment["status"].lower() == "pending"
    heard = await till.heard()
    assert len(heard) == 2 and payment["path"] in heard[1], heard
    await till.does(payment="pay")
    assert till.bill() == ("paid", "CONFIRMED", "provider_read")
    assert "sudah lunas" in (await till.heard())[-1]
