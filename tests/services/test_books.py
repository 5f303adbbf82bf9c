"""The books of online payments, on both databases: a provider's word moves a payment and its bill, once."""

from datetime import date, timedelta
from typing import Any

import pytest
from services_scenes import NOW, READING, School, first_message

from casefile.errors import PaymentRefused
from casefile.events import CASE_EVENT, CaseEvent, Client
from casefile.payment_effects import RefundPayment, RequestPayment
from casefile.payment_events import (
    BillNews,
    PaymentNotified,
    PaymentRequested,
    PaymentReturned,
    PaymentSettled,
)
from casefile.payments import Charge, PaymentLink, PaymentState, Provider, ProviderState
from casefile.records import Alias
from policies.charging import Charging
from policies.desk import Rules
from policies.followups import FollowUp
from policies.limits import Limits
from services.bookkeeping import KeptBooks
from services.books import apply
from services.followups import InvoiceFollowUps
from services.payments import RequestedPayments
from store.payments import heard
from tests.policies.worlds import HOURS

BILL, AMOUNT = "INV-2026-0201-001", 1_200_000
RINA, WHERE = "+6281200001001", "wa-school-ct_rina"


class Ledger:
    """A provider that remembers what it was asked for, and says of it what it is told to."""

    name: Provider = "midtrans"

    def __init__(self) -> None:
        self.charges: list[Charge] = []
        self.says: dict[str, ProviderState] = {}
        self.taken: set[str] = set()
        self.gives_back = False

    async def request(self, charge: Charge, attempt: int) -> PaymentLink:
        if charge.reference in self.taken:
            raise PaymentRefused("taken", "used before")
        self.charges.append(charge)
        return PaymentLink(
            reference=charge.reference,
            invoice=charge.invoice,
            attempt=attempt,
            provider="midtrans",
            provider_id=f"tx-{charge.reference}",
            amount=charge.amount,
            url=f"https://pay.example.com/{charge.reference}",
            expires_at=charge.expires_at,
        )

    async def state(self, link: PaymentLink) -> ProviderState:
        if link.reference not in self.says:
            raise PaymentRefused("404", "not here")
        return self.says[link.reference]

    async def refund(self, link: PaymentLink, amount: int, key: str, reason: str) -> None:
        if not self.gives_back:
            raise PaymentRefused("412", "too late")

    async def end(self, link: PaymentLink) -> None:
        raise PaymentRefused("412", "over already")

    async def check(self) -> None:
        return


class Clock:
    """A clock that stands."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> Any:
        return self.at

    async def wait_until(self, at: Any, wake: Any) -> None:
        raise AssertionError("nothing waits here")


class Till:
    """A school's books with a provider."""

    def __init__(self, school: School) -> None:
        self.school = school
        self.provider = Ledger()
        self.clock = Clock()
        self.books = KeptBooks(school.database, self.provider, READING)
        charging = Charging(provider="midtrans", expires_minutes=60)
        self.requests = RequestedPayments(school.database, self.provider, charging, READING, self.clock)

    async def request(self, key: str = "SCH-rina:1:pay", number: str = BILL) -> str:
        return await self.requests.request(RequestPayment(key=key, invoice_number=number), "SCH-rina", WHERE)

    async def says(self, state: PaymentState, reference: str = BILL, **changes: Any) -> PaymentState | None:
        words = {"CONFIRMED": "settlement", "FAILED": "deny", "EXPIRED": "expire", "PENDING": "pending"}
        said = ProviderState(
            reference=reference,
            provider_id=f"tx-{reference}",
            amount=changes.pop("amount", AMOUNT),
            word=changes.pop("word", words.get(state, "refund")),
            state=state,
            **changes,
        )
        self.provider.says[reference] = said
        return await self.school.database.submit(
            lambda tx: apply(tx, READING, said, reference, self.clock.now())
        )

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        return [tuple(dict(row).values()) for row in self.school.database.read(sql, values)]

    def bill(self) -> tuple[Any, ...]:
        (row,) = self.rows(
            "SELECT status, payment_state, payment_source FROM invoices WHERE number = ?", BILL
        )
        return row

    def doubts(self) -> list[str]:
        return [row[0] for row in self.rows("SELECT kind FROM payment_doubts ORDER BY kind")]

    def events(self) -> list[CaseEvent]:
        rows = self.rows("SELECT body FROM inbox WHERE channel IN ('payments', 'books', 'bills') ORDER BY id")
        return [CASE_EVENT.validate_json(row[0]) for row in rows]

    async def notice(self, word: str, reference: str = BILL, *, signed: bool = True) -> bool:
        event = PaymentNotified(
            source="midtrans",
            account="school",
            received_at=NOW,
            reference=reference,
            provider_id=f"tx-{reference}",
            word=word,
            signed=signed,
            body="{}",
        )
        (got,) = await self.school.journal.receive([event])
        return got.new


