"""What people take up, carry out and answer, as scripts: the loop between a case and the people of the school."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from casefile.effects import ChannelTemplate
from casefile.events import CaseEvent, DeliveryFailed, OperatorCommand, WindowClosed
from casefile.packets import CTask
from tests.graph.flows import BY_PEOPLE, Flow
from tests.graph.whole import open_world

Opens = Callable[..., Awaitable[Flow]]
WORDS = "Kak, trialnya Sabtu pagi ya. Sampai ketemu!"
BUDIS_BILL = "INV-2026-1117-001"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("people")


@pytest.fixture
async def opens(folder: Path) -> AsyncIterator[Opens]:
    """Open the desk with one customer writing to it."""
    async with AsyncExitStack() as closing:

        async def opened(who: str = "ct_rina", **desk: Any) -> Flow:
            world = await open_world(folder, desk=desk)
            closing.callback(world.wired.database.close)
            return Flow(world, who)

        yield opened


def posts(flow: Flow, thread: str) -> list[str]:
    """Return the words of a thread's posts."""
    found = [e for _, e in flow.world.effects if e.type == "post_to_lane" and e.thread.startswith(thread)]
    return [post.html for post in found]


async def happens(flow: Flow, event: CaseEvent, name: str = "test") -> list[str]:
    """Let an event reach the newest case; return what left because of it."""
    case, now = flow.case(), flow.world.clock.now()
    await flow.world.wired.journal.submit(case.conversation_id, event, f"{name}:{case.turn}", now)
    await flow.world.run(case.conversation_id)
    return flow.out()


async def told(flow: Flow, command: str, text: str = "", by: str = "sf_tari") -> list[str]:
    """Let a person answer the newest case, or say that its order is done."""
    event = OperatorCommand.model_validate(
        {
            "at": flow.world.clock.now(),
            "case_id": flow.case().id,
            "command": command,
            "by": by,
            "args": {"text": text},
        }
    )
    return await happens(flow, event)


# --- orders that a person carries out ----------------------------------------------------------------------


async def test_a_trial_is_put_before_a_named_person_with_a_clock(opens: Opens) -> None:
    flow = await opens(**BY_PEOPLE)
    out = await flow.says("mau daftar trial dong")
    assert out == [
        "remember language",
        "run BOOKING_CREATE",
        "say trial_received",
        "timer sla",
        "post ops:task",
    ]
    assert "sebelum pukul 20.00 WIB" in flow.last()
    (post,) = posts(flow, "task:")
    for words in ("Tari Handayani", "SCH-2026-0001", "mau daftar trial dong", "pukul 20.00 WIB", "+62…1001"):
        assert words in post
    assert "sf_" not in post
    case = flow.case()
    assert (case.state, case.owner) == ("with_person", "person:sf_tari")


async def test_nobody_waits_for_an_order_without_a_word(opens: Opens) -> None:
    flow = await opens(**BY_PEOPLE)
    await flow.says("mau daftar trial dong")
    assert await flow.waits(hours=9, minutes=56) == ["say status_update", "timer sla", "post ops:stalled"]
    (post,) = posts(flow, "stalled:")
    assert "menunggu: Tari Handayani" in post and "sf_" not in post


async def test_a_quiet_clock_from_before_does_not_settle_what_a_person_has_to_do(opens: Opens) -> None:
    flow = await opens()
    assert "timer resolve" in await flow.says("jadwal les aku kapan ya?")
    flow.world.health.names = frozenset({"schedule"})
    await flow.says("jadwal les aku kapan ya?")
    assert flow.case().state == "with_person"
    await flow.waits(hours=13)
    assert flow.case().state == "with_person"


async def test_what_is_done_is_told_in_the_persons_words_and_the_case_is_answered(opens: Opens) -> None:
    flow = await opens(**BY_PEOPLE)
    await flow.says("mau daftar trial dong")
    assert await told(flow, "done", WORDS) == ["say released", "timer resolve", "stop sla", "audit RELAY"]
    assert (flow.last(), flow.world.said[-1].effect.by) == (WORDS, "sf_tari")
    assert (flow.case().state, flow.case().order) == ("answered", None)
    assert flow.roles() == ["frontline_b", "data_e"]


async def test_what_is_done_without_a_word_only_stops_the_clock(opens: Opens) -> None:
    flow = await opens(**BY_PEOPLE)
    await flow.says("mau daftar trial dong")
    said = len(flow.world.said)
    assert await told(flow, "done") == ["audit SETTLE", "timer close", "forget", "stop sla"]
    assert len(flow.world.said) == said
    assert (flow.case().state, flow.case().order) == ("resolved", None)


