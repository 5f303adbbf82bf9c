"""Decisions of people: who may, by which way, how often, and with which words."""

from dataclasses import dataclass
from typing import Literal

import pytest

from casefile.approval import ApprovalRecord
from casefile.base import Lane
from tests.gateway_engine.room import RINA, Room

SINTA, BIMA, TARI, STRANGER = 710001, 710002, 710011, 999


@dataclass(frozen=True, slots=True)
class Act:
    """What a person did in a lane."""

    kind: Literal["press", "reply", "command"]
    user_id: int
    text: str = ""
    token: str | None = None
    buttons: tuple[str, ...] = ()
    id: str = "1"
    lane: Lane = "coach"
    message_id: str | None = None


async def asked(room: Room, text: str = "mau refund dong, uangku balikin") -> ApprovalRecord:
    """Let Rina ask for something a coach decides, and return the pending approval."""
    await room.start()
    await room.answered(RINA, text)
    (row,) = room.rows("SELECT token FROM approvals WHERE state = 'pending'")
    record = await room.wired.journal.approval_by_token(row["token"])
    assert record is not None
    room.phones.sent.clear()
    return record


async def press(room: Room, record: ApprovalRecord, code: str, user_id: int = SINTA) -> str:
    said = await room.decisions.act(Act("press", user_id, token=f"{code}:{record.request.token}"))
    await room.rests()
    return said


async def reply(room: Room, record: ApprovalRecord, text: str, user_id: int = SINTA) -> str:
    buttons = (f"a:{record.request.token}", f"d:{record.request.token}")
    said = await room.decisions.act(Act("reply", user_id, text=text, buttons=buttons))
    await room.rests()
    return said


def outcome(room: Room) -> tuple[str, str | None]:
    """Return what became of the approval, and by whom."""
    (row,) = room.rows("SELECT state, decided_by FROM approvals")
    return row["state"], row["decided_by"]


async def test_a_coach_presses_approve_and_exactly_the_shown_words_leave(room: Room) -> None:
    record = await asked(room)
    assert await press(room, record, "a") == "Disetujui. Pelanggan segera dikabari."
    assert outcome(room) == ("approved", "sf_sinta")
    assert room.phones.texts() == [record.request.text]
    (refund,) = room.rows("SELECT approver, state FROM refunds")
    assert tuple(refund) == ("sf_sinta", "due")


@pytest.mark.parametrize(
    "words",
    [
        "EDIT Halo Kak, sama seperti Budi Santoso (+6281200001002) kami kembalikan.",
        "EDIT ! Halo Kak, sama seperti budi santoso ya.",
        "approve, hubungi 0812-0000-1002 ya",
        "approve ! lihat budi.santoso@example.com",
        "EDIT ! Tagihan INV-2026-1102-003 juga begitu ya Kak.",
    ],
)
async def test_nobody_insists_on_another_customers_data(room: Room, words: str) -> None:
    record = await asked(room)
    said = await reply(room, record, words)
    assert said.startswith("memuat data pelanggan lain") or "memuat data pelanggan lain" in said
    assert said.endswith("Bagian ini tidak boleh dikirim; tolong ubah.")
    assert outcome(room) == ("pending", None)
    assert room.phones.sent == []


async def test_the_customers_own_data_may_be_in_a_persons_words(room: Room) -> None:
    record = await asked(room)
    await reply(room, record, "EDIT ! Halo Kak Rina Anggraini, sudah kami catat ya, nomor 0812-0000-1001.")
    assert outcome(room) == ("edited", "sf_sinta")


async def test_a_coach_presses_deny_and_nothing_is_carried_out(room: Room) -> None:
    record = await asked(room)
    assert await press(room, record, "d") == "Ditolak. Pelanggan segera dikabari."
    assert outcome(room) == ("denied", "sf_sinta")
    assert room.phones.texts() == [record.request.deny_text]
    assert room.rows("SELECT * FROM refunds") == []


@pytest.mark.parametrize(
    ("words", "state"),
    [("approve", "approved"), ("Setuju", "approved"), ("DENY", "denied"), ("/tolak@loket_bot", "denied")],
)
async def test_typed_words_decide_like_buttons(room: Room, words: str, state: str) -> None:
    record = await asked(room)
    await reply(room, record, words)
    assert outcome(room) == (state, "sf_sinta")


