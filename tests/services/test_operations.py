"""Every operation: allowed, once, reported, documented; and the ones that are a person's."""

from pathlib import Path

import pytest
from services_scenes import NOW, ZONE, School, first_message, move, task

from casefile.case import Case
from casefile.events import OperationDone, OperatorCommand
from casefile.packets import CTask
from casefile.payment_events import PaymentSettled
from ports.journal import TurnCommit
from services.ended import EndedTasks
from store.handed import SqlHandedOver
from tests.support.postgres import Opener


async def test_the_result_reaches_the_case_once_and_the_effect_is_settled(school: School) -> None:
    asked = move()
    await school.asked(asked)
    assert [row.key for row in await school.journal.due(NOW, 5)] == ["k1"]
    await school.journal.attempting("k1", NOW)
    await school.operations.run(asked)
    await school.operations.run(asked)
    [row] = await school.journal.unread("wa-628001-ct_rina")
    assert isinstance(row.event, OperationDone)
    assert row.event.result.status == "SUCCESS"
    assert row.event.key == "k1"
    assert [r.key for r in await school.journal.outbox(["accepted"])] == ["k1"]
    assert len(school.database.read("SELECT 1 FROM audit")) == 1


async def test_a_repeat_after_a_crash_returns_the_first_result(open_database: Opener, tmp_path: Path) -> None:
    school = await School(open_database()).open(tmp_path / "records")
    await school.asked(move())
    await school.journal.attempting("k1", NOW)
    first = await school.operations.execute(move())
    school.database.close()
    again = School(open_database())
    again.clock.at = NOW.replace(hour=9)
    assert await again.operations.execute(move()) == first
    assert await again.journal.orphans(NOW) == ()
    assert len(again.database.read("SELECT 1 FROM reschedules WHERE id = 'k1'")) == 1
    again.database.close()


async def test_an_action_that_is_not_listed_is_blocked_and_on_the_record(school: School) -> None:
    result = await school.operations.execute(task("SCHEDULE_LOOKUP", "st_rina"))
    assert result.status == "BLOCKED_POLICY"
    audit = school.database.read("SELECT actor, service, result, body FROM audit")[0]
    assert tuple(audit)[:3] == ("C", "none", "blocked")
    assert "st_rina" not in audit["body"]


async def test_on_hold_nothing_is_done(school: School) -> None:
    held = move().model_copy(update={"verification_status": "HOLD"})
    await school.asked(held)
    result = await school.operations.execute(held)
    assert (result.status, result.rev) == ("NEED_VERIFICATION", 0)
    [row] = await school.journal.unread("wa-628001-ct_rina")
    assert isinstance(row.event, OperationDone)


async def test_without_a_case_nothing_is_done(school: School) -> None:
    result = await school.operations.execute(task("OPT_OUT", "ct_rina", case="nobody"))
    assert result.status == "FAILED"


async def test_an_invoice_is_sent_again_only_to_its_own_contact(school: School) -> None:
    mine = await school.operations.execute(task("INVOICE_RESEND", "INV-2026-0201-001"))
    assert (mine.status, mine.rev, mine.new_state["amount"]) == ("SUCCESS", 0, 1_200_000)
    other = await school.operations.execute(task("INVOICE_RESEND", "INV-2026-0201-001", "k2", "maya"))
    assert other.status == "BLOCKED_POLICY"
    assert other.new_state == {}
    none = await school.operations.execute(task("INVOICE_RESEND", "INV-2026-0201-009", "k3"))
    assert none.status == "FAILED"


async def test_a_payment_is_confirmed_by_a_named_person_with_evidence_only(school: School) -> None:
    def by(key: str, **params: str) -> CTask:
        return task("PAYMENT_CONFIRM_MANUAL", "INV-2026-0201-001", key, "", **params)

    for key, params in (
        ("a", {}),
        ("b", {"staff_id": "sf_tari"}),
        ("c", {"staff_id": "me", "evidence": "x"}),
    ):
        assert (await school.operations.execute(by(key, **params))).status == "BLOCKED_POLICY"
    done = await school.operations.execute(by("d", staff_id="sf_tari", evidence="mutasi SK-2"))
    assert (done.status, done.rev) == ("SUCCESS", 2)
    found = (await school.sources.payments("ct_rina", NOW)).invoices[0]
    assert (found.status, found.payment.state, found.payment.confirmed_by) == ("paid", "CONFIRMED", "sf_tari")
    assert found.payment.evidence == "mutasi SK-2"
    twice = await school.operations.execute(by("e", staff_id="sf_tari", evidence="mutasi SK-2"))
    assert twice.status == "BLOCKED_POLICY"


