"""Midtrans and Xendit against the sandbox: one contract for both."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any, Literal

import pytest

from adapters.midtrans import Midtrans, MidtransSettings
from adapters.xendit import Xendit, XenditSettings
from casefile.errors import DependencyDown, PaymentRefused
from casefile.payments import Charge
from tests.adapters.stage import NOW, Stage

Paying = Midtrans | Xendit
NUMBER = "INV-2026-1121-001"


def midtrans(
    url: str, method: Literal["qris", "snap"] = "qris", key: str = "sandbox-midtrans-key"
) -> Midtrans:
    base = f"{url}/midtrans"
    return Midtrans(
        MidtransSettings(base_url=base, snap_url=base, server_key=key, method=method, timeout_seconds=2)
    )


def xendit(url: str, key: str = "sandbox-xendit-key") -> Xendit:
    return Xendit(
        XenditSettings(
            base_url=f"{url}/xendit", secret_key=key, callback_token="sandbox-xendit-token", timeout_seconds=2
        )
    )


def charge(reference: str = NUMBER, **changes: Any) -> Charge:
    base = Charge(
        reference=reference, invoice=NUMBER, amount=150_000, made_at=NOW, expires_at=NOW + timedelta(hours=1)
    )
    return base.model_copy(update=changes)


@pytest.fixture(params=["qris", "snap", "xendit"])
async def provider(request: pytest.FixtureRequest, stage: Stage) -> AsyncIterator[Paying]:
    stage.clock.freeze(NOW)
    made: Paying = xendit(stage.url) if request.param == "xendit" else midtrans(stage.url, request.param)
    yield made
    await made.close()


async def asked(stage: Stage) -> list[dict[str, Any]]:
    return (await stage.look("payments"))["payments"]


async def test_a_way_to_pay_opens_a_page_whose_button_pays(stage: Stage, provider: Paying) -> None:
    link = await provider.request(charge(), 1)
    assert (link.reference, link.amount, link.attempt) == (NUMBER, 150_000, 1)
    assert link.expires_at == NOW + timedelta(hours=1)
    assert (await provider.state(link)).state == "PENDING"
    page = await stage.http.get(link.url)
    assert page.status_code == 200 and "Rp 150.000" in page.text and 'id="pay"' in page.text
    assert 'id="pay"' not in (await stage.http.post(link.url)).text
    said = await provider.state(link)
    assert (said.state, said.amount, said.reference) == ("CONFIRMED", 150_000, NUMBER)


async def test_an_answer_that_was_lost_makes_no_second_payment(stage: Stage, provider: Paying) -> None:
    await stage.do("faults", target="payments", mode="timeout_after_effect", op="request", count=1, seconds=0)
    with pytest.raises(DependencyDown):
        await provider.request(charge(), 1)
    link = await provider.request(charge(), 1)
    (payment,) = await asked(stage)
    assert (payment["reference"], payment["status"].lower()) == (NUMBER, "pending")
    assert (await provider.state(link)).state == "PENDING"


async def test_long_after_too_unless_nobody_can_say_any_more_how_it_is_paid(
    stage: Stage, provider: Paying, request: pytest.FixtureRequest
) -> None:
    first = await provider.request(charge(), 1)
    stage.clock.advance(6 * 60)
    if "snap" in request.node.name:
        with pytest.raises(PaymentRefused) as refused:
            await provider.request(charge(), 1)
        assert refused.value.code == "taken"
    else:
        again = await provider.request(charge(), 1)
        assert (again.provider_id, again.url, again.expires_at) == (
            first.provider_id,
            first.url,
            first.expires_at,
        )
    assert len(await asked(stage)) == 1


async def test_a_reference_that_was_paid_or_asks_for_another_amount_is_taken(
    stage: Stage, provider: Paying
) -> None:
    await provider.request(charge(), 1)
    await stage.do("payments", act="pay", payment=NUMBER)
    stage.clock.advance(6 * 60)
    with pytest.raises(PaymentRefused) as refused:
        await provider.request(charge(amount=99_000), 1)
    assert refused.value.code == "taken"


@pytest.mark.parametrize("mode", ["down", "5xx", "429", "cut", "bad_json", "half_body"])
async def test_a_provider_out_of_order_is_a_dependency_down(
    stage: Stage, provider: Paying, mode: str
) -> None:
    link = await provider.request(charge(), 1)
    await stage.do("faults", target="payments", mode=mode)
    for ask in (
        provider.request(charge("INV-2026-1121-002"), 1),
        provider.state(link),
        provider.check(),
    ):
        with pytest.raises(DependencyDown) as down:
            await ask
        assert down.value.name == "payments"
    await stage.http.delete("/sandbox/faults")
    await provider.check()


async def test_a_wrong_key_is_found_by_the_check(stage: Stage) -> None:
    for wrong in (midtrans(stage.url, key="not-ours"), xendit(stage.url, key="not-ours")):
        with pytest.raises(DependencyDown):
            await wrong.check()
        await wrong.close()


async def test_money_is_given_back_once_per_key(stage: Stage, provider: Paying) -> None:
    link = await provider.request(charge(), 1)
    await stage.do("payments", act="pay", payment=NUMBER)
    for _ in range(2):
        await provider.refund(link, 50_000, "key-1", "barang rusak")
    assert (await asked(stage))[0]["refunded"] == 50_000
    with pytest.raises(PaymentRefused):
        await provider.refund(link, 150_000, "key-2", "semuanya")
    await provider.refund(link, 100_000, "key-3", "sisanya")
    assert (await asked(stage))[0]["refunded"] == 150_000


async def test_what_becomes_of_a_payment_at_midtrans(stage: Stage) -> None:
    stage.clock.freeze(NOW)
    provider = midtrans(stage.url)
    states = []
    for number, acts in enumerate(
        (["expire"], ["deny"], ["pay", "deny"], ["pay", "refund"], ["pay", "chargeback"])
    ):
        link = await provider.request(charge(f"INV-2026-1121-00{number}"), 1)
        for act in acts:
            await stage.do("payments", act=act, payment=link.reference)
        said = await provider.state(link)
        states.append((said.state, said.refunded))
    assert states == [
        ("EXPIRED", 0),
        ("FAILED", 0),
        ("FAILED", 0),
        ("REVERSED", 150_000),
        ("REVERSED", 150_000),
    ]
    unpaid = await provider.request(charge("INV-2026-1121-010"), 1)
    stage.clock.advance(61 * 60)
    assert (await provider.state(unpaid)).state == "EXPIRED"
    await provider.close()


async def test_nobody_listens_at_an_address_where_nothing_is() -> None:
    nowhere = midtrans("http://127.0.0.1:9")
    with pytest.raises(DependencyDown):
        await nowhere.request(charge(), 1)
    await nowhere.close()


async def test_a_way_to_pay_is_ended_while_it_is_open(stage: Stage, provider: Paying) -> None:
    link = await provider.request(charge(), 1)
    await provider.end(link)
    assert (await provider.state(link)).state == "EXPIRED"
    with pytest.raises(PaymentRefused):
        await provider.end(link)
    paid = await provider.request(charge("INV-2026-1121-011"), 1)
    await stage.do("payments", act="pay", payment=paid.reference)
    with pytest.raises(PaymentRefused):
        await provider.end(paid)
