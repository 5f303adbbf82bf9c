"""The school's flows as scripts: what comes in, and everything that leaves because of it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from casefile.base import Language
from casefile.reading import Reading, Request
from services.pages import parse_page
from tests.graph.flows import Flow
from tests.graph.whole import World, open_world

Opens = Callable[..., Awaitable[Flow]]
HUMAN = {"a_approval": "human"}
STRANGER = "+6281399990009"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("flows")


@pytest.fixture
async def opens(folder: Path) -> AsyncIterator[Opens]:
    """Open the desk with one customer writing to it."""
    async with AsyncExitStack() as closing:

        async def opened(who: str = "ct_rina", **desk: Any) -> Flow:
            world = await open_world(folder, desk=desk)
            closing.callback(world.wired.database.close)
            return Flow(world, who)

        yield opened


# --- R0 and R1: answered at once, by B alone ---------------------------------------------------------------


async def test_a_faq_is_answered_from_its_page_by_b_alone(opens: Opens) -> None:
    flow = await opens()
    assert await flow.says("harga paket berapa ya?") == [
        "say faq_answer",
        "timer resolve",
        "remember language",
    ]
    assert flow.roles() == ["frontline_b"]
    (cited,) = flow.world.said[0].effect.citations
    assert cited.page_id == "price_list" and cited.release == "v2026-11-23.1"


async def test_a_status_question_is_answered_from_the_customers_own_snapshot(opens: Opens) -> None:
    flow = await opens()
    assert await flow.says("jadwal les aku kapan ya?") == [
        "say next_session",
        "timer resolve",
        "remember language",
    ]
    assert flow.roles() == ["frontline_b"]
    assert "Kamis, 26 November 2026 pukul 16.00 WIB" in flow.last()


async def test_a_stale_snapshot_costs_one_quick_read_by_c(opens: Opens) -> None:
    flow = await opens()
    await flow.waits(minutes=181)
    assert await flow.says("jadwal les aku kapan ya?") == [
        "delta",
        "say next_session",
        "timer resolve",
        "remember language",
    ]
    assert flow.roles() == ["ops_c", "frontline_b"]
    assert await flow.says("sisa sesi berapa?") == ["say sessions_left", "timer resolve"]
    assert flow.roles() == ["frontline_b"]


async def test_which_child_is_asked_once_and_remembered(opens: Opens) -> None:
    flow = await opens("ct_maya")
    assert await flow.says("jadwal anak saya kapan?") == [
        "say which_child",
        "timer resolve",
        "remember language",
    ]
    assert await flow.presses("child:st_kenzo") == [
        "say next_session",
        "timer resolve",
        "remember student_id",
    ]
    assert await flow.says("sisa sesi berapa?") == ["say sessions_left", "timer resolve"]
    assert "Kenzo" in flow.last()


@pytest.mark.parametrize("another", ["kalau Raka?", "Raka?", "what about Raka?"])
async def test_a_childs_name_after_an_answer_asks_the_same_of_that_child(opens: Opens, another: str) -> None:
    flow = await opens("ct_hendra")
    assert "say sessions_left" in await flow.says("sisa sesi Nino berapa?")
    assert "say sessions_left" in await flow.says(another)
    assert "Raka" in flow.last() and "Nino" not in flow.last()


async def test_a_number_nobody_knows_is_asked_who_it_is_and_then_answered(opens: Opens) -> None:
    flow = await opens(STRANGER)
    assert (await flow.says("jadwal les aku kapan ya?"))[0] == "say verification_request"
    assert (await flow.says("INV-2026-1019-001"))[0] == "say verification_incomplete"
    out = await flow.says("rina.anggraini@example.com")
    assert "say next_session" in out and "remember failed_attempts locked_until verified_contact" in out
    assert len(flow.world.rows("SELECT id FROM cases")) == 1


@pytest.mark.parametrize(
    ("who", "asked", "answer", "confirmed"),
    [
        (
            STRANGER,
            "tolong pindahkan les kamis ke jumat jam 10 pagi",
            "INV-2026-1019-001 rina.anggraini@example.com",
            "dipindah ke Jumat, 27 November 2026 pukul 10.00 WIB",
        ),
        (
            "ct_maya",
            "les anakku tolong pindah ke kamis jam 2 siang",
            "Kenzo",
            "dipindah ke Kamis, 26 November 2026 pukul 14.00 WIB",
        ),
    ],
)
async def test_the_hour_is_not_asked_again_because_we_asked_who_they_are(
    opens: Opens, who: str, asked: str, answer: str, confirmed: str
) -> None:
    flow = await opens(who)
    await flow.says(asked)
    assert "say reschedule_confirm" in await flow.says(answer)
    assert confirmed in flow.last()


async def test_three_wrong_pairs_lock_and_the_ops_lane_hears_of_it(opens: Opens) -> None:
    flow = await opens(STRANGER)
    await flow.says("jadwal les aku kapan ya?")
    for _ in range(2):
        out = await flow.says("INV-2026-1019-001 salah@example.com")
        assert out[0] == "say verification_failed"
    out = await flow.says("INV-2026-1019-001 salah@example.com")
    assert "say verification_locked" in out and "post ops:locked" in out
    assert "say verification_locked" in await flow.says("INV-2026-1019-001 rina.anggraini@example.com")
    assert not any("16.00" in one.effect.text for one in flow.world.said)


async def test_two_questions_in_one_message_are_two_cases_answered_together(opens: Opens) -> None:
    flow = await opens()
    out = await flow.says("harga paket berapa ya?\njadwal les aku kapan ya?")
    assert [e for e in out if e.startswith("say ")] == ["say faq_answer", "say next_session"]
    assert len(flow.world.rows("SELECT id FROM cases")) == 2
    assert len(flow.world.commits) == 1


# --- R2: moved inside policy -------------------------------------------------------------------------------


async def test_a_reschedule_is_offered_done_by_c_and_only_then_said(opens: Opens) -> None:
    flow = await opens()
    assert await flow.says("mau pindah jadwal dong") == [
        "say reschedule_offer",
        "timer resolve",
        "remember language",
    ]
    assert await flow.presses("slot:2") == ["run RESCHEDULE", "say reschedule_done", "timer resolve"]
    moved = [record for record, effect in flow.world.effects if effect.type == "run_operation"]
    assert [step["node"] for step in moved[0].steps] == ["frontline_b", "ops_c"]
    (row,) = flow.world.rows("SELECT status FROM sessions WHERE id = 'ss_rina_3'")
    assert row["status"] == "moved"


async def test_a_named_time_is_confirmed_before_it_is_taken(opens: Opens) -> None:
    flow = await opens()
    said = await flow.says("mau pindah jadwal ke rabu jam 10 pagi")
    assert said == ["say reschedule_confirm", "timer resolve", "remember language"]
    assert await flow.presses("no") != ["run RESCHEDULE"]
    assert flow.world.rows("SELECT * FROM operations") == []


async def test_a_slot_taken_between_offer_and_choice_is_replaced_by_others(opens: Opens) -> None:
    flow = await opens()
    await flow.says("mau pindah jadwal dong")
    await _take(flow.world, "sl_001")
    assert await flow.presses("slot:1") == ["say reschedule_not_available", "timer resolve"]
    assert await flow.presses("slot:1") == ["run RESCHEDULE", "say reschedule_done", "timer resolve"]


async def test_a_slot_taken_while_c_writes_moves_nothing_and_others_are_offered(opens: Opens) -> None:
    flow = await opens()
    await flow.says("mau pindah jadwal dong")
    operations = flow.world.wired.operations

    class Late:
        """C's hands, with somebody quicker by a moment."""

        async def run(self, task: Any) -> None:
            await _take(flow.world, str(task.params["slot_id"]))
            await operations.run(task)

    flow.world.wired = replace(flow.world.wired, operations=Late())  # type: ignore[arg-type]
    said = await flow.presses("slot:1")
    assert said == ["run RESCHEDULE", "say reschedule_not_available", "timer resolve"]
    assert flow.case().waiting_for == "slot"
    assert flow.world.rows("SELECT * FROM sessions WHERE id = 'ss_rina_3' AND status = 'moved'") == []
    flow.world.wired = replace(flow.world.wired, operations=operations)
    assert (await flow.presses("slot:1"))[0] == "run RESCHEDULE"
    assert "Beres" in flow.last()