@pytest.mark.parametrize(
    "words", ["approve?", "setuju nggak ya", "hmm", "boleh dicek dulu", "EDIT", "edit   "]
)
async def test_what_is_no_decision_decides_nothing_and_says_how(room: Room, words: str) -> None:
    record = await asked(room)
    said = await reply(room, record, words)
    assert "EDIT" in said
    assert outcome(room) == ("pending", None)
    assert room.phones.sent == []


async def test_a_message_in_the_group_that_answers_no_post_is_left_alone(room: Room) -> None:
    await asked(room)
    assert await room.decisions.act(Act("reply", STRANGER, text="approve")) == ""
    assert "APPROVE" in await room.decisions.act(Act("reply", SINTA, text="approve"))
    assert outcome(room) == ("pending", None)


async def test_the_first_of_two_coaches_wins_and_the_second_is_told_who_and_when(room: Room) -> None:
    record = await asked(room)
    await press(room, record, "a", SINTA)
    said = await press(room, record, "d", BIMA)
    assert "Sinta Maharani" in said and "10.00" in said and "sf_" not in said
    assert outcome(room) == ("approved", "sf_sinta")
    assert len(room.phones.sent) == 1


async def test_two_coaches_in_the_same_instant_are_one_decision(room: Room) -> None:
    record = await asked(room)
    act = room.decisions.act
    said = [
        await act(Act("press", user, token=f"{code}:{record.request.token}"))
        for user, code in ((SINTA, "d"), (BIMA, "a"))
    ]
    await room.rests()
    assert said[0].startswith("Ditolak")
    assert not said[1].startswith("Disetujui")
    assert outcome(room) == ("denied", "sf_sinta")
    assert room.rows("SELECT * FROM refunds") == []


@pytest.mark.parametrize("user_id", [STRANGER, TARI])
@pytest.mark.parametrize("code", ["a", "d", "e", "x1"])
async def test_who_is_not_listed_for_the_lane_decides_nothing(room: Room, user_id: int, code: str) -> None:
    record = await asked(room)
    said = await press(room, record, code, user_id)
    assert "terdaftar" in said
    assert outcome(room) == ("pending", None)
    assert room.phones.sent == []


async def test_a_refused_press_is_on_the_record(room: Room) -> None:
    record = await asked(room)
    await press(room, record, "a", STRANGER)
    rows = room.rows("SELECT body FROM audit WHERE key LIKE 'approvals:decide:%'")
    assert len(rows) == 1
    assert '"result":"blocked"' in rows[0]["body"] and "not_allowed" in rows[0]["body"]


async def test_an_edit_sends_the_persons_own_words_and_marks_them_as_theirs(room: Room) -> None:
    record = await asked(room)
    words = "Kak Rina, permintaannya sudah aku baca ya. Nanti sore aku telepon untuk ngobrol dulu."
    assert (await press(room, record, "e")).startswith("Balas pesan ini dengan: EDIT")
    await reply(room, record, f"EDIT {words}")
    assert outcome(room) == ("edited", "sf_sinta")
    assert room.phones.texts() == [words]
    assert room.phones.sent[0].by == "sf_sinta"


async def test_words_that_look_wrong_are_held_until_the_person_insists(room: Room) -> None:
    record = await asked(room)
    words = "Boleh Kak? Hari apa? Jam berapa? Sama siapa?"
    held = await reply(room, record, f"EDIT {words}")
    assert "EDIT !" in held
    assert outcome(room) == ("pending", None)
    await reply(room, record, f"EDIT ! {words}")
    assert room.phones.texts() == [words]


async def test_internal_words_leave_by_no_insisting(room: Room) -> None:
    record = await asked(room)
    words = "Kak, ini kasus tier R3, orchestrator kami sedang cek."
    for sign in ("", "! "):
        said = await reply(room, record, f"EDIT {sign}{words}")
        assert "tidak boleh dikirim" in said
    assert outcome(room) == ("pending", None)
    assert room.phones.sent == []


async def test_conditions_are_said_to_the_customer_and_become_a_task_for_who_set_them(room: Room) -> None:
    record = await asked(room)
    await reply(room, record, "APPROVE setelah dipotong biaya admin")
    assert outcome(room) == ("approved", "sf_sinta")
    (text,) = room.phones.texts()
    assert "setelah dipotong biaya admin" in text
    (task,) = room.lanes.in_thread("conditions:")
    assert "Sinta Maharani" in task.html and "dipotong biaya admin" in task.html
    (refund,) = room.rows("SELECT conditions FROM refunds")
    assert refund["conditions"] == "setelah dipotong biaya admin"


