"""Incidents: opened once among all processes, held back and let go in order, flagged by people, graded and told."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest

from casefile.base import Lane
from casefile.case import Case
from casefile.errors import DependencyDown, SendLater, SendUnknown
from casefile.incident import Incident
from tests.gateway_engine.room import BUDI, RINA, Room, open_room, post, send

TARI, AGUS, SINTA, STRANGER = 710011, 710012, 710001, 999


@dataclass(frozen=True, slots=True)
class Act:
    """What a person does in a lane."""

    user_id: int
    text: str = ""
    token: str | None = None
    kind: Literal["press", "reply", "command"] = "command"
    lane: Lane = "ops"


@pytest.fixture
async def other(room: Room, tmp_path: Path, filled: Path) -> AsyncIterator[Room]:
    """A second process on the same database."""
    path = room.wired.database.path
    second = await open_room(filled, path, fresh=False, beside=room.clock)
    yield second
    await second.close()


async def the(room: Room, named: str = "schedule") -> Incident:
    """Return the open incident of a dependency, or one by its id."""
    found = await room.wired.incidents.incident(named)
    assert found is not None
    return found


def case_of(room: Room, conversation_id: str) -> Case:
    """Return the conversation's latest case that a message opened."""
    opened = "SELECT body FROM cases WHERE conversation_id = ? AND id NOT LIKE 'SCH-2026-9%' ORDER BY id"
    rows = room.rows(opened, conversation_id)
    return Case.model_validate_json(rows[-1]["body"])


def timeline(room: Room) -> list[str]:
    """Return what happened to incidents, in order."""
    return [row["what"] for row in room.rows("SELECT what FROM incident_steps ORDER BY seq")]


async def opened(room: Room, *contacts: str) -> list[str]:
    """Start, and have these customers in conversation."""
    await room.start()
    found = [await room.answered(contact, "harga paket berapa?") for contact in contacts]
    room.phones.sent.clear()
    return found


async def test_a_whatsapp_that_is_down_holds_everything_and_lets_it_go_in_order(room: Room) -> None:
    rina, budi = await opened(room, RINA, BUDI)
    await room.breaks("whatsapp")
    room.phones.unreachable = DependencyDown("whatsapp", "refused")
    await room.queue(rina, send("r1", rina, "1"), send("r2", rina, "2"))
    await room.queue(budi, send("b1", budi, "1"))
    await room.answered(RINA, "alamatnya di mana?")
    await room.passes(minutes=30)
    assert room.phones.sent == []
    # Nothing was even tried, so nothing is in doubt.
    assert {
        r["attempts"]
        for r in room.rows("SELECT attempts FROM outbox WHERE kind = 'send_message' AND state = 'queued'")
    } == {0}
    (incident,) = room.lanes.in_thread("incident:whatsapp")
    assert "gangguan besar" in incident.html and "Kasus terdampak: 3" in incident.html
    assert "degraded:whatsapp" in case_of(room, rina).tags
    room.phones.unreachable = None
    await room.mends()
    assert room.phones.texts(rina)[:2] == ["1", "2"] and len(room.phones.texts(rina)) == 3
    assert room.phones.texts(budi) == ["1"]
    assert "pulih" in room.lanes.in_thread("incident:whatsapp")[0].html


async def test_what_answers_a_look_but_does_no_work_stays_down(room: Room) -> None:
    (rina,) = await opened(room, RINA)
    room.phones.unreachable = DependencyDown("whatsapp", "refused")
    await room.queue(rina, send("r1", rina, "1"))
    for _ in range(8):
        await room.passes(seconds=20)
    assert await room.board.down() == {"whatsapp"}
    assert timeline(room)[0] == "opened" and "closed" not in timeline(room)
    room.phones.unreachable = None
    await room.mends()
    assert room.phones.texts(rina) == ["1"]