async def test_an_old_button_moves_nothing_a_second_time(opens: Opens) -> None:
    flow = await opens()
    await flow.says("mau pindah jadwal dong")
    await flow.presses("slot:1")
    assert await flow.presses("slot:2") == ["say clarify_open", "timer resolve"]
    assert len(flow.world.rows("SELECT * FROM operations")) == 1


async def test_in_pilot_a_passes_it_and_the_ops_lane_sees_the_packet(opens: Opens) -> None:
    flow = await opens(mode="pilot")
    assert "post ops:packet" in await flow.says("mau pindah jadwal dong")
    out = await flow.presses("slot:1")
    assert out[:3] == ["post ops:packet", "post ops:operation", "run RESCHEDULE"]
    assert out[3:6] == ["say reschedule_done", "timer resolve", "post ops:packet"]
    assert out[6:] == ["post ops:operation"]
    moved = next(record for record, effect in flow.world.effects if effect.type == "run_operation")
    assert [step["node"] for step in moved.steps] == ["frontline_b", "orchestrator_a", "ops_c"]


# --- a person behind A -------------------------------------------------------------------------------------


async def test_an_operator_confirms_an_answer_before_it_leaves(opens: Opens) -> None:
    flow = await opens(mode="pilot", **HUMAN)
    out = await flow.says("jadwal les aku kapan ya?")
    assert "ask OTHER_EXCEPTION" in out and "post ops:approval" in out
    assert flow.world.said == []
    out = await flow.decided("APPROVE", by="sf_tari")
    assert out == [
        "settle approved",
        "stop approval",
        "post ops:approval",
        "say released",
        "timer resolve",
        "stop sla",
        "audit RELEASE",
    ]
    assert "Kamis, 26 November 2026 pukul 16.00 WIB" in flow.last()


