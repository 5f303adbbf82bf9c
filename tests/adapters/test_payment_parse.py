"""What providers of payments send, read: signatures and tokens, fields that are missing, odd or not there at all."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters import midtrans_parse, xendit_parse
from casefile.errors import BadInput

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
KEY = "server-key"
SETTLED: dict[str, Any] = {
    "transaction_time": "2026-11-21 10:00:00",
    "transaction_status": "settlement",
    "transaction_id": "57d5293c-e65f-4a29-95e4-5959c3fa335b",
    "status_code": "200",
    "gross_amount": "150000.00",
    "order_id": "INV-2026-1121-001",
    "payment_type": "qris",
    "expire_time": "2026-11-21 11:00:00",
    "something_new": {"nested": True},
}
PAID: dict[str, Any] = {
    "id": "579c8d61f23fa4ca35e52da4",
    "external_id": "INV-2026-1121-001",
    "status": "PAID",
    "amount": 150000,
    "paid_amount": 150000,
    "payer_email": "someone@example.com",
}
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda deeper: st.lists(deeper, max_size=3) | st.dictionaries(st.text(max_size=10), deeper, max_size=4),
    max_leaves=10,
)


def signed(told: dict[str, Any], key: str = KEY) -> bytes:
    words = f"{told['order_id']}{told['status_code']}{told['gross_amount']}{key}"
    return json.dumps(told | {"signature_key": hashlib.sha512(words.encode()).hexdigest()}).encode()


def test_a_signature_is_over_the_strings_as_they_came() -> None:
    assert midtrans_parse.verified(signed(SETTLED), KEY)
    assert not midtrans_parse.verified(signed(SETTLED, "another-key"), KEY)
    # Ours would be written without decimals; theirs counts as it was sent.
    told = json.loads(signed(SETTLED)) | {"gross_amount": "150000"}
    assert not midtrans_parse.verified(json.dumps(told).encode(), KEY)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"signature_key": null}',
        json.dumps(SETTLED).encode(),
        json.dumps({k: v for k, v in SETTLED.items() if k != "status_code"}).encode(),
        json.dumps(SETTLED | {"signature_key": "\ud800"}).encode(),
        json.dumps(SETTLED | {"signature_key": 12}).encode(),
        json.dumps(SETTLED | {"order_id": ["a"], "signature_key": "x"}).encode(),
    ],
)
def test_what_is_not_signed_is_not_theirs(body: bytes) -> None:
    assert not midtrans_parse.verified(body, KEY)


def test_a_refund_without_its_code_may_only_have_a_payment_looked_at() -> None:
    refund = {"order_id": "INV-1", "transaction_status": "refund", "gross_amount": "1.00"}
    body = json.dumps(refund).encode()
    assert midtrans_parse.verified(body, KEY)
    assert not midtrans_parse.parse(body, "school", NOW).signed


def test_a_notification_is_kept_without_secrets_and_without_who_paid() -> None:
    body = signed(SETTLED | {"customer_details": {"email": "a@example.com"}, "issuer": "gopay"})
    event = midtrans_parse.parse(body, "school", NOW)
    assert (event.reference, event.word, event.signed) == ("INV-2026-1121-001", "settlement", True)
    assert event.provider_id == SETTLED["transaction_id"]
    assert "signature" not in event.body and "example.com" not in event.body and "150000.00" in event.body
    kept = xendit_parse.parse(json.dumps(PAID).encode(), "school", NOW)
    assert (kept.provider_id, kept.reference, kept.word) == (PAID["id"], PAID["external_id"], "PAID")
    assert "example.com" not in kept.body


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, "CONFIRMED"),
        ({"transaction_status": "capture"}, "CONFIRMED"),
        ({"transaction_status": "capture", "fraud_status": "accept"}, "CONFIRMED"),
        ({"transaction_status": "capture", "fraud_status": "challenge", "status_code": "201"}, "PENDING"),
        ({"transaction_status": "pending", "status_code": "201"}, "PENDING"),
        ({"transaction_status": "deny", "status_code": "202"}, "FAILED"),
        ({"transaction_status": "cancel"}, "FAILED"),
        ({"transaction_status": "expire", "status_code": "407"}, "EXPIRED"),
        ({"transaction_status": "refund"}, "REVERSED"),
        ({"transaction_status": "chargeback"}, "REVERSED"),
        ({"transaction_status": "partial_refund", "refund_amount": "50000.00"}, "CONFIRMED"),
        ({"transaction_status": "a_new_word"}, "PENDING"),
    ],
)
def test_midtrans_words_for_ours(changes: dict[str, Any], state: str) -> None:
    said = midtrans_parse.state_of(SETTLED | changes)
    assert (said.state, said.amount) == (state, 150_000)
    assert said.refunded == {"REVERSED": 150_000}.get(state, 50_000 if "refund_amount" in changes else 0)


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("PENDING", "PENDING"),
        ("PAID", "CONFIRMED"),
        ("SETTLED", "CONFIRMED"),
        ("EXPIRED", "EXPIRED"),
        ("NEW", "PENDING"),
    ],
)
def test_xendit_words_for_ours(status: str, state: str) -> None:
    assert xendit_parse.state_of(PAID | {"status": status}).state == state


@pytest.mark.parametrize(
    "value", [None, "", "x", "1.5", "1e99999999", "NaN", "Infinity", True, [], float("inf")]
)
def test_what_is_no_amount_is_not_taken_for_one(value: object) -> None:
    for read in (midtrans_parse.rupiah, xendit_parse.rupiah):
        with pytest.raises(BadInput):
            read(value)


def test_times_come_in_both_spellings_and_without_a_zone() -> None:
    for name in ("expiry_time", "expire_time"):
        told = {name: "2026-11-21 11:00:00"}
        assert midtrans_parse.expires(told, NOW) == datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
    assert midtrans_parse.expires({"expiry_time": "soon"}, NOW) == NOW
    assert xendit_parse.expires({"expiry_date": "2026-11-21T04:00:00Z"}, NOW).hour == 4
    for odd in ("soon", "2026-11-21T04:00:00", 7):
        assert xendit_parse.expires({"expiry_date": odd}, NOW) == NOW


def test_a_token_is_compared_and_never_guessed() -> None:
    assert xendit_parse.verified({"x-callback-token": "token"}, "token")
    for headers in (
        {},
        {"x-callback-token": ""},
        {"x-callback-token": "tokens"},
        {"x-callback-token": "tökeñ"},
    ):
        assert not xendit_parse.verified(headers, "token")


@given(st.binary(max_size=200) | ANY.map(lambda told: json.dumps(told).encode()))
def test_nothing_that_can_be_sent_is_more_than_bad_input(body: bytes) -> None:
    midtrans_parse.verified(body, KEY)
    for parse in (midtrans_parse.parse, xendit_parse.parse):
        try:
            parse(body, "school", NOW)
        except BadInput:
            continue


@given(st.dictionaries(st.sampled_from(sorted(SETTLED) + sorted(PAID)), ANY, max_size=6))
def test_no_field_of_any_shape_breaks_reading(changes: dict[str, Any]) -> None:
    body = json.dumps(SETTLED | PAID | changes).encode()
    midtrans_parse.verified(body, KEY)
    for parse in (midtrans_parse.parse, xendit_parse.parse):
        try:
            json.dumps(parse(body, "school", NOW).model_dump(mode="json")).encode("utf-8")
        except BadInput:
            continue