async def test_answers_that_get_lost_count_as_failures(room: Room) -> None:
    (rina,) = await opened(room, RINA)
    room.phones.unreachable = SendUnknown("half an answer")
    await room.queue(rina, *(send(f"r{n}", rina, str(n)) for n in range(3)))
    await room.passes(seconds=5)
    incident = await the(room, "whatsapp")
    assert incident.level == "major"
    assert "loket ledger list" in room.lanes.in_thread("incident:whatsapp")[0].html


async def test_being_asked_to_wait_is_looked_into_and_is_no_outage_by_itself(room: Room) -> None:
    (rina,) = await opened(room, RINA)
    room.phones.faults = [SendLater("slow down", 1) for _ in range(6)]
    await room.queue(rina, send("r1", rina, "1"))
    for _ in range(7):
        await room.passes(minutes=3)
    assert room.phones.texts(rina) == ["1"]
    assert room.rows("SELECT * FROM incidents") == []


async def test_while_telegram_is_down_lanes_wait_and_decisions_go_by_command(room: Room) -> None:
    (rina,) = await opened(room, RINA)
    await room.breaks("telegram")
    room.lanes.faults = [DependencyDown("telegram", "HTTP 503")] * 2
    await room.answered(RINA, "mau refund dong, uangku balikin")
    case_id = case_of(room, rina).id
    await room.queue(rina, post("p1", "one", "satu"), post("p2", "one", "dua"))
    assert room.lanes.in_thread("approval") == [] and room.lanes.in_thread("one") == []
    record = await room.wired.journal.pending_approval_of(case_id)
    staff = {person.id: person for person in await room.wired.stored.staff()}
    said = await room.decisions.decide(record, staff["sf_sinta"], "DENY", "", None, "cli:sf_sinta")
    await room.rests()
    assert said.startswith("Ditolak")
    assert any("refund" in text.lower() for text in room.phones.texts(rina))
    room.lanes.faults = []
    await room.mends()
    (one,) = room.lanes.in_thread("one")
    assert one.html == "dua" and [e.html for e in room.lanes.edits if e.thread == "one"] == ["dua"]
    assert "pulih" in room.lanes.in_thread("incident:telegram")[0].html


async def test_two_processes_open_one_incident_and_end_it_once(room: Room, other: Room) -> None:
    await room.start()
    await other.start()
    for one in (room, other):
        one.outages.names = frozenset({"schedule"})
    for _ in range(4):
        await room.passes(seconds=5)
    assert await room.board.down() == await other.board.down() == {"schedule"}
    assert timeline(room) == ["opened"]
    for one in (room, other):
        one.outages.names = frozenset()
    for _ in range(8):
        await room.passes(seconds=5)
    assert await room.board.down() == await other.board.down() == frozenset()
    assert timeline(room) == ["opened", "closed"]
    assert len(room.rows("SELECT * FROM measures WHERE name = 'dependency_down_minutes'")) == 1
    assert len(room.rows("SELECT * FROM outbox WHERE key LIKE 'incident:%'")) == 2


async def test_what_is_flagged_in_one_process_the_other_obeys(room: Room, other: Room) -> None:
    await other.start()
    await room.flags.act(Act(TARI, "degraded on schedule pindah server"))
    await other.passes(seconds=5)
    assert await other.board.down() == {"schedule"}
    conversation = await other.answered(RINA, "jadwal les aku kapan ya?")
    assert "16.00" not in other.phones.texts(conversation)[-1]