async def test_an_operator_confirms_a_move_before_c_works(opens: Opens) -> None:
    flow = await opens(mode="hardening", **HUMAN)
    await flow.says("mau pindah jadwal dong")
    out = await flow.presses("slot:1")
    assert out == ["ask OTHER_EXCEPTION", "post ops:approval", "timer approval", "timer sla"]
    assert flow.world.rows("SELECT * FROM operations") == []
    out = await flow.decided("APPROVE", by="sf_tari")
    assert out[3:6] == ["post ops:operation", "run RESCHEDULE", "say reschedule_done"]
    (row,) = flow.world.rows("SELECT source FROM reschedules WHERE session_id = 'ss_rina_3'")
    assert row["source"] == "customer"


async def test_an_operators_no_moves_nothing_and_is_said(opens: Opens) -> None:
    flow = await opens(mode="hardening", **HUMAN)
    await flow.says("mau pindah jadwal dong")
    await flow.presses("slot:1")
    out = await flow.decided("DENY", by="sf_tari")
    assert out == [
        "settle denied",
        "stop approval",
        "post ops:approval",
        "say released",
        "timer resolve",
        "stop sla",
        "audit DECLINE",
    ]
    assert flow.world.rows("SELECT * FROM operations") == []


# --- R3: a coach decides -----------------------------------------------------------------------------------


async def test_a_refund_is_acknowledged_reviewed_asked_released_and_documented(opens: Opens) -> None:
    flow = await opens()
    out = await flow.says("mau refund dong, uangku balikin")
    assert out == [
        "say refund_received",
        "timer sla",
        "remember language",
        "ask REFUND",
        "post coach:approval",
        "timer approval",
        "post ops:packet",
    ]
    assert flow.roles() == ["frontline_b", "specialist_d", "orchestrator_a"]
    (asked,) = [e.request for _, e in flow.world.effects if e.type == "open_approval"]
    assert asked.cited[0].startswith("refund_policy.id#")
    assert asked.suggested and asked.operation is not None and asked.operation.action == "REFUND"
    out = await flow.decided("APPROVE")
    assert out[:3] == ["settle approved", "stop approval", "post coach:approval"]
    assert out[3:5] == ["post ops:operation", "run REFUND"]
    assert out[5:8] == ["say released", "timer sla", "post ops:task"]
    assert out[8:] == ["post ops:packet", "post ops:operation", "audit REPORT"]
    entries = [e.entry for _, e in flow.world.effects if e.type == "write_audit"]
    assert [entry.actor for entry in entries] == ["A", "A", "A", "E"]


async def test_an_edit_carries_the_operation_out_in_the_persons_words_and_f_learns_from_it(
    opens: Opens,
) -> None:
    flow = await opens()
    await flow.says("mau refund dong, uangku balikin")
    words = "Halo Kak, nanti sore kami telepon untuk langkah berikutnya ya."
    out = await flow.decided("EDIT", text=words)
    assert flow.last() == words
    assert flow.world.said[-1].effect.by == "sf_sinta"
    assert out[-1] == "audit REPORT"
    decided = next(record for record, effect in flow.world.effects if effect.type == "close_approval")
    assert [step["node"] for step in decided.steps][-1] == "content_f"
    learnt = flow.world.rows("SELECT detail FROM measures WHERE name = 'template_update'")
    assert [row["detail"] for row in learnt] == [words]