async def test_a_refund_is_released_and_due_with_who_and_on_what_terms(school: School) -> None:
    asked = await school.approved(
        task("REFUND", "INV-2026-0101-001", amount=600_000), "edited", why="setengah saja"
    )
    result = await school.operations.execute(asked)
    assert result.status == "SUCCESS", result.details
    row = dict(school.database.read("SELECT * FROM refunds")[0])
    assert (row["state"], row["amount"], row["approver"], row["conditions"]) == (
        "due",
        600_000,
        "sf_sinta",
        "setengah saja",
    )
    again = await school.approved(task("REFUND", "INV-2026-0101-001", "k2", amount=1))
    assert (await school.operations.execute(again)).status == "BLOCKED_POLICY"


@pytest.mark.parametrize("action", ["REFUND", "CANCEL", "CONTACT_ERASE", "CONTACT_EXPORT", "CONTACT_CORRECT"])
async def test_what_is_a_persons_decision_needs_one(school: School, action: str) -> None:
    result = await school.operations.execute(task(action, "ct_rina"))
    assert result.status == "BLOCKED_POLICY"
    assert school.database.read("SELECT 1 FROM due_tasks UNION SELECT 1 FROM refunds") == []


@pytest.mark.parametrize("action", ["REFUND", "CANCEL", "CONTACT_ERASE"])
async def test_an_operator_cannot_release_what_is_a_coachs(school: School, action: str) -> None:
    asked = await school.approved(task(action, "ct_rina"), lane="ops")
    assert (await school.operations.execute(asked)).status == "BLOCKED_POLICY"


@pytest.mark.parametrize("amount", ["setengah", True, 12.5])
async def test_a_sum_that_is_no_whole_rupiah_is_not_refunded(school: School, amount: str | float) -> None:
    asked = await school.approved(task("REFUND", "INV-2026-0101-001", amount=amount))
    assert (await school.operations.execute(asked)).status == "FAILED"
    assert school.database.read("SELECT 1 FROM refunds") == []


async def test_more_than_the_invoice_is_never_refunded(school: School) -> None:
    asked = await school.approved(task("REFUND", "INV-2026-0101-001", amount=1_200_001))
    assert (await school.operations.execute(asked)).status == "BLOCKED_POLICY"


async def test_an_order_to_erase_is_due_for_a_named_person_and_says_nothing_was_erased(
    school: School,
) -> None:
    asked = await school.approved(task("CONTACT_ERASE", "ct_rina"))
    result = await school.operations.execute(asked)
    assert result.status == "SUCCESS"
    assert "no data was changed yet" in result.details
    row = school.database.read("SELECT action, assignee, state FROM due_tasks")[0]
    assert tuple(row) == ("CONTACT_ERASE", "sf_sinta", "due")
    assert await school.sources.contact("ct_rina") is not None


async def test_a_request_of_a_new_contact_is_due_for_an_operator(school: School) -> None:
    result = await school.operations.execute(task("ENROL", "ct_rina", request="mau daftar"))
    assert result.new_state["assignee"] == "sf_tari"
    other = await school.operations.execute(task("ENROL", "ct_maya", "k2"))
    assert other.status == "BLOCKED_POLICY"


async def test_opting_out_is_honoured_at_once(school: School) -> None:
    assert (await school.operations.execute(task("OPT_OUT", "ct_rina"))).rev == 2
    contact = await school.sources.contact("ct_rina")
    assert contact is not None
    assert contact.opt_out
    assert (await school.operations.execute(task("OPT_OUT", "ct_maya", "k2"))).status == "BLOCKED_POLICY"
    assert (await school.operations.execute(task("OPT_IN", "ct_rina", "k3"))).new_state == {"opt_out": False}
    assert (await school.operations.execute(task("OPT_IN", "ct_maya", "k4"))).status == "BLOCKED_POLICY"


async def test_both_guardians_get_the_news(school: School) -> None:
    await school.database.submit(lambda tx: tx.execute("INSERT INTO guardians VALUES ('st_alya', 'ct_rina')"))
    result = await school.operations.execute(move(session="ss_today", subject="st_alya", case="maya"))
    assert result.status == "SUCCESS", result.details
    for contact_id in ("ct_maya", "ct_rina"):
        snapshot = await school.sources.snapshot(contact_id)
        assert snapshot is not None
        assert snapshot.rev == 2


async def test_an_approved_cancellation_is_due_for_the_approver(school: School) -> None:
    asked = await school.approved(task("CANCEL", "st_rina", conditions="akhir bulan"))
    result = await school.operations.execute(asked)
    assert result.status == "SUCCESS", result.details
    assert result.new_state == {"state": "due", "assignee": "sf_sinta", "conditions": "akhir bulan"}
    row = school.database.read("SELECT contact_id FROM due_tasks")[0]
    assert row["contact_id"] == "ct_rina"


