from datetime import UTC, date, datetime, timedelta

import pytest

from casefile.case import Case
from casefile.events import ApprovalGiven, CaseEvent, OperationDone
from casefile.facts import Claim, Facts, PaymentFacts
from casefile.packets import CResult
from casefile.reading import Slots, WhenSlot
from casefile.records import Payment, StudentSnapshot
from policies.grounds import done_now, grounds
from policies.limits import Cutoff, Limits
from policies.payments import PayTo
from tests.policies.builders import NOW, contact, schedule, session, slot
from tests.policies.shop_worlds import order
from tests.policies.test_charging import open_bill, way_to_pay
from tests.policies.worlds import (
    HOURS,
    IDENTITIES,
    STUDENTS,
    case,
    facts,
    identity,
    invoice,
    reading,
    request,
    rules,
    snapshot,
)

PAID = "Invoice INV-2026-0201-007 sudah lunas, Kak."
PERSONAL = ("Dimas", "INV-2026", "1.250.000", "Paket 8", "Maya", "lunas", "Februari 2026")


def said(seen: Facts, *events: OperationDone) -> str:
    return "\n".join(grounds(case(), seen, events, rules(), "id"))


def test_a_verified_customers_own_fresh_data_may_be_said() -> None:
    text = said(facts(contact=contact(full_name="Rina Wijaya")))
    assert all(word in text for word in (*PERSONAL, "Rina Wijaya"))
    assert "Dimas Pratama 1 1" in text and "Jumat, 13 Februari 2026 pukul 10.00 WIB Maya" in text


@pytest.mark.parametrize("status", [s for s in IDENTITIES if s not in ("WA_MATCH", "VERIFIED")])
def test_whoever_is_not_verified_has_no_grounds_in_account_data(status: str) -> None:
    who = identity().model_copy(update={"status": status})
    text = said(facts(identity=who, contact=contact(wa_name="Rin", full_name="Rina Wijaya")))
    assert "Rin" in text and "Wijaya" not in text
    assert not any(word in text for word in PERSONAL)


def test_a_locked_customer_has_none_either() -> None:
    text = said(facts(identity=identity(locked=True), contact=None))
    assert not any(word in text for word in PERSONAL)


def test_a_count_of_last_month_is_no_ground_for_this_one() -> None:
    midnight = datetime(2026, 2, 28, 17, 0, tzinfo=UTC)
    held = snapshot().model_copy(update={"as_of": midnight - timedelta(minutes=1)})
    assert "Dimas Pratama 1 1" in " ".join(said(facts(schedule=None)).split())
    assert "1 1" not in " ".join(said(facts(snapshot=held, schedule=None, now=midnight)).split())


@pytest.mark.parametrize("held", [None, snapshot(181), snapshot(contact_id="c2"), snapshot(rev=0)])
def test_a_stale_or_foreign_snapshot_is_never_grounds(held: object) -> None:
    seen = facts(snapshot=held, schedule=None)
    assert not any(word in said(seen) for word in PERSONAL if word != "Dimas")
    assert done_now(case(), seen, (), PAID) == frozenset()


def test_a_schedule_counts_only_for_a_student_of_this_customer() -> None:
    free = slot(NOW + timedelta(days=9))
    own = facts(snapshot=None, schedule=schedule(free_slots=(free,)))
    assert "Kamis, 19 Februari 2026 pukul 10.00 WIB Maya" in said(own)
    assert "Maya" not in said(own.model_copy(update={"students": STUDENTS[1:]}))


def test_bills_count_only_when_they_are_this_customers() -> None:
    bills = (invoice(number="INV-2026-0202-001"), invoice(number="INV-2026-0202-002", contact_id="c2"))
    read = PaymentFacts(invoices=bills, read_at=NOW, rev=4)
    text = said(facts(snapshot=None, payments=read))
    assert "INV-2026-0202-001" in text and "INV-2026-0202-002" not in text