async def test_an_answer_leaves_the_order_due_but_the_customer_is_not_kept_waiting(opens: Opens) -> None:
    flow = await opens(**BY_PEOPLE)
    await flow.says("mau daftar trial dong")
    assert await told(flow, "reply", WORDS) == ["say released", "timer sla", "audit RELAY"]
    assert flow.case().state == "with_person"
    assert await flow.waits(hours=9, minutes=56) == ["timer sla", "post ops:stalled"]


async def test_an_approved_refund_is_put_before_who_pays_it_out(opens: Opens) -> None:
    flow = await opens()
    await flow.says("mau refund dong, uangku balikin")
    out = await flow.decided("APPROVE", by="sf_bima", conditions="dipotong admin")
    assert out[-6:-3] == ["say released", "timer sla", "post ops:task"]
    (post,) = posts(flow, "task:")
    for words in ("Bima Pratama", "Bayarkan refund", "INV-2026-1019-001", "Rp 2.640.000", "dipotong admin"):
        assert words in post
    assert flow.case().owner == "person:sf_bima"
    (task,) = flow.world.rows("SELECT action, assignee, state FROM due_tasks")
    assert tuple(task) == ("REFUND", "sf_bima", "due")


async def test_an_approved_cancellation_is_a_task_whose_customer_waits_to_hear_that_it_is_done(
    opens: Opens,
) -> None:
    flow = await opens()
    await flow.says("aku mau berhenti les, tolong batalkan paketku")
    out = await flow.decided("APPROVE")
    assert "run CANCEL" in out and "post ops:task" in out
    assert await flow.waits(hours=10) == ["say status_update", "timer sla", "post ops:stalled"]


# --- people's names ----------------------------------------------------------------------------------------


async def test_the_lanes_name_people_and_the_record_keeps_their_ids(opens: Opens) -> None:
    flow = await opens()
    await flow.says("mau refund dong, uangku balikin")
    await flow.decided("APPROVE", conditions="dipotong admin")
    shown = "\n".join(posts(flow, ""))
    assert "Disetujui</b> oleh Sinta Maharani" in shown and "Penanggung jawab: <b>Sinta Maharani" in shown
    assert "sf_" not in shown
    (approval,) = flow.world.rows("SELECT decided_by FROM approvals")
    assert approval["decided_by"] == "sf_sinta"


# --- a person answers --------------------------------------------------------------------------------------


async def test_who_has_been_promised_an_answer_gets_it_in_the_persons_own_words(opens: Opens) -> None:
    flow = await opens()
    await flow.says("mau ngomong sama orang")
    out = await told(flow, "reply", "Halo Kak, dengan Tari. Ada yang bisa dibantu?")
    assert out == ["say released", "timer resolve", "stop sla", "audit RELAY"]
    assert flow.world.said[-1].effect.by == "sf_tari"
    assert (flow.case().state, flow.case().window[-1].who) == ("answered", "person")
    assert "say status_update" not in await flow.waits(hours=11)
    (entry,) = [
        e.entry for _, e in flow.world.effects if e.type == "write_audit" and e.entry.action == "RELAY"
    ]
    assert entry.approver == "sf_tari"


async def test_an_answer_does_not_take_a_decision_away(opens: Opens) -> None:
    flow = await opens()
    await flow.says("mau refund dong, uangku balikin")
    assert await told(flow, "reply", WORDS) == []
    assert flow.case().state == "awaiting_approval"
    assert "run REFUND" in await flow.decided("APPROVE")


# --- money that came ---------------------------------------------------------------------------------------


async def confirmed(flow: Flow, invoice: str = BUDIS_BILL) -> list[str]:
    """Let a named staff member confirm a payment by hand."""
    task = CTask(
        case_id="",
        action="PAYMENT_CONFIRM_MANUAL",
        subject=invoice,
        params={"staff_id": "sf_tari", "evidence": "mutasi bank"},
        verification_status="OK",
        idempotency_key=f"paid:{invoice}",
    )
    result = await flow.world.wired.operations.execute(task)
    assert result.status == "SUCCESS"
    for conversation, _, _ in await flow.world.wired.journal.waiting():
        await flow.world.run(conversation)
    return flow.out()


async def test_a_confirmed_payment_reaches_who_said_they_had_paid(opens: Opens) -> None:
    flow = await opens("ct_budi")
    await flow.says("udah transfer ya")
    assert flow.case().state == "with_person"
    assert await confirmed(flow) == ["say payment_confirmed", "timer resolve", "stop sla"]
    assert f"{BUDIS_BILL} sudah lunas" in flow.last() and "Rp 1.400.000" in flow.last()
    assert flow.case().state == "answered"
    reads = [read.port for read in flow.world.effects[-1][0].reads]
    assert "Books.payments" in reads