@pytest.mark.parametrize(
    ("action", "subject"),
    [("CANCEL", "ct_none"), ("REFUND", "ct_none"), ("CONTACT_ERASE", "ct_none"), ("OPT_OUT", "ct_none")],
)
async def test_what_is_not_in_the_records_fails_in_words(school: School, action: str, subject: str) -> None:
    asked = await school.approved(task(action, subject))
    result = await school.operations.execute(asked)
    assert (result.status, result.rev) == ("FAILED", 0)
    assert "in the records" in result.details


async def test_an_approval_nobody_knows_covers_nothing(school: School) -> None:
    result = await school.operations.execute(
        task("REFUND", "ct_rina").model_copy(update={"approval_id": "ap-x"})
    )
    assert (result.status, result.details) == ("BLOCKED_POLICY", "approval ap-x is not known")


async def test_a_refund_without_an_invoice_leaves_the_sum_to_the_person(school: School) -> None:
    result = await school.operations.execute(await school.approved(task("REFUND", "ct_rina")))
    assert result.status == "SUCCESS"
    assert result.new_state["amount"] is None


async def test_a_payment_of_no_invoice_is_not_confirmed(school: School) -> None:
    asked = task("PAYMENT_CONFIRM_MANUAL", "INV-2026-0201-009", staff_id="sf_tari", evidence="x")
    assert (await school.operations.execute(asked)).status == "FAILED"


def test_the_zone_of_the_sample_is_jakarta() -> None:
    assert NOW.astimezone(ZONE).hour == 10


async def test_a_released_refund_is_on_the_list_of_what_people_have_to_do(school: School) -> None:
    asked = await school.approved(task("REFUND", "INV-2026-0101-001", conditions="dipotong admin"))
    result = await school.operations.execute(asked)
    assert (result.status, result.due_from) == ("SUCCESS", "sf_sinta")
    (due,) = await SqlHandedOver(school.database).tasks()
    assert (due.id, due.action, due.assignee, due.conditions) == (
        "k1",
        "REFUND",
        "sf_sinta",
        "dipotong admin",
    )


async def test_a_task_is_done_once_on_the_record_and_pays_its_refund_out(school: School) -> None:
    await school.operations.execute(await school.approved(task("REFUND", "INV-2026-0101-001")))
    handed = SqlHandedOver(school.database, EndedTasks(school.reading).follow)
    (due,) = await handed.tasks()
    event = OperatorCommand(at=NOW, case_id="SCH-rina", command="done", by="sf_sinta", args={"task": "k1"})
    before = len(await school.journal.unread("wa-628001-ct_rina"))
    assert await handed.settle(due, "done", "sf_sinta", NOW, "wa-628001-ct_rina", event)
    assert not await handed.settle(due, "done", "sf_tari", NOW, "wa-628001-ct_rina", event)
    assert await handed.tasks() == ()
    assert [t.state for t in await handed.tasks(every=True)] == ["done"]
    assert school.database.read("SELECT state FROM refunds")[0]["state"] == "paid_out"
    (entry,) = school.database.read("SELECT actor FROM audit WHERE service = 'tasks'")
    assert entry["actor"] == "sf_sinta"
    assert len(await school.journal.unread("wa-628001-ct_rina")) == before + 1


async def claims(school: School, name: str = "rina", **changes: object) -> None:
    """Put a contact's open case into a state, as a turn would leave it."""
    await school.journal.receive([first_message("+6281200001001")])
    row = school.database.read("SELECT body FROM cases WHERE id = ?", (f"SCH-{name}",))[0]
    case = Case.model_validate_json(row["body"]).with_(**changes)
    turn = TurnCommit(f"claim-{name}", case.conversation_id, NOW, (), (case,), (), (), (), ())
    await school.journal.commit(turn)


def confirmation(key: str = "paid") -> CTask:
    params = {"staff_id": "sf_tari", "evidence": "mutasi SK-2"}
    return task("PAYMENT_CONFIRM_MANUAL", "INV-2026-0201-001", key, "").model_copy(
        update={"case_id": "", "params": params}
    )


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"intent": "payment_claim", "state": "with_person"}, True),
        ({"intent": "payment_claim", "state": "answered"}, True),
        ({"intent": "reschedule", "tags": ("signal:payment_claim",), "state": "with_person"}, True),
        ({"intent": "attachment", "state": "with_person"}, True),
        ({"intent": "attachment", "state": "answered"}, False),
        ({"intent": "payment_claim", "state": "resolved"}, False),
        ({"intent": "human_request", "state": "with_person"}, False),
    ],
)
async def test_a_confirmed_payment_enters_the_open_case_that_claimed_it(
    school: School, changes: dict[str, object], told: bool
) -> None:
    await claims(school, **changes)
    assert (await school.operations.execute(confirmation())).status == "SUCCESS"
    events = [row.event for row in await school.journal.unread("wa-628001-ct_rina")]
    paid = [event for event in events if isinstance(event, PaymentSettled)]
    assert [event.case_id for event in paid] == (["SCH-rina"] if told else [])
    assert all(event.invoice == "INV-2026-0201-001" for event in paid)