def test_a_bill_without_a_payment_date_and_a_student_without_package() -> None:
    unpaid = invoice(payment=Payment(state="PENDING", source="none"))
    bare = StudentSnapshot(student_id="st1", name="Dimas Pratama", reschedules_this_month=3)
    text = said(facts(snapshot=snapshot(invoices=(unpaid,), students=(bare,)), schedule=None))
    assert "menunggu pembayaran" in text and "Dimas Pratama 3 0" in text and "Paket 8 3" not in text


def test_where_an_open_bill_is_paid_and_until_when() -> None:
    read = PaymentFacts(invoices=(open_bill(link=way_to_pay()),), read_at=NOW, rev=4)
    assert "https://pay.example.com/p-1" in said(facts(snapshot=None, payments=read))


def test_limits_windows_and_titles_may_be_said_to_anyone() -> None:
    unknown = facts(identity=identity("UNKNOWN"), titles={"faq.price_list": "Harga les"}, contact=None)
    due = case(due_at=NOW + timedelta(hours=3))
    by = rules(limits=Limits(free_reschedules=4, cutoff=Cutoff(calendar_days=1)))
    text = "\n".join(grounds(due, unknown, (), by, "id"))
    assert all(word in text for word in ("4", "H-1", "Harga les", "hari ini sebelum pukul 13.00 WIB"))


def done(status: str = "SUCCESS", action: str = "RESCHEDULE", **new: object) -> OperationDone:
    result = CResult.model_validate(
        {
            "case_id": "SCH-2026-0001",
            "status": status,
            "action": action,
            "details": "",
            "old_state": {"start": session().start.isoformat(), "coach": "Maya"},
            "new_state": new,
        }
    )
    return OperationDone(at=NOW, case_id="SCH-2026-0001", key="k", result=result)


def test_what_c_brought_back_may_be_said() -> None:
    moved = done(start=(NOW + timedelta(days=8)).isoformat(), coach="Bagas", reschedules_this_month=2)
    text = said(facts(snapshot=None, schedule=None), moved)
    assert "Rabu, 18 Februari 2026 pukul 10.00 WIB Bagas" in text and "2 0" in text.splitlines()
    assert "10.00 WIB Maya" in text


def test_done_is_only_what_c_did_or_a_person_decided() -> None:
    def says(on: Case, *events: CaseEvent) -> frozenset[str]:
        return done_now(on, facts(), events, "Sudah ya, Kak.")

    assert says(case(), done()) == {"rescheduled"}
    assert says(case(release="Sudah ya, Kak."), done()) == {"rescheduled", "approved", "exception"}
    assert says(case(), done(action="OPT_OUT")) == {"opt_out"}
    assert says(case(), done("BLOCKED_POLICY")) == frozenset()
    yes = ApprovalGiven(at=NOW, case_id="x", approval_id="a1", decision="EDIT", by="maya")
    assert says(case(), yes) == {"approved", "exception"}
    assert says(case(), yes.model_copy(update={"decision": "DENY"})) == frozenset()


def test_paid_is_said_only_of_the_bills_a_text_names() -> None:
    pending = invoice(number="INV-2026-0202-001", payment=Payment(state="PENDING", source="none"))
    seen = facts(snapshot=snapshot(invoices=(invoice(), pending)))
    assert done_now(case(), seen, (), PAID) == {"confirmed"}
    assert done_now(case(), seen, (), f"{PAID} INV-2026-0202-001") == frozenset()
    assert done_now(case(), seen, (), "Sudah lunas, Kak.") == frozenset()
    assert done_now(case(), facts(identity=identity("UNKNOWN")), (), PAID) == frozenset()


def test_the_numbers_of_choices_and_attempts_are_said_only_where_they_are_asked() -> None:
    quiet = facts(contact=None, identity=identity("UNKNOWN"), snapshot=None, schedule=None)
    plain = grounds(case(), quiet, (), rules(), "id")
    assert "60" not in plain and "1 2 3" not in plain
    failed = identity("MISMATCH", attempt="failed")
    tried = quiet.model_copy(update={"identity": failed, "identity_changes": {"failed_attempts": 1}})
    assert {"60", "2"} <= set(grounds(case(), tried, (), rules(), "id"))
    locked = quiet.model_copy(update={"identity": identity("MISMATCH", locked=True)})
    assert {"60", "3"} <= set(grounds(case(), locked, (), rules(), "id"))
    unsure = reading(request("unclear")).model_copy(update={"abstained": True})
    assert "1 2 3" in grounds(case(), quiet.model_copy(update={"reading": unsure}), (), rules(), "id")


