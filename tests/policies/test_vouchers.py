"""What a voucher takes off, and when it takes off nothing."""

from datetime import timedelta
from typing import Any

import pytest
from builders import NOW
from hypothesis import given
from hypothesis import strategies as st

from casefile.shop import Voucher
from policies.vouchers import discount, refusal


def voucher(**changes: Any) -> Voucher:
    worth = {} if "amount" in changes else {"percent": 10}
    return Voucher.model_validate({"code": "HEMAT", **worth, **changes})


@pytest.mark.parametrize(
    ("found", "used", "own", "said"),
    [
        (None, 0, 0, "unknown"),
        (voucher(begins=NOW + timedelta(seconds=1)), 0, 0, "early"),
        (voucher(begins=NOW), 0, 0, None),
        (voucher(ends=NOW), 0, 0, "over"),
        (voucher(ends=NOW + timedelta(seconds=1)), 0, 0, None),
        (voucher(uses=3), 3, 0, "used_up"),
        (voucher(uses=3), 2, 2, None),
        (voucher(once_per_contact=True), 5, 0, None),
        (voucher(once_per_contact=True, uses=1), 1, 1, "used"),
        (voucher(least_subtotal=100_001), 0, 0, "subtotal"),
        (voucher(least_subtotal=100_000), 0, 0, None),
    ],
)
def test_what_is_wrong_is_said_in_a_word(
    found: Voucher | None, used: int, own: int, said: str | None
) -> None:
    assert refusal(found, 100_000, NOW, used=used, used_by_contact=own) == said


@pytest.mark.parametrize(
    ("terms", "off"),
    [
        ({}, 9_999),
        ({"most_discount": 5_000}, 5_000),
        ({"amount": 25_000}, 25_000),
        ({"amount": 250_000}, 99_999),
        ({"percent": 100}, 99_999),
    ],
)
def test_what_it_takes_off(terms: dict[str, int], off: int) -> None:
    assert discount(voucher(**terms), 99_999) == off


@given(
    st.integers(1, 100) | st.none(),
    st.integers(1, 10**9),
    st.none() | st.integers(1, 10**9),
    st.integers(0, 10**9),
)
def test_nobody_is_paid_for_buying(percent: int | None, amount: int, most: int | None, subtotal: int) -> None:
    worth = {"amount": amount} if percent is None else {"percent": percent}
    assert 0 <= discount(voucher(**worth, most_discount=most), subtotal) <= subtotal
