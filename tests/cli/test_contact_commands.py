"""`loket contact`: one person's data whole, and gone whole - the files are searched for what they said and are."""

import base64
import json
import sqlite3
import zlib
from pathlib import Path

import pytest

from app.cli.main import main
from app.settings import media_folder
from casefile.events import Client, InboundMessage, Media, MessageReceived
from casefile.records import Alias
from graph.record_words import WORDS
from ports.channels import MediaFile
from services.evidence import KeptEvidence
from tests.cli.cli_scenes import RINA, STRANGER, School, held

SAID = (
    "tolong hapus semua data saya, ini rahasia sekali. INV-2026-1019-001 rina.anggraini@example.com",
    "jadwal les aku kapan ya? nomorku 081200001001, padat banget",
)
SLIP = MediaFile(b"\x89PNG the slip of Rina", "image/png", "ab")
TRACES = (
    "+6281200001001", "6281200001001", "081200001001", "rina.anggraini@example.com", "Rina Anggraini",
    "rahasia sekali", "padat banget", "lagi pusing nih", STRANGER,
)  # fmt: skip


class Shelf:
    """The channel's files, as far as this story needs them."""

    async def media(self, media_id: str) -> MediaFile:
        return SLIP


async def story(school: School) -> None:
    """Rina writes, sends a slip, proves herself from another phone, and asks to be erased; Budi only writes."""
    await school.say(SAID[1])
    await school.say("halo kak, mau tanya harga", phone="+6281200001002")
    await school.say("jadwal les aku kapan ya? lagi pusing nih", phone=STRANGER)
    await school.say("INV-2026-1019-001 rina.anggraini@example.com", phone=STRANGER)
    await _slip(school)
    await school.say(SAID[0])
    await school.decide("APPROVE")
    evidence = KeptEvidence(school.wired.database, media_folder(school.wired.settings), Shelf())
    for row in await school.wired.journal.outbox(("queued",)):
        if row.effect.type == "attach_evidence":
            await evidence.keep(row.effect)
        await school.wired.journal.accepted(row.key, f"p-{row.key}", school.wired.clock.now())


async def _slip(school: School) -> None:
    client = Client(phone=RINA, display_name="Rina", aliases=(Alias(kind="phone", value=RINA),))
    message = InboundMessage(
        id="wamid.slip", kind="image", media=Media(id="m1", mime="image/png", caption="bukti")
    )
    now = school.wired.clock.now()
    event = MessageReceived(account="school", received_at=now, sent_at=now, client=client, message=message)
    await school.wired.journal.receive([event])
    await school.settle()


def approval(home: Path) -> str:
    with sqlite3.connect(home / "loket.db") as database:
        (found,) = database.execute("SELECT id FROM approvals WHERE kind = 'PRIVACY'").fetchone()
    return str(found)


def rows(home: Path) -> list[str]:
    """Return every row that is kept."""
    with sqlite3.connect(home / "loket.db") as database:
        return list(database.iterdump())


def everything(home: Path) -> bytes:
    """Return every byte that is kept, the packed ones unpacked as well."""
    found = [path.read_bytes() for path in sorted(home.glob("loket.db*"))]
    found += [path.read_bytes() for path in (home / "media").glob("*")]
    with sqlite3.connect(home / "loket.db") as database:
        for (body,) in database.execute("SELECT body FROM turn_records"):
            found.append(zlib.decompressobj(zdict=WORDS).decompress(body))
        for encoding, body in database.execute("SELECT encoding, body FROM checkpoints"):
            found.append(zlib.decompress(body) if encoding.endswith("+zlib") else body)
    return b"\n".join(found)


