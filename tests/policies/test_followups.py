"""Follow-up of unpaid bills: on which days, to whom, and whether it may still be said."""

from datetime import date, timedelta
from typing import Literal

import pytest

from casefile.facts import Facts, PaymentFacts
from casefile.payment_events import BillNews
from casefile.records import Invoice
from casefile.verdict import Verdict
from policies.charging import to_request, whose_bills
from policies.followups import FollowUp, to_be_said, whom
from policies.outcomes import ahead
from policies.reminders import Way
from tests.policies.test_charging import NUMBER, ONLINE, open_bill, way_to_pay
from tests.policies.test_window import REOPEN
from tests.policies.worlds import NOW, case, contact, conversation, facts, identity, invoice, rules

OPEN = Way(contact_id="c1", conversation_id="wa-1-c1", window_opened_at=NOW - timedelta(hours=1))
CLOSED = Way(contact_id="c1", conversation_id="wa-2-c1", window_opened_at=NOW - timedelta(days=2))
NEVER = Way(contact_id="c1")


def news(stage: Literal["before", "on", "after", "paid", "lapsed"] = "on", number: str = NUMBER) -> BillNews:
    return BillNews(at=NOW, invoice=number, stage=stage)


def seen(bill: Invoice, opened: bool = True, **changes: object) -> Facts:
    talk = conversation(window_opened_at=NOW if opened else NOW - timedelta(days=2))
    read = PaymentFacts(invoices=(bill,), read_at=NOW, rev=4)
    return facts(payments=read, conversation=talk).model_copy(update=changes)


def test_each_stage_looks_for_the_bills_of_its_own_day() -> None:
    assert FollowUp(before_days=2, after_days=3).days(date(2026, 3, 1)) == {
        "before": date(2026, 3, 3),
        "on": date(2026, 3, 1),
        "after": date(2026, 2, 26),
    }


@pytest.mark.parametrize(
    ("ways", "can_invite", "standing", "where"),
    [
        ([CLOSED, OPEN], False, "due", OPEN),
        ([CLOSED], False, "unreachable", None),
        ([CLOSED], True, "due", CLOSED),
        ([NEVER], True, "unreachable", None),
        ([OPEN.model_copy(update={"opt_out": True})], True, "opted_out", None),
        ([], True, "unreachable", None),
    ],
)
def test_it_is_said_where_they_can_be_reached_or_invited(
    ways: list[Way], can_invite: bool, standing: str, where: Way | None
) -> None:
    assert whom(ways, NOW, can_invite=can_invite) == (standing, where)


def test_it_is_said_only_while_the_books_have_it_so_and_its_customer_wants_to_hear() -> None:
    assert to_be_said(news(), seen(open_bill()), can_invite=False)
    assert not to_be_said(news(), seen(open_bill("CONFIRMED", "paid")), can_invite=False)
    assert not to_be_said(news(number="INV-2026-0201-999"), seen(open_bill()), can_invite=False)
    assert not to_be_said(news(), seen(open_bill(), contact=contact(opt_out=True)), can_invite=False)
    assert not to_be_said(news(), seen(open_bill(), contact=None), can_invite=False)
    assert not to_be_said(news(), seen(open_bill(), identity=identity("UNKNOWN")), can_invite=False)
    assert not to_be_said(news(), seen(open_bill(), opened=False), can_invite=False)
    assert to_be_said(news(), seen(open_bill(), opened=False), can_invite=True)


def test_that_it_is_paid_is_said_to_who_wants_no_reminders_too() -> None:
    silent = contact(opt_out=True)
    assert to_be_said(news("paid"), seen(invoice(number=NUMBER), contact=silent), can_invite=False)
    assert not to_be_said(news("paid"), seen(open_bill(), contact=silent), can_invite=False)


def test_that_a_bill_lapsed_is_said_while_it_is_void_to_who_can_be_reached() -> None:
    void = open_bill().model_copy(update={"status": "void"})
    assert to_be_said(news("lapsed"), seen(void), can_invite=False)
    assert not to_be_said(news("lapsed"), seen(open_bill()), can_invite=True)
    assert not to_be_said(news("lapsed"), seen(void, opened=False), can_invite=True)


def test_what_is_to_be_said_of_a_bill_is_reported_and_the_rest_leaves_no_case() -> None:
    told = ahead(case(), seen(open_bill(), opened=False), news(), rules(reopen=REOPEN), served=True)
    assert (told.decision, told.rules[0].id) == ("REPORT", "BILL.news")
    for verdict in (
        ahead(case(), seen(open_bill(), opened=False), news(), rules(), served=True),
        ahead(case(), seen(open_bill()), news(), rules(), served=False),
    ):
        assert (verdict.decision, verdict.rules[0].id) == ("SETTLE", "BILL.unsaid")


def test_a_bill_that_comes_due_gets_a_way_to_be_paid_and_its_books_are_read() -> None:
    report = Verdict(intent="payment_status", floor="R1", tier="R1", decision="REPORT", rules=())
    assert whose_bills((news(),), identity("WA_MATCH")) == "c1"
    assert to_request((news(),), seen(open_bill()), ONLINE, report) == NUMBER
    assert to_request((news(),), seen(open_bill(link=way_to_pay())), ONLINE, report) is None
    assert to_request((news(number="INV-2026-0201-999"),), seen(open_bill()), ONLINE, report) is None
    assert to_request((news("paid"),), seen(invoice(number=NUMBER)), ONLINE, report) is None