async def test_a_page_that_changes_under_an_approval_voids_it_and_the_new_yes_carries_it_out(
    opens: Opens,
) -> None:
    flow = await opens()
    await flow.says("mau refund dong, uangku balikin")
    await _rewrite(flow.world, "refund_policy")
    out = await flow.decided("APPROVE")
    assert out == [
        "settle void",
        "post coach:approval",
        "ask REFUND",
        "post coach:approval",
        "timer approval",
    ]
    assert flow.world.rows("SELECT * FROM refunds") == []
    out = await flow.decided("APPROVE", by="sf_bima")
    assert "run REFUND" in out and "say released" in out
    (refund,) = flow.world.rows("SELECT approver FROM refunds")
    assert refund["approver"] == "sf_bima"


async def test_a_time_named_while_a_coach_decides_renews_what_is_decided(opens: Opens) -> None:
    flow = await opens("ct_dewi")
    assert (await flow.says("mau pindah jadwal dong"))[0] == "say reschedule_exception_ask"
    out = await flow.says("yang itu lho")
    assert out[0] == "say reschedule_exception" and "ask RESCHEDULE_EXCEPTION" in out
    out = await flow.says("ke kamis jam 10 pagi bisa?")
    assert out == [
        "say addition_noted",
        "settle void",
        "post coach:approval",
        "ask RESCHEDULE_EXCEPTION",
        "post coach:approval",
        "timer approval",
    ]
    out = await flow.decided("APPROVE")
    assert "run RESCHEDULE" in out
    (row,) = flow.world.rows("SELECT source, new_start FROM reschedules WHERE session_id = 'ss_dewi_2'")
    assert row["source"] == "exception" and row["new_start"].startswith("2026-11-26T03:00")


async def test_a_coach_chooses_one_of_the_ready_times(opens: Opens) -> None:
    flow = await opens("ct_dewi")
    await flow.says("mau pindah jadwal ke kamis dong")
    await flow.says("yang itu lho")
    assert "run RESCHEDULE" in await flow.decided("APPROVE", alternative="slot1")
    assert "say released" not in await flow.says("makasih ya")


async def test_where_none_of_the_times_suits_a_yes_puts_a_person_to_it(opens: Opens) -> None:
    flow = await opens("ct_dewi")
    await flow.says("mau pindah jadwal dong")
    assert "ask RESCHEDULE_EXCEPTION" in await flow.presses("no")
    (asked,) = [e.request for _, e in flow.world.effects if e.type == "open_approval"]
    assert not asked.alternatives
    out = await flow.decided("APPROVE")
    assert "run HAND_OVER" in out and "say released" in out
    (task,) = flow.world.rows("SELECT action, state FROM due_tasks")
    assert (task["action"], task["state"]) == ("HAND_OVER", "due")
    assert "tim kami yang menghubungi" in flow.last()


async def test_a_refund_for_one_of_several_children_is_of_that_childs_bill(opens: Opens) -> None:
    flow = await opens("ct_hendra")
    await flow.says("mau refund paket Raka dong, uangnya balikin")
    (asked,) = [e.request for _, e in flow.world.effects if e.type == "open_approval"]
    assert asked.operation is not None and asked.operation.subject == "INV-2026-1026-002"
    flow = await opens("ct_hendra")
    await flow.says("mau refund dong, uangku balikin")
    (asked,) = [e.request for _, e in flow.world.effects if e.type == "open_approval"]
    assert asked.operation is not None and asked.operation.subject == "ct_hendra"
    assert "amount" not in asked.operation.params


async def test_while_a_coach_decides_the_customer_goes_on_talking(opens: Opens) -> None:
    flow = await opens()
    await flow.says("mau refund dong, uangku balikin")
    out = await flow.says("alasannya saya pindah kota, mohon refundnya")
    assert out == ["say addition_noted", "ask REFUND", "post coach:approval", "post coach:added"]
    assert (await flow.says("harga paket berapa ya?"))[0] == "say faq_answer"
    assert len(flow.world.rows("SELECT id FROM cases")) == 2
    assert "run REFUND" in await flow.decided("APPROVE")


async def test_a_request_taken_back_is_void(opens: Opens) -> None:
    flow = await opens()
    await flow.says("mau refund dong, uangku balikin")
    out = await flow.says("ga jadi deh refundnya")
    assert out[:3] == ["settle void", "stop approval", "post coach:approval"]
    assert "say withdrawal_done" in out
    assert flow.case().disposition == "withdrawn"