def test_an_erased_contact_leaves_no_trace_and_a_certificate(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "home"
    held(home, story)
    before = everything(home)
    assert all(trace.encode() in before for trace in TRACES), [t for t in TRACES if t.encode() not in before]
    assert SLIP.data in before
    assert main(["contact", "erase", RINA, "--approval", approval(home), "--home", str(home)]) == 0
    after = everything(home)
    assert [trace for trace in TRACES if trace.encode().lower() in after.lower()] == []
    assert SLIP.data not in after
    assert b"Budi Santoso" in after and b"mau tanya harga" in after
    told = capsys.readouterr().out
    (file,) = (home / "contacts").glob("ct_rina-erased-*.json")
    certificate = json.loads(file.read_text())
    assert certificate["basis"] == f"approval {approval(home)}"
    assert certificate["removed"]["transcript"] >= 6 and certificate["files_removed"] == 1
    assert {"invoices", "audit"} <= set(certificate["kept"])
    assert certificate["telegram_posts"]
    assert "was erased at" in told and file.with_suffix(".txt").read_text() in told
    assert not any(trace in file.read_text() for trace in TRACES)


def test_what_the_law_keeps_stays_and_the_task_is_done(tmp_path: Path) -> None:
    home = tmp_path / "home"
    held(home, story)
    assert (
        main(
            [
                "contact",
                "erase",
                "ct_rina",
                "--by",
                "tari",
                "--reason",
                "asked by letter",
                "--home",
                str(home),
            ]
        )
        == 0
    )
    with sqlite3.connect(home / "loket.db") as database:
        invoices = database.execute(
            "SELECT amount, payment_state FROM invoices WHERE contact_id = 'ct_rina'"
        ).fetchall()
        (state,) = database.execute("SELECT state FROM due_tasks WHERE action = 'CONTACT_ERASE'").fetchone()
        contact = database.execute(
            "SELECT full_name, email, phone FROM contacts WHERE id = 'ct_rina'"
        ).fetchone()
        (name,) = database.execute("SELECT name FROM students WHERE id = 'st_rina'").fetchone()
        audit = database.execute(
            "SELECT actor, body FROM audit WHERE action = 'CONTACT_ERASE' ORDER BY id"
        ).fetchall()
    assert invoices and state == "done"
    assert (contact, name) == ((None, None, None), "[erased]")
    assert audit[-1][0] == "sf_tari" and "asked by letter" in audit[-1][1]

    async def writes_again(school: School) -> str:
        await school.say("halo kak")
        rows = school.wired.database.read("SELECT id FROM cases ORDER BY opened_at DESC, id DESC LIMIT 1")
        assert (
            school.wired.database.read("SELECT contact_id FROM aliases WHERE value = ?", (RINA,))[0][0]
            != "ct_rina"
        )
        return str(rows[0]["id"])

    assert held(home, writes_again)


def test_an_export_holds_everything_and_the_files(tmp_path: Path) -> None:
    home = tmp_path / "home"
    held(home, story)
    arguments = ["contact", "export", "rina.anggraini@example.com", "--home", str(home)]
    assert main([*arguments, "--by", "tari", "--reason", "asked by mail"]) == 0
    (file,) = (home / "contacts").glob("ct_rina-export-*.json")
    data = json.loads(file.read_text())
    for part in ("contacts", "aliases", "students", "sessions", "invoices", "conversations", "messages", "cases",
                 "approvals", "audit", "evidence", "received", "sent"):  # fmt: skip
        assert data[part], part
    assert base64.b64decode(data["evidence"][0]["data"]) == SLIP.data
    whole = file.read_text()
    assert all(said in whole for said in (*SAID, "Rina Anggraini", RINA))
    assert "Budi" not in whole
    assert file.stat().st_mode & 0o077 == 0


def test_an_export_that_was_ordered_settles_its_order(tmp_path: Path) -> None:
    home = tmp_path / "home"

    async def ordered(school: School) -> None:
        pair = "INV-2026-1019-001 rina.anggraini@example.com"
        await school.say(f"kak minta salinan semua data saya dong, {pair}")
        await school.decide("APPROVE")

    held(home, ordered)
    arguments = ["contact", "export", "ct_rina", "--approval", approval(home), "--home", str(home)]
    assert main(arguments) == 0

    async def settled(school: School) -> tuple[str, str]:
        await school.settle()
        (task,) = school.wired.database.read("SELECT state FROM due_tasks WHERE action = 'CONTACT_EXPORT'")
        return task["state"], school.state("SCH-2026-0001")

    assert held(home, settled) == ("done", "resolved")


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ([], "give the approved request's --approval ID"),
        (["--by", "tari"], "give the approved request's --approval ID"),
        (["--approval", "nothing"], "is not an approved request"),
        (["--by", "nobody", "--reason", "x"], "is nobody known here"),
    ],
)
def test_nobody_is_erased_without_a_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], more: list[str], why: str
) -> None:
    home = tmp_path / "home"
    held(home, story)
    before = rows(home)
    assert main(["contact", "erase", "ct_rina", "--home", str(home), *more]) == 2
    assert why in capsys.readouterr().err
    assert rows(home) == before


def test_another_contacts_approval_and_an_unknown_contact_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "home"
    held(home, story)
    theirs = ["--approval", approval(home), "--home", str(home)]
    assert main(["contact", "erase", "ct_budi", *theirs]) == 2
    assert main(["contact", "export", "ct_rina", *theirs]) == 2
    assert main(["contact", "erase", "ct_nobody", *theirs]) == 2
    said = capsys.readouterr().err
    assert (
        "is not for CONTACT_ERASE" in said and "is not for CONTACT_EXPORT" in said and "is no contact" in said
    )


def test_what_is_still_on_its_way_is_waited_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = tmp_path / "home"

    async def asked(school: School) -> None:
        await school.say(SAID[0])

    held(home, asked)
    arguments = ["contact", "erase", "ct_rina", "--by", "tari", "--reason", "x", "--home", str(home)]
    assert main(arguments) == 2
    assert "still on its way" in capsys.readouterr().err


def test_a_child_somebody_else_answers_for_stays(tmp_path: Path) -> None:
    home = tmp_path / "home"

    async def second_guardian(school: School) -> None:
        await school.wired.database.submit(
            lambda tx: tx.execute("INSERT INTO guardians VALUES ('st_alya', 'ct_hendra')")
        )

    held(home, second_guardian)
    assert main(["contact", "erase", "ct_maya", "--by", "tari", "--reason", "x", "--home", str(home)]) == 0
    with sqlite3.connect(home / "loket.db") as database:
        names = dict(database.execute("SELECT id, name FROM students WHERE id IN ('st_alya', 'st_kenzo')"))
    assert names == {"st_alya": "Alya Hapsari", "st_kenzo": "[erased]"}
