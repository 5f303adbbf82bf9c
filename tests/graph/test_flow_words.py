"""The words that leave, as scripts: how to pay, how a student is called, what a wait is told."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from casefile.events import MessageReceived
from policies.sla import business_seconds
from tests.graph.flows import Flow
from tests.graph.whole import open_world, phone_of

Opens = Callable[..., Awaitable[Flow]]
PAY_TO = {"bank": "BNI", "account": "9988776655", "holder": "Suara Kita Bernyanyi"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("words")


@pytest.fixture
async def opens(folder: Path) -> AsyncIterator[Opens]:
    """Open the desk with one customer writing to it."""
    async with AsyncExitStack() as closing:

        async def opened(who: str = "ct_rina", **desk: Any) -> Flow:
            world = await open_world(folder, desk=desk)
            closing.callback(world.wired.database.close)
            return Flow(world, who)

        yield opened


# --- how to pay --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", ["minta invoice lagi dong", "pembayaranku udah masuk belum ya?"])
async def test_an_open_bill_says_where_to_pay_from_the_desks_settings(opens: Opens, asked: str) -> None:
    flow = await opens("ct_budi", pay_to=PAY_TO)
    await flow.says(asked)
    assert (
        "Cara bayar: transfer ke BNI 9988776655 a.n. Suara Kita Bernyanyi, atau QRIS di studio."
        in flow.last()
    )


async def test_a_paid_bill_does_not_say_how_to_pay(opens: Opens) -> None:
    flow = await opens("ct_rina")
    await flow.says("minta invoice lagi dong")
    assert "Status: lunas" in flow.last() and "Cara bayar" not in flow.last()


async def test_a_desk_without_an_account_says_nothing_of_one(opens: Opens) -> None:
    flow = await opens("ct_budi", pay_to=None)
    await flow.says("minta invoice lagi dong")
    assert "Status: menunggu pembayaran" in flow.last() and "Cara bayar" not in flow.last()


@pytest.mark.parametrize("asked", ["transfernya ke rekening mana ya?", "which account do I transfer to?"])
async def test_which_account_is_answered_from_the_same_settings(opens: Opens, asked: str) -> None:
    flow = await opens("ct_budi", pay_to=PAY_TO)
    assert (await flow.says(asked))[0] == "say faq_answer"
    assert "BNI 9988776655" in flow.last() and "Suara Kita Bernyanyi" in flow.last()


# --- how a student is called -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("jadwal les aku kapan ya?", "Sesi Kakak berikutnya "),
        ("when is my next lesson?", "Your next session is on "),
        ("jatah ganti jadwalku sisa berapa?", "Jatah ganti jadwal Kakak bulan ini masih 2 dari 2 ya."),
        ("sisa sesi paketku berapa ya?", "Sesi Kakak tinggal 5, bisa dipakai sampai "),
        ("how many sessions do I have left?", "Sessions left for you: 5, valid until "),
        ("minta semua jadwal lesku bulan ini dong", "Ini jadwal Kakak ya:\n"),
        ("mau pindah jadwal dong", "Sesi Kakak yang mau dipindah: "),
        ("i want to reschedule my lesson", "Your session to move: "),
    ],
)
async def test_who_learns_themself_is_spoken_to(opens: Opens, asked: str, words: str) -> None:
    flow = await opens("ct_rina")
    await flow.says(asked)
    assert flow.last().startswith(words)
    assert "Rina" not in flow.last()


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("jadwal les Kenzo kapan ya?", "Sesi Kenzo berikutnya "),
        ("when is Kenzo's next lesson?", "Kenzo's next session is on "),
        ("mau pindah jadwal Kenzo dong", "Sesi Kenzo yang mau dipindah: "),
    ],
)
async def test_a_child_is_called_by_the_first_name(opens: Opens, asked: str, words: str) -> None:
    flow = await opens("ct_maya")
    await flow.says(asked)
    assert flow.last().startswith(words)
    assert "Hapsari" not in flow.last()


async def test_which_child_offers_first_names(opens: Opens) -> None:
    flow = await opens("ct_maya")
    await flow.says("jadwal les kapan ya?")
    assert flow.last() == "Ini untuk siapa ya, Kak: Alya atau Kenzo?"


@pytest.mark.parametrize(
    ("who", "asked", "words"),
    [
        ("ct_rina", "pindah sesi saya ke besok jam 10 pagi dong", "sesi Kamis, 26 November"),
        ("ct_maya", "pindah les Kenzo ke kamis jam 11 pagi dong", "sesi Kenzo Rabu, 25 November"),
    ],
)
async def test_a_move_is_confirmed_in_one_sentence(opens: Opens, who: str, asked: str, words: str) -> None:
    flow = await opens(who)
    await flow.says(asked)
    assert flow.last().startswith(f"Kami pastikan dulu ya, Kak: {words}")
    assert flow.last().endswith("Betul?")


async def test_what_only_the_team_changes_is_not_explained_as_an_exception(opens: Opens) -> None:
    flow = await opens("ct_citra")
    await flow.says("mau pindah jadwal ke besok jam 10 pagi dong")
    assert flow.last().startswith("Perubahan jadwal Kakak dibantu langsung oleh tim kami. Sesi Kakak (")
    await flow.presses("slot:1")
    assert flow.last().startswith(
        "Siap, Kak. Perubahan jadwal Kakak dibantu langsung oleh tim kami, kami kabari "
    )


# --- what who waits is told --------------------------------------------------------------------------------

LOCAL = ZoneInfo("Asia/Jakarta")


async def shows(flow: Flow, kind: str, mime: str = "image/jpeg", text: str = "") -> list[str]:
    """Let the customer send a file, or a place; return what left."""
    world = flow.world
    world.messages += 1
    phone, now = phone_of(flow.who), world.clock.now()
    event = MessageReceived.model_validate(
        {
            "account": "school",
            "received_at": now,
            "sent_at": now,
            "client": {"phone": phone, "aliases": [{"kind": "phone", "value": phone}]},
            "message": {
                "id": f"wamid.{world.messages}",
                "kind": kind,
                "text": text,
                "media": None if kind == "location" else {"id": f"m{world.messages}", "mime": mime},
            },
        }
    )
    (received,) = await world.wired.journal.receive([event])
    await world.run(received.conversation_id)
    return flow.out()


async def heard(flow: Flow, hours: int) -> list[tuple[datetime, str]]:
    """Let hours go by in small steps; return what was said, with its local time."""
    found: list[tuple[datetime, str]] = []
    for _ in range(hours * 12):
        before = len(flow.world.said)
        await flow.waits(minutes=5)
        at = flow.world.clock.now().astimezone(LOCAL)
        found += [(at, said.effect.text) for said in flow.world.said[before:]]
    return found


@pytest.mark.parametrize(
    ("asked", "before"),
    # Of a decision they are told once more when its deadline has passed.
    [("mau bicara sama orang dong", 1), ("mau refund dong, uangku balikin", 2)],
)
async def test_who_waits_hears_once_before_the_time_promised_then_every_two_hours(
    opens: Opens, asked: str, before: int
) -> None:
    flow = await opens()
    await flow.says(asked)
    promised = flow.case().due_at
    assert promised is not None
    told = await heard(flow, 36)
    assert told and all(9 <= at.hour < 20 for at, _ in told)
    assert sum(at <= promised for at, _ in told) == before
    assert all(one != other for (_, one), (_, other) in pairwise(told))
    later = [at for at, _ in told if at > promised]
    for one, other in pairwise(later):
        hours = flow.world.wired.desk.rules.hours
        assert business_seconds(hours, one, other) >= 115 * 60


async def test_a_file_nobody_asked_for_starts_no_clock(opens: Opens) -> None:
    flow = await opens()
    assert await shows(flow, "image") == [
        "say image_received",
        "timer resolve",
        "evidence",
        "remember language",
        "post ops:evidence",
    ]
    assert await heard(flow, 11) == []
    out = await flow.says("itu bukti transferku kak")
    assert out[0] == "say payment_claim_received"
    assert flow.world.rows("SELECT DISTINCT id FROM cases")[1:] == []


async def test_a_voice_note_is_a_persons_to_hear(opens: Opens) -> None:
    flow = await opens()
    assert "post ops:handover" in await shows(flow, "audio", "audio/ogg")
    assert len(await heard(flow, 1)) == 1


async def test_a_place_is_nobodys_words(opens: Opens) -> None:
    flow = await opens()
    assert (await shows(flow, "location", text="-6.26, 106.79"))[0] == "say location_received"


async def test_a_sticker_is_a_nod(opens: Opens) -> None:
    flow = await opens()
    assert (await shows(flow, "image", "image/webp"))[0] == "say greeting"
    assert await shows(flow, "image", "image/webp") == []
    await flow.says("jadwal les aku kapan ya?")
    assert await shows(flow, "image", "image/webp") == []
    assert await heard(flow, 11) == []
