"""Midnight and the end of a month in the three zones of Indonesia, none of which changes its clocks."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from casefile.events import Client, InboundMessage, MessageReceived
from casefile.records import Alias
from store.records import month
from store.transaction import Tx
from tests.gateway_engine.room import RINA, Room
from tests.graph.whole import World, open_world, phone_of

# What the zone calls the last midnight of November, in UTC.
ZONES = {
    "Asia/Jakarta": datetime(2026, 11, 30, 17, tzinfo=UTC),
    "Asia/Makassar": datetime(2026, 11, 30, 16, tzinfo=UTC),
    "Asia/Jayapura": datetime(2026, 11, 30, 15, tzinfo=UTC),
}
SECOND = timedelta(seconds=1)
zones = pytest.mark.parametrize("zone", ZONES)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("calendar")


async def _world(folder: Path, zone: str, at: datetime) -> World:
    """Open a desk in a zone, at an instant, with a customer whose November is used up."""
    world = await open_world(folder, desk={"hours": {"zone": zone}})

    def used_up(tx: Tx) -> None:
        for number in range(2):
            tx.execute(
                "INSERT INTO reschedules (id, student_id, at, request_month, session_month, source)"
                " VALUES (?, 'st_rina', '', '2026-11', '2026-11', 'customer')",
                (f"used{number}",),
            )

    await world.wired.database.submit(used_up)
    world.clock.advance(at - world.clock.now())
    return world


@zones
async def test_month_end_a_used_up_quota_is_whole_again_at_the_desks_own_midnight(
    folder: Path, zone: str
) -> None:
    said = {}
    for name, at in (("before", ZONES[zone] - SECOND), ("after", ZONES[zone])):
        world = await _world(folder, zone, at)
        await world.hears(phone_of(RINA), "mau pindah jadwal les dong")
        said[name] = world.said[-1].record.verdict.tier
        world.wired.database.close()
    assert said == {"before": "R3", "after": "R2"}


@zones
async def test_midnight_what_is_left_of_the_month_is_never_said_from_the_month_before(
    folder: Path, zone: str
) -> None:
    world = await _world(folder, zone, ZONES[zone] - SECOND)
    await world.hears(phone_of(RINA), "jatah ganti jadwalku sisa berapa?")
    assert world.said[-1].effect.template.startswith("quota_none_left")
    world.clock.advance(SECOND)
    await world.hears(phone_of(RINA), "jatah ganti jadwalku sisa berapa?")
    assert world.said[-1].effect.template.startswith("quota_left")
    assert "ops_c" in {step["node"] for step in world.said[-1].record.steps}
    world.wired.database.close()


@zones
async def test_midnight_tomorrow_is_the_day_after_it_was_written(folder: Path, zone: str) -> None:
    """Written a second before midnight and read after it: the lesson asked about is that of the day that has come."""
    world = await _world(folder, zone, ZONES[zone] - SECOND)
    lesson = (ZONES[zone] + timedelta(hours=8)).replace(tzinfo=None)

    def today(tx: Tx) -> None:
        tx.execute(
            "UPDATE sessions SET start_at = ?, end_at = ? WHERE id = 'ss_rina_4'",
            (f"{lesson.isoformat()}.000000Z", f"{(lesson + timedelta(hours=1)).isoformat()}.000000Z"),
        )
        tx.execute("UPDATE contacts SET rev = rev + 1 WHERE id = ?", (RINA,))

    await world.wired.database.submit(today)
    await world.wired.journal.receive([_written(world, "besok aku ada les jam berapa?")])
    world.clock.advance(2 * SECOND)
    await world.run(f"wa-school-{RINA}")
    assert "1 Desember 2026" in world.said[-1].effect.text
    assert "08.00" in world.said[-1].effect.text
    world.wired.database.close()


def _written(world: World, text: str) -> MessageReceived:
    now, phone = world.clock.now(), phone_of(RINA)
    return MessageReceived(
        account="school",
        received_at=now,
        sent_at=now,
        client=Client(phone=phone, aliases=(Alias(kind="phone", value=phone),)),
        message=InboundMessage(id="wamid.late", kind="text", text=text),
    )


@pytest.mark.parametrize("day", range(0, 365, 7))
def test_no_zone_of_the_desk_changes_its_clocks(day: int) -> None:
    """A day has 24 hours and the first of a month follows the last, in winter and in summer."""
    for name, midnight in ZONES.items():
        zone, at = ZoneInfo(name), midnight + timedelta(days=day)
        assert at.astimezone(zone).utcoffset() == midnight.astimezone(zone).utcoffset()
        assert at.astimezone(zone).hour == 0
        assert (month(at, zone) != month(at - SECOND, zone)) is (at.astimezone(zone).day == 1)


async def test_midnight_a_burst_across_it_is_one_turn(room: Room) -> None:
    await room.start()
    room.clock.advance(ZONES["Asia/Jakarta"] - SECOND - room.clock.now())
    await room.rests()
    await room.hears(RINA, "harga paket")
    await room.passes(seconds=1)
    await room.hears(RINA, "berapa ya kak?")
    await room.passes(seconds=1.2)
    assert len(room.phones.sent) == 1
