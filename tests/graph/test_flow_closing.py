"""How cases end and what is measured on the way: disposition, cause, gap, and the raw events of spec 4."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from casefile.events import Client, InboundMessage, MessageReceived
from casefile.records import Alias
from tests.graph.flows import Flow
from tests.graph.whole import MONDAY, World, open_world, phone_of

Opens = Callable[..., Awaitable[Flow]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("closing")


@pytest.fixture
async def opens(folder: Path) -> AsyncIterator[Opens]:
    async with AsyncExitStack() as closing:

        async def opened(who: str = "ct_rina", at: datetime = MONDAY, **desk: Any) -> Flow:
            world = await open_world(folder, desk=desk, at=at)
            closing.callback(world.wired.database.close)
            return Flow(world, who)

        yield opened


def measured(world: World, name: str) -> list[tuple[float, str]]:
    rows = world.rows("SELECT value, detail FROM measures WHERE name = ? ORDER BY id", name)
    return [(row["value"], row["detail"]) for row in rows]


def indexed(world: World) -> tuple[str, str, str]:
    (row,) = world.rows("SELECT disposition, cause, gap FROM cases")
    return row["disposition"], row["cause"], row["gap"]


# --- how a case ends ---------------------------------------------------------------------------------------


async def test_an_answered_case_closes_with_its_cause(opens: Opens) -> None:
    flow = await opens()
    await flow.says("harga paket berapa ya?")
    await flow.says("makasih kak")
    await flow.waits(hours=12)
    assert indexed(flow.world) == ("answered", "R0.page faq.price_list", "")
    await flow.waits(hours=7 * 24)
    assert flow.case().state == "closed"
    notes = [e.entry.notes for _, e in flow.world.effects if e.type == "write_audit"]
    assert notes[-1] == "disposition=answered; cause=R0.page faq.price_list; gap=none; tags="


async def test_a_question_the_customer_never_answered_is_no_answer(opens: Opens) -> None:
    flow = await opens("ct_maya")
    await flow.says("jadwal anak saya kapan?")
    await flow.waits(hours=12)
    assert indexed(flow.world) == ("no_answer", "R1.child next_session", "")
    await flow.waits(hours=7 * 24)
    assert (flow.case().state, flow.case().waiting_for) == ("closed", None)


async def test_what_was_not_understood_or_not_on_a_page_is_a_gap(opens: Opens) -> None:
    flow = await opens()
    await flow.says("yang itu lho")
    assert flow.case().gap == "meaning"
    flow = await opens()
    knowledge = flow.world.wired.knowledge
    pages = knowledge.pages_of(knowledge.in_force() or "")
    await knowledge.publish(
        [page for page in pages if page.page_id != "price_list"], "test", flow.world.clock.now()
    )
    await flow.says("harga paket berapa ya?")
    assert flow.case().gap == "knowledge"


async def test_an_exception_a_coach_allows_is_a_gap_in_the_policy(opens: Opens) -> None:
    flow = await opens("ct_dewi")
    await flow.says("kak sesi rabu ini pindah ke kamis jam 10 pagi bisa ya?")
    await flow.decided("APPROVE")
    await flow.waits(hours=12)
    assert indexed(flow.world) == ("approved", "R3.predicate reschedule", "policy")


# --- answered after it had resolved ------------------------------------------------------------------------


async def test_an_answer_after_the_quiet_hours_takes_its_case_up_again(opens: Opens) -> None:
    flow = await opens()
    await flow.says("mau pindah jadwal dong")
    await flow.waits(hours=12)
    assert flow.case().disposition == "no_answer"
    assert "run RESCHEDULE" in await flow.says("yang nomor 1")
    assert (flow.case().reopened, flow.case().disposition, flow.case().state) == (1, "", "answered")
    assert len(flow.world.rows("SELECT id FROM cases")) == 1
    assert measured(flow.world, "reopened") == [(1.0, "")]


async def test_asked_for_again_it_begins_anew(opens: Opens) -> None:
    flow = await opens("ct_yoga")
    await flow.says("mau pindah jadwal dong")
    await flow.waits(hours=12)
    assert (await flow.says("mau pindah jadwal dong"))[0] == "say reschedule_offer"
    assert flow.case().session_id == "ss_yoga_3" and flow.case().reopened == 1
    await flow.waits(hours=12)
    await flow.waits(hours=6 * 24 + 9)
    assert (await flow.says("mau pindah jadwal ke besok jam 2 siang"))[0] == "say reschedule_confirm"
    assert "7 Desember" in flow.last()


async def test_a_number_answers_the_question_asked_last(opens: Opens) -> None:
    flow = await opens()
    await flow.says("hmm apa ya, uang")
    await flow.waits(hours=12)
    await flow.says("mau pindah jadwal dong")
    assert "run RESCHEDULE" in await flow.says("yang nomor 1")


# --- what is measured --------------------------------------------------------------------------------------


async def test_first_response_counts_working_time_from_what_was_written_to_what_was_said(
    opens: Opens,
) -> None:
    flow = await opens(at=datetime(2026, 11, 23, 13, 10, tzinfo=UTC))
    world = flow.world
    phone = phone_of("ct_rina")
    wrote = datetime(2026, 11, 23, 12, 59, tzinfo=UTC)
    message = MessageReceived(
        account="school",
        received_at=wrote,
        sent_at=wrote,
        client=Client(phone=phone, aliases=(Alias(kind="phone", value=phone),)),
        message=InboundMessage(id="wamid.early", kind="text", text="harga paket berapa ya?"),
    )
    (met,) = await world.wired.journal.receive([message])
    await world.run(met.conversation_id)
    assert flow.case().opened_at == wrote
    # The desk closes at 20.00 WIB, 13.00 UTC: one minute of the eleven is working time.
    assert measured(world, "first_response") == [(60.0, "")]
    await flow.says("makasih kak")
    assert len(measured(world, "first_response")) == 1


async def test_an_answer_that_waits_for_an_operator_is_measured_when_it_is_said(opens: Opens) -> None:
    flow = await opens(mode="pilot", a_approval="human")
    await flow.says("jadwal les aku kapan ya?")
    assert measured(flow.world, "first_response") == []
    flow.world.clock.advance(timedelta(minutes=5))
    await flow.decided("APPROVE", by="sf_tari")
    assert measured(flow.world, "first_response") == [(300.0, "")]
    assert measured(flow.world, "exception_asked") == measured(flow.world, "exception_approved") == []


async def test_a_question_of_who_writes_is_no_refused_action(opens: Opens) -> None:
    flow = await opens("+6281399990009")
    await flow.says("jadwal les aku kapan ya?")
    assert measured(flow.world, "unverified_action") == measured(flow.world, "identity_refused") == []


async def test_refunds_and_exceptions_are_counted_as_asked_and_as_approved(opens: Opens) -> None:
    flow = await opens()
    await flow.says("mau refund dong, uangku balikin")
    await flow.says("alasannya saya pindah kota, mohon refundnya")
    flow.world.clock.advance(timedelta(minutes=2))
    await flow.decided("APPROVE")
    assert (
        measured(flow.world, "refund_asked") == measured(flow.world, "refund_approved") == [(1.0, "REFUND")]
    )
    assert measured(flow.world, "approval_time") == [(120.0, "REFUND")]
    flow = await opens("ct_dewi")
    await flow.says("kak sesi rabu ini pindah ke kamis jam 10 pagi bisa ya?")
    await flow.decided("DENY")
    assert measured(flow.world, "exception_asked") == [(1.0, "RESCHEDULE_EXCEPTION")]
    assert measured(flow.world, "exception_approved") == []


async def test_moves_that_succeed_people_who_take_over_and_ends_are_measured(opens: Opens) -> None:
    flow = await opens()
    await flow.says("mau pindah jadwal dong")
    await flow.presses("slot:1")
    assert measured(flow.world, "reschedule_success") == [(1.0, "SUCCESS")]
    await flow.waits(hours=12)
    assert measured(flow.world, "resolution") == [(12 * 3600.0, "R2")]
    flow = await opens()
    await flow.says("mau ngomong sama orang")
    assert measured(flow.world, "takeover") == [(1.0, "R0.person")]


# --- whose child -------------------------------------------------------------------------------------------


async def test_a_child_named_in_few_words_is_not_taken_for_an_answer_nobody_asked_for(opens: Opens) -> None:
    flow = await opens("ct_hendra")
    assert (await flow.says("kirim ulang invoice Tasya"))[0] == "say invoice"
    assert "INV-2026-1026-001" in flow.last()
    file = flow.world.said[-1].effect.attachment
    assert file is not None and file.document == "invoice:INV-2026-1026-001:id"
    flow = await opens("ct_maya")
    await flow.says("jadwal anak saya kapan?")
    assert (await flow.says("yang Kenzo kak"))[0] == "say next_session"