async def test_a_confirmed_payment_nobody_asked_about_is_not_announced(opens: Opens) -> None:
    flow = await opens("ct_budi")
    await flow.says("harga paket berapa ya?")
    assert await confirmed(flow) == []


async def test_while_the_books_cannot_be_read_nothing_is_said_to_be_paid(opens: Opens) -> None:
    flow = await opens("ct_budi")
    await flow.says("udah transfer ya")
    flow.world.health.names = frozenset({"payments"})
    assert await confirmed(flow) == ["say status_update", "timer sla", "post ops:stalled"]
    assert "lunas" not in flow.last()
    assert flow.case().state == "with_person"


# --- words that never arrived ------------------------------------------------------------------------------


async def test_an_outcome_that_did_not_arrive_is_a_persons_again(opens: Opens) -> None:
    flow = await opens()
    await flow.says("mau refund dong, uangku balikin")
    await flow.waits(hours=26)
    await flow.decided("DENY")
    assert flow.case().state == "answered"
    failed = DeliveryFailed(at=flow.world.clock.now(), case_id=flow.case().id, key="k", why="131047")
    assert await happens(flow, failed) == ["stop resolve", "timer sla"]
    assert (flow.case().state, flow.case().owner) == ("with_person", "person:ops")
    assert flow.roles() == ["orchestrator_a"]
    # Their clock is the staff's: nothing more can be written to the customer.
    assert await flow.waits(hours=24) == ["timer sla", "post ops:stalled"]


async def test_a_status_update_that_did_not_arrive_leaves_the_decision_where_it_is(opens: Opens) -> None:
    flow = await opens()
    await flow.says("mau refund dong, uangku balikin")
    failed = DeliveryFailed(at=flow.world.clock.now(), case_id=flow.case().id, key="k", why="131026")
    assert await happens(flow, failed) == []
    assert flow.case().state == "awaiting_approval"
    assert "say released" in await flow.decided("DENY")


async def test_words_that_wait_invite_the_customer_once_and_leave_the_case_as_it_is(opens: Opens) -> None:
    flow = await opens("ct_emma")
    await flow.says("I want my money back, please refund my package")
    await flow.waits(hours=26)
    await flow.decided("DENY")
    closed = WindowClosed(at=flow.world.clock.now(), case_id=flow.case().id, key="k")
    assert await happens(flow, closed) == ["say reopen", "remember invited_at", "post ops:window"]
    invitation = flow.world.said[-1].effect
    assert invitation.channel_template == ChannelTemplate(name="kabar_menunggu", language="en")
    assert flow.last().startswith("Hi, Suara Kita has news")
    assert flow.roles() == ["frontline_b", "orchestrator_a"]
    assert flow.case().state == "answered"
    assert await happens(flow, closed, "again") == []
    await flow.waits(minutes=1)
    await flow.says("yes?")
    assert "say reopen" in await happens(flow, closed, "anew")


async def test_a_desk_without_an_approved_message_gives_the_case_to_a_person(opens: Opens) -> None:
    flow = await opens(reopen_template=None)
    await flow.says("mau refund dong, uangku balikin")
    await flow.waits(hours=26)
    await flow.decided("DENY")
    closed = WindowClosed(at=flow.world.clock.now(), case_id=flow.case().id, key="k")
    assert await happens(flow, closed) == ["stop resolve", "timer sla"]
    assert (flow.case().state, flow.case().owner) == ("with_person", "person:ops")


async def test_while_a_person_still_decides_nobody_is_invited(opens: Opens) -> None:
    flow = await opens()
    await flow.says("mau refund dong, uangku balikin")
    closed = WindowClosed(at=flow.world.clock.now(), case_id=flow.case().id, key="k")
    assert await happens(flow, closed) == []
    assert flow.case().state == "awaiting_approval"


# --- not on the pilot's list -------------------------------------------------------------------------------


async def test_who_is_not_served_in_the_pilot_is_pointed_on_and_left_in_peace(opens: Opens) -> None:
    flow = await opens(mode="pilot", pilot_allowlist=["+6281200001015"])
    out = await flow.says("jadwal les aku kapan ya?")
    assert out == [
        "say pilot_redirect",
        "timer resolve",
        "remember language",
        "post ops:pilot",
    ]
    assert flow.case().state == "answered"
    assert await flow.waits(hours=11) == []