async def test_a_flag_by_hand_stays_until_a_person_takes_it_off(room: Room) -> None:
    (rina,) = await opened(room, RINA)
    said = await room.flags.act(Act(TARI, "/degraded on schedule pindah server"))
    assert said is not None and "INC-2026-0001" in said
    await room.passes(seconds=5)
    assert await room.board.down() == {"schedule"}
    await room.answered(RINA, "jadwal les aku kapan ya?")
    await room.passes(minutes=10)
    assert await room.board.down() == {"schedule"}
    (shown,) = room.lanes.in_thread("incident:schedule")
    assert "pindah server (Tari Handayani)" in shown.html and "Kasus terdampak: 1" in shown.html
    assert await room.flags.act(Act(TARI, "degraded list", kind="reply")) is not None
    said = await room.flags.act(Act(TARI, "degraded off schedule", kind="reply", lane="incident"))
    assert said is not None and "pulih" in said
    await room.passes(seconds=5)
    assert "16.00" in room.phones.texts(rina)[-1]
    actions = room.rows("SELECT actor, action, result FROM audit WHERE service = 'degraded' ORDER BY id")
    assert [tuple(row) for row in actions] == [("sf_tari", "on", "success"), ("sf_tari", "off", "success")]


async def test_a_hand_on_an_incident_that_healed_itself_otherwise_keeps_it(room: Room) -> None:
    await room.start()
    await room.breaks("payments")
    await room.flags.act(Act(TARI, "degraded on payments minor: bank sedang dicek"))
    room.outages.names = frozenset()
    await room.passes(minutes=5)
    incident = await the(room, "payments")
    assert (incident.manual, incident.level, incident.why) == (True, "minor", "bank sedang dicek")
    assert timeline(room) == ["opened", "held"]


@pytest.mark.parametrize(
    ("act", "told"),
    [
        (Act(STRANGER, "degraded on schedule x"), "operator yang terdaftar"),
        (Act(SINTA, "degraded on schedule x"), "operator yang terdaftar"),
        (Act(SINTA, "degraded off schedule"), "operator yang terdaftar"),
        (Act(STRANGER, "degraded list"), "operator yang terdaftar"),
        (Act(TARI, "degraded on moon x"), "Yang ada: schedule, payments"),
        (Act(TARI, "degraded off moon"), "Yang ada: schedule, payments"),
        (Act(TARI, "degraded on schedule"), "alasannya"),
        (Act(TARI, "degraded off schedule"), "tidak terganggu"),
        (Act(TARI, "degraded"), "degraded list"),
        (Act(TARI, "degraded list"), "Tidak ada yang terganggu"),
        (Act(AGUS, token="it:INC-2026-0009", kind="press"), "Tidak ada gangguan"),
    ],
)
async def test_what_is_not_done_is_said(room: Room, act: Act, told: str) -> None:
    await room.start()
    said = await room.flags.act(act)
    assert said is not None and told in said
    assert room.rows("SELECT * FROM incidents") == []


@pytest.mark.parametrize(
    "act",
    [
        Act(TARI, "APPROVE", kind="reply"),
        Act(TARI, token="a:0123456789abcdef", kind="press"),
        Act(TARI, "degraded on schedule x", lane="coach"),
    ],
)
async def test_other_words_are_left_to_others(room: Room, act: Act) -> None:
    assert await room.flags.act(act) is None


async def long_outage(room: Room) -> str:
    """Let Rina wait for the schedule until the outage is a major one."""
    (rina,) = await opened(room, RINA)
    await room.passes(minutes=181)
    await room.breaks("schedule")
    await room.answered(RINA, "jadwal les aku kapan ya?")
    await room.passes(minutes=31)
    room.phones.sent.clear()
    return rina


async def test_a_major_incident_asks_who_is_on_call_once_with_the_words(room: Room) -> None:
    await long_outage(room)
    await room.passes(minutes=1)
    (asked,) = room.lanes.in_thread("incident-ask:")
    assert "Sinta Maharani, Agus Setiawan" in asked.html and asked.lane == "incident"
    assert "Kabar dulu ya, Kak" in asked.html and "A quick update" in asked.html
    assert [b.label for b in asked.buttons] == ["Kabari pelanggan", "Tunggu pulih"]
    assert "gangguan besar" in room.lanes.in_thread("incident:schedule")[0].html