def test_an_event_that_brought_nothing_back_gives_nothing_to_say() -> None:
    quiet = facts(snapshot=None, schedule=None)
    yes = ApprovalGiven(at=NOW, case_id="x", approval_id="a1", decision="APPROVE", by="maya")
    told = done(action="OPT_OUT")
    told = told.model_copy(update={"result": told.result.model_copy(update={"old_state": {}})})
    assert grounds(case(), quiet, (yes, told), rules(), "id") == grounds(case(), quiet, (), rules(), "id")


def test_what_the_books_say_now_outweighs_the_snapshot() -> None:
    pending = invoice(payment=Payment(state="PENDING", source="invoice"))
    stale = snapshot(invoices=(pending,))
    read = PaymentFacts(invoices=(invoice(),), read_at=NOW, rev=4)
    assert done_now(case(), facts(snapshot=stale), (), PAID) == frozenset()
    assert done_now(case(), facts(snapshot=stale, payments=read), (), PAID) == {"confirmed"}
    foreign = PaymentFacts(invoices=(invoice(contact_id="c2"),), read_at=NOW, rev=4)
    assert done_now(case(), facts(payments=foreign), (), PAID) == frozenset()
    unknown = facts(payments=read, identity=identity("UNKNOWN"), snapshot=None)
    assert done_now(case(), unknown, (), PAID) == frozenset()


def test_where_bills_are_paid_may_be_said_to_anyone() -> None:
    pay_to = PayTo(bank="BCA", account="1230004567", holder="PT Suara Kita")
    ours = rules().model_copy(update={"pay_to": pay_to})
    stranger = facts(identity=identity("UNKNOWN"), contact=None)
    assert set(pay_to.values().values()) <= set(grounds(case(), stranger, (), ours, "id"))
    assert "BCA" not in grounds(case(), stranger, (), rules(), "id")


def test_the_day_that_is_asked_about_may_be_said_with_the_desks_own_hours() -> None:
    tomorrow = WhenSlot(text="besok", date=date(2026, 2, 11))
    asks = reading(request("faq.opening_hours"), slots=Slots(when=(tomorrow,)))
    text = "\n".join(grounds(case(), facts(asks), (), rules(), "id"))
    assert "besok (Rabu, 11 Feb)" in text and "Rabu, 11 Februari 2026 pukul 20.00 WIB" in text
    off = rules(hours=HOURS.model_copy(update={"holidays": frozenset({date(2026, 2, 11)})}))
    text = "\n".join(grounds(case(), facts(asks), (), off, "id"))
    assert "Kamis, 12 Februari 2026 pukul 09.00 WIB" in text and "Kamis, 12 Februari" in text


def test_when_a_claim_is_looked_at_may_be_said_and_an_approval_on_record_too() -> None:
    claimed = facts(claim=Claim(shown=True, due_at=NOW + timedelta(hours=5)))
    assert "hari ini sebelum pukul 15.00 WIB" in "\n".join(grounds(case(), claimed, (), rules(), "id"))
    assert done_now(case(disposition="approved"), facts(), (), "Sudah disetujui.") == {"approved"}
    assert done_now(case(disposition="denied"), facts(), (), "Sudah disetujui.") == frozenset()


def test_how_an_order_stands_may_be_said_from_a_fresh_snapshot() -> None:
    held = snapshot().model_copy(update={"open_orders": (order(tracking="JT0301"),)})
    assert "ORD-2026-0025" in said(facts(snapshot=held)) and "JT0301" in said(facts(snapshot=held))
    late = held.model_copy(update={"as_of": NOW - timedelta(days=1)})
    assert "ORD-2026-0025" not in said(facts(snapshot=late))