@pytest.fixture
async def till(school: School) -> Till:
    return Till(school)


# --- asking for a way to pay ----------------------------------------------------------------------------------


async def test_a_way_to_pay_is_made_once_and_told_to_whoever_asked(till: Till) -> None:
    assert await till.request() == await till.request() == f"tx-{BILL}"
    await till.request(key="SCH-rina:2:pay")
    assert len(till.provider.charges) == 1
    told = [e for e in till.events() if isinstance(e, PaymentRequested)]
    assert [(e.case_id, e.link and e.link.url) for e in told] == [
        ("SCH-rina", f"https://pay.example.com/{BILL}")
    ] * 2
    (snapshot,) = till.rows("SELECT body FROM snapshots WHERE contact_id = 'ct_rina'")
    assert "pay.example.com" in snapshot[0]


async def test_one_that_ran_out_is_made_anew_under_another_name(till: Till) -> None:
    await till.request()
    till.clock.at += timedelta(hours=1)
    await till.says("EXPIRED")
    await till.request(key="later")
    assert [c.reference for c in till.provider.charges] == [BILL, f"{BILL}.2"]
    last = till.events()[-1]
    assert isinstance(last, PaymentRequested) and last.link is not None and last.link.attempt == 2


async def test_a_name_that_was_used_before_is_passed_over(till: Till) -> None:
    till.provider.taken = {BILL, f"{BILL}.2"}
    assert await till.request() == f"tx-{BILL}.3"


async def test_what_cannot_be_paid_is_told_and_nobody_is_asked(till: Till) -> None:
    await till.request(number="INV-2026-0101-001")
    await till.request(key="other", number="INV-2026-0201-999")
    assert till.provider.charges == []
    assert [e.link for e in till.events() if isinstance(e, PaymentRequested)] == [None, None]


# --- the provider's word --------------------------------------------------------------------------------------


async def test_paid_once_whoever_says_it_and_however_often(till: Till) -> None:
    await till.request()
    assert await till.says("CONFIRMED") == "CONFIRMED"
    assert await till.says("CONFIRMED") is None
    assert await till.says("PENDING") is None
    assert till.bill() == ("paid", "CONFIRMED", "provider_read")
    assert till.doubts() == []
    settled = [e for e in till.events() if isinstance(e, PaymentSettled)]
    assert [(e.case_id, e.invoice) for e in settled] == [("SCH-rina", BILL)]


async def test_another_amount_confirms_nothing(till: Till) -> None:
    await till.request()
    await till.says("CONFIRMED", amount=AMOUNT - 1)
    assert till.bill() == ("unpaid", "PENDING", "invoice")
    assert till.doubts() == ["amount"]


async def test_money_after_its_time_counts_and_a_person_hears_of_it(till: Till) -> None:
    await till.request()
    await till.says("EXPIRED")
    assert till.bill() == ("unpaid", "PENDING", "invoice")
    await till.says("CONFIRMED")
    assert till.bill() == ("paid", "CONFIRMED", "provider_read")
    assert till.doubts() == ["late"]


async def test_a_bill_past_its_day_runs_out_with_its_last_way_to_pay(till: Till) -> None:
    await till.request()
    till.clock.at += timedelta(days=4)
    await till.says("EXPIRED")
    assert till.bill() == ("expired", "EXPIRED", "provider_read")
    await till.request(key="again")
    assert till.bill() == ("unpaid", "PENDING", "provider_read")
    # The old one runs out once more, which says nothing of the new one.
    await till.says("FAILED")
    assert till.bill()[:2] == ("unpaid", "PENDING")


async def test_denied_after_it_was_paid_is_taken_back(till: Till) -> None:
    await till.request()
    await till.says("CONFIRMED")
    assert await till.says("FAILED") == "REVERSED"
    assert await till.says("CONFIRMED") is None
    assert till.bill() == ("unpaid", "REVERSED", "provider_read")
    assert till.doubts() == ["reversed"]


