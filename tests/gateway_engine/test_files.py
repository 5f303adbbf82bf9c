"""Customers' files: fetched once, kept whole, shown to the staff; a crash in between loses and repeats nothing."""

import hashlib
from pathlib import Path

import pytest

from casefile.effects import AttachEvidence
from casefile.errors import DependencyDown, SendLater
from casefile.events import Media
from ports.channels import MediaFile
from tests.gateway_engine.room import BUDI, RINA, Room, open_room

SLIP = MediaFile(b"\x89PNG slip", "image/png", hashlib.sha256(b"\x89PNG slip").hexdigest())
PHOTO = Media(id="m1", mime="image/png", caption="ini buktinya")


def kept(room: Room) -> list[Path]:
    return sorted((room.wired.database.path.parent / "media").glob("*"))


async def test_a_photo_is_fetched_kept_and_shown(room: Room) -> None:
    room.files.files["m1"] = SLIP
    await room.start()
    await room.sends_file(BUDI, PHOTO, "image")
    (file,) = kept(room)
    assert (file.name, file.read_bytes()) == ("SCH-2026-0001_1_evidence_0.png", SLIP.data)
    (row,) = room.rows("SELECT * FROM evidence")
    assert (row["file"], row["sha256"], row["mime"]) == (file.name, SLIP.sha256, "image/png")
    assert row["bytes"] == len(SLIP.data)
    (shown,) = room.lanes.in_thread("evidence:")
    assert shown.evidence == (row["key"],)
    assert await room.evidence.file(row["key"]) == SLIP
    assert room.states("attach_evidence") == ["accepted"]


async def test_a_voice_note_while_a_coach_decides_is_shown_too(room: Room) -> None:
    room.files.files["v1"] = MediaFile(b"OggS", "audio/ogg", "")
    await room.start()
    await room.answered(RINA, "mau refund dong, uangku balikin")
    await room.sends_file(RINA, Media(id="v1", mime="audio/ogg", voice=True), "audio")
    (shown,) = room.lanes.in_thread("evidence:")
    assert len(shown.evidence) == 1
    assert room.phones.texts()


async def test_a_file_that_is_gone_fails_once_and_its_post_goes_all_the_same(room: Room) -> None:
    await room.start()
    await room.sends_file(BUDI, PHOTO, "image")
    assert room.states("attach_evidence") == ["failed"]
    (shown,) = room.lanes.in_thread("evidence:")
    assert await room.evidence.file(shown.evidence[0]) is None
    assert room.lanes.in_thread("failed:") == []
    assert kept(room) == []


@pytest.mark.parametrize("fault", [DependencyDown("whatsapp", "no answer"), SendLater("wait", 2)])
async def test_the_post_waits_behind_a_file_that_takes_time(room: Room, fault: Exception) -> None:
    room.files.files["m1"] = SLIP
    room.files.faults = [fault]
    await room.start()
    await room.sends_file(BUDI, PHOTO, "image")
    assert room.lanes.in_thread("evidence:") == []
    await room.passes(seconds=5)
    assert len(room.lanes.in_thread("evidence:")) == 1
    assert room.files.fetched == ["m1", "m1"]


async def test_a_disk_that_refuses_is_tried_again(room: Room) -> None:
    room.files.files["m1"] = SLIP
    in_the_way = room.wired.database.path.parent / "media"
    in_the_way.write_text("a file where the folder should be")
    await room.start()
    await room.sends_file(BUDI, PHOTO, "image")
    assert room.states("attach_evidence") == ["queued"]
    in_the_way.unlink()
    await room.passes(seconds=61)
    assert room.states("attach_evidence") == ["accepted"]


async def test_a_kill_between_the_file_and_its_row_keeps_one_file(room: Room, tmp_path: Path) -> None:
    conversation = await room.hears(BUDI, "halo")
    await room.queue(conversation, AttachEvidence(key="k:1", case_id="x", media_id="m1", kind="image"))
    await room.wired.journal.attempting("k:1", room.clock.now())
    path = room.wired.database.path
    await room.close()
    (path.parent / "media").mkdir()
    (path.parent / "media" / "k_1.png").write_bytes(b"written, and its row was not")
    again = await open_room(tmp_path / "unused.db", path, fresh=False)
    again.files.files["m1"] = SLIP
    await again.start()
    assert again.states("attach_evidence") == ["accepted"]
    assert [file.read_bytes() for file in kept(again)] == [SLIP.data]
    assert (
        await again.evidence.keep(AttachEvidence(key="k:1", case_id="x", media_id="m1", kind="image"))
        == SLIP.sha256
    )
    assert again.files.fetched == ["m1"]
    (path.parent / "media" / "k_1.png").unlink()
    assert await again.evidence.file("k:1") is None
    await again.close()