async def test_customers_are_told_first_if_the_person_on_call_says_so_and_once(room: Room) -> None:
    rina = await long_outage(room)
    (asked,) = room.lanes.in_thread("incident-ask:")
    token = asked.buttons[0].value
    for stranger in (STRANGER, TARI):
        said = await room.flags.act(Act(stranger, token=token, kind="press", lane="incident"))
        assert said is not None and "petugas jaga" in said
    assert room.phones.sent == []
    said = await room.flags.act(Act(AGUS, token=token, kind="press", lane="incident"))
    assert said is not None and "segera dikabari" in said
    for _ in range(3):
        await room.passes(seconds=5)
    (told,) = room.phones.texts(rina)
    assert told.startswith("Kabar dulu ya, Kak: data jadwal kami") and "16.00" not in told
    assert "diputuskan Agus Setiawan" in room.lanes.in_thread("incident:schedule")[0].html
    said = await room.flags.act(Act(SINTA, token=asked.buttons[1].value, kind="press", lane="incident"))
    assert said is not None and "diputuskan sebelumnya" in said
    await room.mends()
    assert "16.00" in room.phones.texts(rina)[-1] and len(room.phones.texts(rina)) == 2
    assert timeline(room) == ["opened", "level", "asked", "told", "closed"]


async def test_customers_wait_if_the_person_on_call_says_so(room: Room) -> None:
    rina = await long_outage(room)
    (asked,) = room.lanes.in_thread("incident-ask:")
    await room.flags.act(Act(AGUS, token=asked.buttons[1].value, kind="press", lane="incident"))
    for _ in range(3):
        await room.passes(seconds=5)
    assert room.phones.texts(rina) == []
    await room.mends()
    assert "16.00" in room.phones.texts(rina)[-1]


async def test_the_post_mortem_tells_what_is_known_and_asks_the_rest(room: Room) -> None:
    await long_outage(room)
    lasting = await the(room)
    await room.mends()
    ended = await the(room, lasting.id)
    assert ended.ended_at is not None and ended.report
    case_id = room.rows("SELECT case_id FROM incident_cases")[0]["case_id"]
    for part in (
        lasting.id,
        "Data jadwal (schedule)",
        case_id,
        "## Urutan kejadian",
        "tingkat diubah",
        "- [ ] Apa sebab",
    ):
        assert part in ended.report
    assert f"loket degraded show {ended.id}" in room.lanes.in_thread("incident:schedule")[0].html


async def test_an_old_release_is_an_alert_once_while_its_source_is_down(room: Room) -> None:
    await room.start()
    await room.breaks("knowledge")
    await room.answered(RINA, "harga paket berapa?")
    assert room.phones.sent[-1].citations
    await room.passes(hours=71)
    assert room.lanes.in_thread("incident-age:") == []
    await room.passes(hours=2)
    await room.passes(hours=2)
    (alert,) = room.lanes.in_thread("incident-age:")
    assert alert.lane == "ops" and "23 November 2026" in alert.html


async def test_a_probe_that_died_with_its_process_is_taken_over(room: Room, other: Room) -> None:
    await room.start()
    await room.breaks("schedule")
    incident = await the(room)
    claimed = incident.breaker.model_copy(update={"state": "half_open"})
    assert await room.wired.incidents.move(incident, claimed)
    assert not await room.wired.incidents.move(incident, claimed)
    await room.engine.stop()
    room.running = False
    await other.start()
    await other.mends()
    assert timeline(room) == ["opened", "closed"]


async def test_incidents_left_open_are_taken_up_at_the_next_start(room: Room, other: Room) -> None:
    await room.start()
    await room.breaks("schedule")
    conversation = await room.answered(RINA, "jadwal les aku kapan ya?")
    await room.engine.stop()
    room.running = False
    await other.start()
    await other.mends()
    assert "16.00" in other.phones.texts(conversation)[-1]
    assert [row["ended_by"] for row in room.rows("SELECT ended_by FROM incidents")] == ["breaker"]