async def test_paid_and_given_back_before_anybody_looked_is_booked_and_told_to_nobody(till: Till) -> None:
    await till.request()
    assert await till.says("REVERSED", refunded=AMOUNT) == "REVERSED"
    assert till.bill() == ("refunded", "REVERSED", "provider_read")
    assert till.doubts() == ["reversed"]
    assert not any(isinstance(e, PaymentSettled | BillNews) for e in till.events())


async def test_given_back_whole_is_refunded_and_in_part_is_still_paid(till: Till) -> None:
    await till.request()
    await till.says("CONFIRMED")
    await till.says("CONFIRMED", word="partial_refund", refunded=200_000)
    assert till.bill()[:2] == ("paid", "CONFIRMED")
    assert till.rows("SELECT refunded FROM payment_links") == [(200_000,)]
    await till.says("REVERSED", refunded=AMOUNT)
    assert till.bill()[:2] == ("refunded", "REVERSED")


async def test_a_second_payment_and_one_for_what_is_void_are_a_persons(till: Till) -> None:
    await till.request()
    till.clock.at += timedelta(hours=2)
    await till.request(key="second")
    await till.says("CONFIRMED", f"{BILL}.2")
    await till.says("CONFIRMED")
    assert till.doubts() == ["twice"]
    assert till.rows("SELECT evidence FROM invoices WHERE number = ?", BILL) == [(f"{BILL}.2",)]
    # The one that did not count is given back: the bill stays paid by the other.
    await till.says("REVERSED", refunded=AMOUNT)
    assert till.bill()[:2] == ("paid", "CONFIRMED")


async def test_money_for_a_void_bill_confirms_nothing(till: Till) -> None:
    await till.request()
    await till.school.database.submit(
        lambda tx: tx.execute("UPDATE invoices SET status = 'void' WHERE number = ?", (BILL,))
    )
    await till.says("CONFIRMED")
    assert till.bill()[:2] == ("void", "PENDING")
    assert till.doubts() == ["not_owed"]


# --- what is heard --------------------------------------------------------------------------------------------


async def test_a_notice_is_kept_once_and_has_the_payment_looked_at_while_it_is_news(till: Till) -> None:
    await till.request()
    assert [await till.notice("settlement"), await till.notice("settlement")] == [True, False]
    await till.says("CONFIRMED")
    await till.books.look(NOW)
    assert not await till.books.waiting()
    assert not await till.notice("settlement")
    assert not await till.books.waiting()
    assert await till.notice("refund") and await till.books.waiting()


async def test_what_is_not_signed_is_kept_nowhere_and_only_has_a_payment_looked_at(till: Till) -> None:
    await till.request()
    assert not await till.notice("refund", signed=False)
    assert not await till.notice("refund", "INV-2026-0101-009", signed=False)
    assert till.rows("SELECT * FROM payment_notices") == []
    assert await till.books.waiting()
    await till.says("PENDING")
    await till.books.look(NOW)
    assert till.bill() == ("unpaid", "PENDING", "invoice")


async def test_a_notice_that_is_quicker_than_we_are_is_looked_into_all_the_same(till: Till) -> None:
    await till.notice("settlement")
    assert not await till.books.waiting()
    await till.request()
    assert [news for _, news in heard(till.school.database.read, 9)] == [1]


async def test_lost_news_are_found_by_comparing_and_told(till: Till) -> None:
    await till.request()
    await till.says("PENDING")
    later = NOW + timedelta(minutes=15)
    till.provider.says[BILL] = till.provider.says[BILL].model_copy(
        update={"state": "CONFIRMED", "word": "settlement"}
    )
    assert await till.books.compare(later, later)
    assert till.bill()[:2] == ("paid", "CONFIRMED")
    (doubt,) = await till.books.doubts()
    assert (doubt.kind, doubt.invoice, doubt.contact_id, doubt.amount) == ("missed", BILL, "ct_rina", AMOUNT)
    await till.books.told(doubt, later)
    assert await till.books.doubts() == ()
    # Asked about in this slot already: nobody asks again before the next.
    del till.provider.says[BILL]
    assert await till.books.compare(later, later)
    assert till.doubts() == ["missed"]
    assert await till.books.compare(later + timedelta(minutes=15), later)
    assert till.doubts() == ["missed", "unknown"]


# --- giving back ----------------------------------------------------------------------------------------------


