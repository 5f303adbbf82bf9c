"""Ways to pay online: which bill one may be made for, and when one is wanted."""

from datetime import timedelta
from typing import Any, Literal

import pytest
from pydantic import ValidationError

from casefile.events import OperationDone
from casefile.facts import Claim, Facts, PaymentFacts
from casefile.packets import Action, CResult
from casefile.payment_events import PaymentRequested, PaymentSettled
from casefile.payments import PaymentLink, PaymentState
from casefile.reading import Slots
from casefile.records import Invoice, InvoiceStatus, Payment
from casefile.verdict import Decision, Verdict
from policies.charging import (
    Charging,
    bill_meant,
    billed,
    bills_read,
    chargeable,
    open_link,
    refusal,
    to_request,
    whose_bills,
)
from tests.policies.worlds import NOW, facts, identity, invoice, reading, snapshot

NUMBER = "INV-2026-0201-007"
ONLINE = Charging(provider="midtrans")


def way_to_pay(**changes: object) -> PaymentLink:
    base = PaymentLink(
        reference=NUMBER,
        invoice=NUMBER,
        provider="midtrans",
        provider_id="p-1",
        amount=1_250_000,
        url="https://pay.example.com/p-1",
        expires_at=NOW + timedelta(hours=1),
    )
    return base.model_copy(update=changes)


def open_bill(state: PaymentState = "PENDING", status: InvoiceStatus = "unpaid", **changes: Any) -> Invoice:
    payment = Payment(state=state, source="invoice")
    return invoice(payment=payment, status=status, number=NUMBER).model_copy(update=changes)


def done(status: str = "SUCCESS", **new_state: Any) -> OperationDone:
    action: Action = "ORDER_CREATE"
    result = CResult.model_validate(
        {"case_id": "c", "status": status, "action": action, "details": "", "new_state": new_state}
    )
    return OperationDone(at=NOW, case_id="c", key="k", result=result)


@pytest.mark.parametrize(
    ("state", "status", "may"),
    [
        ("PENDING", "unpaid", True),
        ("FAILED", "unpaid", True),
        ("EXPIRED", "expired", True),
        ("PENDING", "void", False),
        ("CONFIRMED", "paid", False),
        ("REVERSED", "refunded", False),
        ("REVERSED", "unpaid", False),
    ],
)
def test_a_way_to_pay_is_made_for_what_is_still_to_be_paid(
    state: PaymentState, status: InvoiceStatus, may: bool
) -> None:
    bill = open_bill(state, status, link=way_to_pay())
    assert chargeable(bill) is may
    assert (open_link(bill, NOW) is not None) is may


def test_a_link_is_open_until_it_expires() -> None:
    bill = open_bill(link=way_to_pay())
    assert open_link(bill, NOW + timedelta(minutes=59)) == bill.link
    assert open_link(bill, NOW + timedelta(hours=1)) is None
    assert open_link(open_bill(), NOW) is None
    # An order that was changed since is no longer paid by what was made before.
    assert open_link(open_bill(link=way_to_pay(amount=1_000_000)), NOW) is None


def test_only_the_cases_own_open_bill_and_only_with_a_provider() -> None:
    seen = facts(payments=PaymentFacts(invoices=(open_bill(),), read_at=NOW, rev=4))
    assert refusal(NUMBER, seen, ONLINE) is None
    assert refusal(NUMBER, seen, Charging()) == "this desk takes no payments online"
    foreign = seen.model_copy(
        update={"payments": PaymentFacts(invoices=(open_bill(contact_id="c9"),), read_at=NOW, rev=4)}
    )
    for nobody in (facts(snapshot=None), foreign):
        assert refusal(NUMBER, nobody, ONLINE) == "the invoice is not one of this case's contact"
    over = seen.model_copy(
        update={"payments": PaymentFacts(invoices=(open_bill(status="void"),), read_at=NOW, rev=4)}
    )
    assert refusal(NUMBER, over, ONLINE) == "there is nothing to pay on this invoice"