async def test_undecided_it_is_reminded_of_and_the_customer_told_and_it_never_decides_itself(
    opens: Opens,
) -> None:
    flow = await opens()
    await flow.says("mau refund dong, uangku balikin")
    reminded = ["ask REFUND", "post coach:reminder", "timer approval"]
    # They were told by when they hear; a reminder of the lane is none of theirs.
    for told in ["say approval_status_update"], [], []:
        assert await flow.waits(minutes=121) == [*told, *reminded]
    assert flow.world.rows("SELECT * FROM operations") == []
    assert "say released" in await flow.decided("DENY")


# --- to a person, and to an end ----------------------------------------------------------------------------


class Puzzled:
    """A reader to whom nothing is clear."""

    def read(
        self,
        text: str,
        *,
        now: datetime,
        zone: ZoneInfo,
        conversation_language: Language | None,
        names: Any = (),
    ) -> Reading:
        unclear = Request(intent="unclear", confidence=0.1, text=text)
        return Reading(language="id", normalized=text, requests=(unclear,), abstained=True)


async def test_after_three_questions_that_did_not_help_a_person_takes_over(opens: Opens) -> None:
    flow = await opens()
    wired = flow.world.wired
    flow.world.wired = replace(wired, runner=replace(wired.runner, understander=Puzzled()))
    for _ in range(3):
        assert (await flow.says("yang itu lho"))[0] == "say clarify_open"
    out = await flow.says("yang itu lho")
    assert "post ops:handover" in out and flow.case().state == "with_person"


async def test_a_case_that_goes_round_for_too_long_goes_to_a_person(opens: Opens) -> None:
    flow = await opens()
    for _ in range(12):
        assert (await flow.says("mau pindah jadwal dong kak"))[0] == "say reschedule_offer"
    assert "post ops:handover" in await flow.says("mau pindah jadwal dong kak")
    assert len(flow.world.rows("SELECT id FROM cases")) == 1


async def test_the_other_childs_lesson_is_a_case_of_its_own(opens: Opens) -> None:
    flow = await opens("ct_maya")
    await flow.says("mau pindah jadwal Alya dong")
    await flow.says("mau pindah jadwal Kenzo juga dong")
    rows = flow.world.rows("SELECT json_extract(body, '$.student_id') AS student FROM cases ORDER BY id")
    assert [row["student"] for row in rows] == ["st_alya", "st_kenzo"]


async def test_quiet_it_resolves_reopens_counted_and_closes(opens: Opens) -> None:
    flow = await opens()
    await flow.says("harga paket berapa ya?")
    assert await flow.waits(hours=12) == ["audit SETTLE", "timer close"]
    assert flow.case().state == "resolved"
    assert await flow.says("harga paket berapa ya?") == ["say faq_answer", "timer resolve"]
    assert (flow.case().reopened, flow.case().state) == (1, "answered")
    await flow.waits(hours=12)
    assert await flow.waits(hours=7 * 24) == ["audit SETTLE", "forget"]
    assert flow.case().state == "closed"
    await flow.says("harga paket berapa ya?")
    assert len(flow.world.rows("SELECT id FROM cases")) == 2
    assert flow.case().reopened == 0


async def test_with_the_schedule_down_nothing_is_claimed_and_nobody_is_left_without_a_word(
    opens: Opens,
) -> None:
    flow = await opens()
    flow.world.health.names = frozenset({"schedule"})
    assert "timer sla" in await flow.says("jadwal les aku kapan ya?")
    assert "16.00" not in flow.last()
    assert await flow.waits(minutes=30) == ["say status_update", "timer sla", "post ops:stalled"]


async def test_who_asks_for_a_person_gets_one_and_what_follows_reaches_them(opens: Opens) -> None:
    flow = await opens()
    out = await flow.says("mau ngomong sama orang")
    assert out == ["say handed_to_person", "remember language", "post ops:handover", "timer sla"]
    assert flow.case().owner == "person:ops"


async def _take(world: World, slot_id: str) -> None:
    await world.wired.database.submit(
        lambda tx: tx.execute("UPDATE slots SET session_id = 'ss_budi_1' WHERE id = ?", (slot_id,))
    )


async def _rewrite(world: World, page_id: str) -> None:
    knowledge = world.wired.knowledge
    pages = [
        parse_page(f"{page.page_id}.{page.language}", f"{page.source}\nDiperbarui.\n")
        if page.page_id == page_id
        else page
        for page in knowledge.pages_of(knowledge.in_force() or "")
    ]
    await knowledge.publish(pages, "test", world.clock.now())