async def test_a_ready_alternative_has_its_own_words_and_not_the_operation(room: Room) -> None:
    record = await asked(room)
    (credit,) = record.request.alternatives
    await press(room, record, "x1")
    assert room.phones.texts() == [credit.text]
    assert room.rows("SELECT * FROM refunds") == []


async def test_a_button_for_an_alternative_that_is_not_there_decides_nothing(room: Room) -> None:
    record = await asked(room)
    for code in ("x2", "x9", "x0"):
        await press(room, record, code)
        assert outcome(room) == ("pending", None)
    assert room.rows("SELECT * FROM refunds") == []


async def test_a_withdrawn_request_is_void_and_its_buttons_say_so(room: Room) -> None:
    record = await asked(room)
    await room.answered(RINA, "ga jadi deh kak refundnya")
    assert outcome(room)[0] == "void"
    room.phones.sent.clear()
    assert "batal" in await press(room, record, "a")
    assert room.phones.sent == []
    assert room.rows("SELECT * FROM refunds") == []


async def test_a_made_up_token_is_nothing(room: Room) -> None:
    record = await asked(room)
    said = await room.decisions.act(Act("press", SINTA, token="a:0123456789abcdef"))
    assert said == "Permintaan ini tidak ada lagi, atau sudah diganti yang baru."
    assert await room.decisions.act(Act("press", SINTA, token=f"q:{record.request.token}")) == ""
    assert outcome(room) == ("pending", None)


async def test_the_decided_post_loses_its_buttons(room: Room) -> None:
    record = await asked(room)
    (before,) = room.lanes.in_thread(f"approval:{record.request.id}")
    assert len(before.buttons) == 4
    await press(room, record, "d")
    (after,) = room.lanes.in_thread(f"approval:{record.request.id}")
    assert after.buttons == ()


@pytest.mark.parametrize("words", ["approve!", "APPROVE !!", "setuju!"])
async def test_a_loud_yes_is_a_yes_without_conditions(room: Room, words: str) -> None:
    record = await asked(room)
    await reply(room, record, words)
    assert outcome(room) == ("approved", "sf_sinta")
    assert room.lanes.in_thread("conditions:") == []


async def reply_to_post(room: Room, start: str, text: str, user_id: int) -> str:
    """Answer the newest post of a thread, as a person does who reads that one."""
    post = room.lanes.in_thread(start)[-1]
    buttons = tuple(button.value for button in post.buttons)
    said = await room.decisions.act(Act("reply", user_id, text=text, buttons=buttons))
    await room.rests()
    return said


async def test_the_reminder_and_the_addition_can_be_answered_too(room: Room) -> None:
    record = await asked(room)
    await room.answered(RINA, "alasannya saya pindah kota, mohon refundnya")
    await room.passes(minutes=121)
    assert "EDIT" in await reply_to_post(room, "added:", "hmm", SINTA)
    room.phones.sent.clear()
    assert await reply_to_post(room, "reminder:", "APPROVE", BIMA) == "Disetujui. Pelanggan segera dikabari."
    assert outcome(room) == ("approved", "sf_bima")
    assert room.phones.texts() == [record.request.text]


async def test_a_reason_for_a_no_is_kept_and_is_nobodys_word_to_the_customer(room: Room) -> None:
    record = await asked(room)
    await reply(room, record, "DENY karena sudah 6 sesi terpakai, pasti bisa diatur", BIMA)
    assert outcome(room) == ("denied", "sf_bima")
    assert room.phones.texts() == [record.request.deny_text]
    assert room.phones.sent[0].by == "B"
    assert room.lanes.in_thread("conditions:") == []
    (row,) = room.rows("SELECT why FROM approvals")
    assert row["why"] == "karena sudah 6 sesi terpakai, pasti bisa diatur"


async def test_a_yes_is_not_taken_while_there_is_nothing_to_release(room: Room) -> None:
    record = await asked(room, "tolong hapus data saya dari sistem ya kak")
    for said in (await press(room, record, "a"), await reply(room, record, "APPROVE")):
        assert "identitas pelanggan belum terbukti" in said
    assert outcome(room) == ("pending", None)
    assert room.phones.sent == []
    await press(room, record, "d")
    assert outcome(room)[0] == "denied"


async def test_an_exception_can_be_proposed_as_policy_without_the_customer_hearing_of_it(room: Room) -> None:
    record = await asked(room)
    await reply(room, record, "APPROVE #aturan")
    assert room.phones.texts() == [record.request.text]
    rows = room.rows("SELECT body FROM audit WHERE body LIKE '%candidate for policy%'")
    assert rows