async def given_back(till: Till) -> None:
    """Have the provider give a paid bill's money back, asked twice as after a crash."""
    await till.request()
    await till.says("CONFIRMED")
    await till.school.database.submit(
        lambda tx: tx.execute(
            "INSERT INTO refunds (id, invoice_number, contact_id, amount, state, approver, conditions, approval_id,"
            " case_id, released_at) VALUES ('r1', ?, 'ct_rina', 5, 'sent', 'sf_laras', '', 'ap', 'SCH-rina', '')",
            (BILL,),
        )
    )
    if till.provider.gives_back:
        del till.provider.says[BILL]
    refund = RefundPayment(key="r1:back", refund_id="r1", reference=BILL, amount=5)
    for _ in range(2):
        await till.requests.run(refund, "SCH-rina", WHERE)


async def test_what_is_given_back_is_paid_out_by_nobody_else_although_its_state_is_not_told(
    till: Till,
) -> None:
    till.provider.gives_back = True
    await given_back(till)
    assert till.rows("SELECT id FROM due_tasks") == []
    assert till.rows("SELECT state FROM refunds") == [("paid",)]
    returned = [e for e in till.events() if isinstance(e, PaymentReturned)]
    assert [(e.amount, e.why) for e in returned] == [(5, "")]


async def test_what_the_provider_will_not_give_back_is_a_named_persons_task(till: Till) -> None:
    await given_back(till)
    assert till.rows("SELECT id, action, assignee, state FROM due_tasks") == [
        ("r1", "REFUND", "sf_laras", "due")
    ]
    assert till.rows("SELECT state FROM refunds") == [("due",)]
    returned = [e for e in till.events() if isinstance(e, PaymentReturned)]
    assert [(e.amount, bool(e.why)) for e in returned] == [(5, True)]


# --- follow-up ------------------------------------------------------------------------------------------------


def follow_ups(till: Till, **rules: Any) -> InvoiceFollowUps:
    told = Rules(desk="school", limits=Limits(), hours=HOURS, mode="production", **rules)
    return InvoiceFollowUps(till.school.database, told, FollowUp(before_days=2, after_days=3))


async def wrote(till: Till) -> None:
    client = Client(phone=RINA, aliases=(Alias(kind="phone", value=RINA),))
    await till.school.journal.receive([first_message(RINA).model_copy(update={"client": client})])


async def test_an_unpaid_bill_is_spoken_of_once_a_stage(till: Till) -> None:
    await wrote(till)
    due = date(2026, 2, 13)
    said: list[tuple[str, str]] = []
    for day in range(8):
        now = NOW + timedelta(days=day)
        await till.school.database.submit(
            lambda tx, at=now: tx.execute("UPDATE conversations SET window_opened_at = ?", (at.isoformat(),))
        )
        assert await follow_ups(till).remind(now)
        assert await follow_ups(till).remind(now)
        fresh = [e for e in till.events() if isinstance(e, BillNews)][len(said) :]
        said += [((now.date() - due).days, e.stage) for e in fresh]
    assert said == [(-2, "before"), (0, "on"), (3, "after")]


async def test_who_does_not_want_to_hear_and_who_cannot_be_reached_is_not_written_to(till: Till) -> None:
    now = NOW + timedelta(days=1)
    await till.school.database.submit(
        lambda tx: tx.execute("UPDATE contacts SET opt_out = 1 WHERE id = 'ct_rina'")
    )
    await wrote(till)
    await follow_ups(till).remind(now)
    assert till.rows("SELECT stage, state FROM follow_ups") == [("before", "opted_out")]
    await till.school.database.submit(
        lambda tx: tx.execute("UPDATE contacts SET opt_out = 0 WHERE id = 'ct_rina'")
    )
    await follow_ups(till).remind(now + timedelta(days=2))
    assert till.rows("SELECT stage, state FROM follow_ups ORDER BY stage DESC") == [
        ("on", "unreachable"),
        ("before", "opted_out"),
    ]
    assert till.events() == []


async def test_a_bill_paid_within_a_week_of_being_spoken_of_is_recovered(till: Till) -> None:
    await wrote(till)
    await till.request()
    await till.school.database.submit(
        lambda tx: tx.execute(
            "INSERT INTO follow_ups (invoice_number, stage, state, at) VALUES (?, 'on', 'due', ?)",
            (BILL, (NOW - timedelta(days=6)).isoformat()),
        )
    )
    await till.says("CONFIRMED")
    assert till.rows("SELECT value, detail FROM measures WHERE name = 'payment_recovered'") == [
        (AMOUNT, BILL)
    ]