def test_bills_are_those_of_the_books_before_those_of_the_snapshot() -> None:
    assert bills_read(facts(snapshot=None)) == ()
    assert [bill.number for bill in bills_read(facts())] == [invoice().number]
    seen = facts(payments=PaymentFacts(invoices=(open_bill(amount=5),), read_at=NOW, rev=4))
    assert [bill.amount for bill in bills_read(seen)] == [5]


@pytest.mark.parametrize(
    ("event", "number"),
    [
        (done(invoice_number=NUMBER), NUMBER),
        (done("FAILED", invoice_number=NUMBER), None),
        (done(), None),
    ],
)
def test_an_operation_says_which_bill_it_made(event: OperationDone, number: Literal["INV"] | None) -> None:
    assert billed((event,)) == number


def test_a_way_to_pay_is_wanted_for_a_bill_just_made() -> None:
    seen = facts(payments=PaymentFacts(invoices=(open_bill(),), read_at=NOW, rev=4), identity=identity("NEW"))
    report = said("REPORT", "order_create")
    assert to_request((done(invoice_number=NUMBER),), seen, ONLINE, report) == NUMBER
    assert to_request((done(invoice_number=NUMBER),), seen, Charging(), report) is None
    assert to_request((done(invoice_number="INV-2026-0201-999"),), seen, ONLINE, report) is None
    assert to_request((), seen, ONLINE, report) is None


def said(decision: Decision, intent: str) -> Verdict:
    return Verdict(intent=intent, floor="R1", tier="R1", decision=decision, rules=())


def asking(bill: Invoice, **changes: object) -> Facts:
    held = snapshot(invoices=(bill,))
    return facts(snapshot=held).model_copy(update=changes)


@pytest.mark.parametrize("intent", ["invoice_resend", "payment_status"])
def test_a_way_to_pay_is_wanted_by_who_asks_about_a_bill_that_has_none(intent: str) -> None:
    answer = said("ANSWER", intent)
    assert to_request((), asking(open_bill()), ONLINE, answer) == NUMBER
    assert to_request((), asking(open_bill()), ONLINE, said("LOOK_UP", intent)) == NUMBER
    assert to_request((), asking(open_bill(link=way_to_pay())), ONLINE, answer) is None
    assert to_request((), asking(open_bill(link=way_to_pay(expires_at=NOW))), ONLINE, answer) == NUMBER
    assert to_request((), asking(open_bill("CONFIRMED", "paid")), ONLINE, answer) is None
    # Who says they have paid is not asked to pay.
    assert to_request((), asking(open_bill(), claim=Claim(shown=True)), ONLINE, answer) is None
    assert to_request((), asking(open_bill()), ONLINE, said("ANSWER", "next_session")) is None
    assert to_request((), asking(open_bill()), ONLINE, said("ASK", intent)) is None


def test_the_bill_meant_is_the_one_named_if_it_is_theirs_else_their_newest() -> None:
    older = open_bill(number="INV-2026-0101-001")
    seen = facts(snapshot=snapshot(invoices=(open_bill(), older)))
    assert bill_meant(seen) == open_bill()

    def naming(number: str) -> Facts:
        return seen.model_copy(update={"reading": reading(slots=Slots(invoice_numbers=(number,)))})

    assert bill_meant(naming(older.number)) == older
    assert bill_meant(naming("INV-2026-0101-999")) is None
    assert bill_meant(facts(snapshot=None)) is None


def test_the_books_are_read_anew_for_a_bill_that_was_made_or_changed() -> None:
    asked = PaymentRequested(at=NOW, case_id="c", invoice=NUMBER, why="-")
    settled = PaymentSettled(at=NOW, case_id="c", invoice=NUMBER)
    for event in (asked, settled, done(invoice_number=NUMBER)):
        assert whose_bills((event,), identity("WA_MATCH")) == whose_bills((event,), identity("NEW")) == "c1"
        assert whose_bills((event,), identity("UNKNOWN")) is None
    assert whose_bills((done(),), identity("WA_MATCH")) is None


def test_a_link_lives_for_some_minutes_to_a_week() -> None:
    for minutes in (4, 7 * 24 * 60 + 1):
        with pytest.raises(ValidationError):
            Charging(provider="xendit", expires_minutes=minutes)
