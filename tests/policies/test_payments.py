from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefile.facts import Claim
from casefile.payments import PaymentState
from casefile.records import Invoice, Payment
from policies.payments import (
    SOURCES,
    PayTo,
    advance,
    bills_of,
    claim_open,
    follows,
    may_say_paid,
    refusal,
    still_to_pay,
)
from tests.policies.worlds import NOW, case, invoice

STATES = st.sampled_from(get_args(PaymentState))
ANY_SOURCE = st.sampled_from([*sorted(SOURCES), "customer", "screenshot", ""])


@pytest.mark.parametrize(
    ("payment", "may"),
    [
        (Payment(state="CONFIRMED", source="provider_event"), True),
        (Payment(state="CONFIRMED", source="provider_read"), True),
        (Payment(state="CONFIRMED", source="staff", confirmed_by="maya", evidence="transfer-1"), True),
        (Payment(state="CONFIRMED", source="staff", confirmed_by="maya"), False),
        (Payment(state="CONFIRMED", source="staff", evidence="transfer-1"), False),
        (Payment(state="CONFIRMED", source="customer", confirmed_by="maya", evidence="x"), False),
        (Payment(state="PENDING", source="provider_event"), False),
        (Payment(state="REVERSED", source="provider_event"), False),
    ],
)
def test_paid_is_said_only_with_proof(payment: Payment, may: bool) -> None:
    assert may_say_paid(payment) is may


@pytest.mark.parametrize(
    ("state", "status", "payable"),
    [
        ("PENDING", "unpaid", True),
        ("FAILED", "unpaid", True),
        ("CONFIRMED", "paid", False),
        ("EXPIRED", "expired", False),
        ("PENDING", "void", False),
        ("REVERSED", "unpaid", False),
    ],
)
def test_a_bill_can_be_paid_while_it_is_open(state: PaymentState, status: str, payable: bool) -> None:
    payment = Payment(state=state, source="invoice")
    assert still_to_pay(invoice().model_copy(update={"status": status, "payment": payment})) is payable


def test_an_account_to_pay_to_is_digits_and_has_a_holder() -> None:
    pay_to = PayTo(bank="BCA", account="1230004567", holder="PT Suara Kita")
    assert pay_to.values() == {"bank": "BCA", "account": "1230004567", "holder": "PT Suara Kita"}
    for wrong in ({"account": "12-34"}, {"account": ""}, {"holder": ""}, {"bank": ""}):
        with pytest.raises(ValueError, match=next(iter(wrong))):
            PayTo.model_validate({**pay_to.values(), **wrong})


@given(STATES, ANY_SOURCE, st.none() | st.text(), st.none() | st.text())
def test_paid_is_never_said_of_anything_but_confirmed(
    state: PaymentState, source: str, by: str | None, evidence: str | None
) -> None:
    payment = Payment(state=state, source=source, confirmed_by=by, evidence=evidence)
    assert not may_say_paid(payment) or (state == "CONFIRMED" and source in SOURCES)


@pytest.mark.parametrize(
    ("old", "new", "after"),
    [
        ("PENDING", "CONFIRMED", "CONFIRMED"),
        ("PENDING", "FAILED", "FAILED"),
        ("PENDING", "EXPIRED", "EXPIRED"),
        ("CONFIRMED", "REVERSED", "REVERSED"),
        ("EXPIRED", "CONFIRMED", "CONFIRMED"),
        ("FAILED", "PENDING", "PENDING"),
        ("CONFIRMED", "PENDING", "CONFIRMED"),
        ("CONFIRMED", "EXPIRED", "CONFIRMED"),
        ("REVERSED", "CONFIRMED", "REVERSED"),
        ("PENDING", "REVERSED", "PENDING"),
        ("PENDING", "PENDING", "PENDING"),
    ],
)
def test_moves(old: PaymentState, new: PaymentState, after: PaymentState) -> None:
    assert advance(old, new, "provider_event") == after


def test_a_refusal_has_a_reason() -> None:
    assert refusal("PENDING", "CONFIRMED", "provider_read") is None
    assert refusal("PENDING", "PENDING", "provider_read") is None
    assert "customer cannot change a payment" in (refusal("PENDING", "CONFIRMED", "customer") or "")
    assert refusal("CONFIRMED", "PENDING", "staff") == "a payment cannot go from CONFIRMED to PENDING"


@given(STATES, STATES, st.text().filter(lambda source: source not in SOURCES))
def test_nobodys_word_moves_a_payment(old: PaymentState, new: PaymentState, source: str) -> None:
    assert advance(old, new, source) == old


PAID = Payment(state="CONFIRMED", source="provider_event")
OPEN = Payment(state="PENDING", source="invoice")
NINO = invoice(number="INV-3", student_id="nino", payment=OPEN)
RAKA = invoice(number="INV-2", student_id="raka", status="paid", payment=PAID)
FAMILY = invoice(number="INV-1", status="paid", payment=PAID)
ALL = (NINO, RAKA, FAMILY)


@pytest.mark.parametrize(
    ("student", "named", "found"),
    [
        ("raka", (), (RAKA, FAMILY)),
        ("nino", (), (NINO, FAMILY)),
        ("other", (), (FAMILY,)),
        (None, (), (NINO,)),
        ("nino", ("INV-2",), (RAKA,)),
        ("raka", ("INV-9",), (RAKA, FAMILY)),
    ],
)
def test_whose_bills_a_question_is_about(
    student: str | None, named: tuple[str, ...], found: tuple[Invoice, ...]
) -> None:
    assert bills_of(ALL, student, named) == found


def test_of_bills_all_settled_or_all_of_one_none_is_left_out() -> None:
    assert bills_of((RAKA, FAMILY), None) == (RAKA, FAMILY)
    ran_out = invoice(number="INV-4", student_id="nino", status="expired", payment=OPEN)
    assert bills_of((ran_out, RAKA), None) == (ran_out, RAKA)
    earlier = invoice(number="INV-0", student_id="raka", payment=OPEN)
    assert bills_of((RAKA, earlier), None) == (RAKA, earlier)


def test_a_claim_is_open_while_a_person_checks_it() -> None:
    claim = case(intent="payment_claim", state="with_person", due_at=NOW)
    assert claim_open((claim,)) == Claim(shown=False, due_at=NOW)
    photo = case(id="photo", intent="attachment", state="with_person", evidence=("m1",))
    assert claim_open((photo, claim)) == Claim(shown=True, due_at=NOW)
    tagged = case(intent="invoice_resend", state="with_person", tags=("signal:payment_claim",))
    assert claim_open((tagged,)) == Claim(shown=False)
    assert (
        claim_open((claim.with_(state="answered"), case(intent="human_request", state="with_person"))) is None
    )


@pytest.mark.parametrize(
    ("old", "said", "after"),
    [
        ("PENDING", "CONFIRMED", "CONFIRMED"),
        ("EXPIRED", "CONFIRMED", "CONFIRMED"),
        ("CONFIRMED", "PENDING", "CONFIRMED"),
        ("CONFIRMED", "EXPIRED", "CONFIRMED"),
        ("CONFIRMED", "FAILED", "REVERSED"),
        ("CONFIRMED", "REVERSED", "REVERSED"),
        ("PENDING", "REVERSED", "REVERSED"),
        ("EXPIRED", "REVERSED", "REVERSED"),
        ("REVERSED", "CONFIRMED", "REVERSED"),
        ("REVERSED", "FAILED", "REVERSED"),
    ],
)
def test_a_payment_follows_its_provider_and_never_back(
    old: PaymentState, said: PaymentState, after: PaymentState
) -> None:
    assert follows(old, said) == after
