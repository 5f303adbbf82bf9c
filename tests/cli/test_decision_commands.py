"""Decisions by command: with the server stopped, with it running, and by people who may not."""

import asyncio
import json
from pathlib import Path

import httpx
import pytest

from app.cli.main import main
from app.stage import Stage, open_stage
from tests.cli.cli_scenes import MONDAY, RINA, School, held, loaded, loket, refund_asked, settings
from tests.faults.house import something_happens
from tests.graph.flows import BY_PEOPLE

CASE = "SCH-2026-0001"
BUDI = "+6281200001002"


async def caught_up(school: School) -> tuple[str, list[str]]:
    await school.settle()
    rows = school.wired.database.read("SELECT action FROM operations ORDER BY at")
    return school.state(CASE), [row["action"] for row in rows]


def test_an_approval_given_while_the_server_is_down_is_carried_out_when_it_starts(tmp_path: Path) -> None:
    home = tmp_path / "home"
    held(home, refund_asked)
    done = loket("approve", CASE, "--by", "sinta", "--conditions", "dipotong admin", "--home", str(home))
    assert done.returncode == 0, done.stderr
    assert "Disetujui" in done.stdout.decode()
    state, operations = held(home, caught_up)
    assert (state, operations) == ("with_person", ["REFUND"])
    again = loket("deny", CASE, "--by", "bima", "--home", str(home))
    assert (again.returncode, again.stdout) == (2, b"")
    assert "is not waiting for a decision" in again.stderr.decode()


def test_the_first_decision_wins_and_only_the_right_people_decide(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = str(tmp_path / "home")
    held(tmp_path / "home", refund_asked)
    assert main(["approve", CASE, "--by", "tari", "--home", home]) == 1
    assert "terdaftar untuk jalur ini" in capsys.readouterr().out
    assert main(["approve", CASE, "--by", "nobody", "--home", home]) == 2
    assert "known are sf_sinta (Sinta Maharani)" in capsys.readouterr().err
    assert main(["deny", CASE, "--by", "sf_sinta", "--home", home]) == 0
    assert main(["approve", CASE, "--by", "sf_bima", "--home", home]) == 1
    assert held(tmp_path / "home", caught_up) == ("answered", [])


def test_an_edit_sends_exactly_those_words_and_what_may_not_be_sent_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = str(tmp_path / "home")
    held(tmp_path / "home", refund_asked)
    assert main(["edit", CASE, "gate bilang R3 ya", "--by", "sf_sinta", "--home", home]) == 1
    assert main(["edit", CASE, "Halo Kak, kami cek dulu ya.", "--by", "sf_sinta", "--home", home]) == 0
    capsys.readouterr()

    async def said(school: School) -> list[str]:
        await school.settle()
        rows = school.wired.database.read("SELECT text FROM transcript WHERE direction = 'out' ORDER BY id")
        return [row["text"] for row in rows]

    assert held(tmp_path / "home", said)[-1] == "Halo Kak, kami cek dulu ya."


async def test_a_running_server_takes_up_what_another_process_decided(tmp_path: Path) -> None:
    stage = await open_stage(settings(), tmp_path / "home", freeze_at=MONDAY, loaded=loaded())
    try:
        async with httpx.AsyncClient(verify=False) as client:
            said = {"from": RINA, "kind": "text", "text": "mau refund dong, uangku balikin"}
            await client.post(f"{stage.sandbox.url}/sandbox/whatsapp/send", json=said)
            await until(stage, client, "awaiting_approval")
            words = ("approve", CASE, "--by", "sf_sinta", "--home", str(tmp_path / "home"))
            done = await asyncio.to_thread(loket, *words)
            assert done.returncode == 0, done.stderr
            await until(stage, client, "with_person")
    finally:
        await stage.stop()


async def until(stage: Stage, client: httpx.AsyncClient, state: str) -> None:
    """Let time pass until the case has come to a state."""
    async with asyncio.timeout(60):
        while (
            stage.wired.database.read_one("SELECT 1 FROM cases WHERE id = ? AND state = ?", (CASE, state))
            is None
        ):
            stage.clock.advance(1)
            await something_happens(client, stage)


def test_a_case_is_settled_by_hand_unless_it_waits_for_a_decision(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = str(tmp_path / "home")

    async def two(school: School) -> None:
        await refund_asked(school)
        await school.say("jadwal les aku kapan ya?")

    held(tmp_path / "home", two)
    assert main(["cases", "resolve", CASE, "--by", "tari", "--home", home]) == 2
    assert "waits for a decision" in capsys.readouterr().err
    assert main(["cases", "resolve", "SCH-2026-0002", "--by", "tari", "--home", home]) == 0

    async def state(school: School) -> str:
        await school.settle()
        return school.state("SCH-2026-0002")

    assert held(tmp_path / "home", state) == "resolved"
    assert main(["cases", "resolve", "SCH-2026-0009", "--by", "tari", "--home", home]) == 2


def test_a_payment_is_confirmed_by_a_named_person_with_evidence_and_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = str(tmp_path / "home")
    held(tmp_path / "home", refund_asked)
    paid = ["confirm-payment", "INV-2026-1117-001", "--by", "agus", "--home", home, "--evidence"]
    assert main([*paid, "mutasi bank SK-1"]) == 0
    assert main([*paid, "mutasi bank SK-1"]) == 0
    assert main([*paid, "another line"]) == 1
    assert main([*paid, " "]) == 1
    told = capsys.readouterr().out
    assert told.count("SUCCESS: payment of INV-2026-1117-001 confirmed by sf_agus") == 2


def test_a_person_answers_a_case_by_command_and_only_where_they_may(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = str(tmp_path / "home")

    async def asked(school: School) -> None:
        await school.say("mau ngomong sama orang")
        await refund_asked(school)

    held(tmp_path / "home", asked)
    words = "Halo Kak, dengan Tari. Ada yang bisa dibantu?"
    reply = ["reply", CASE, words, "--home", home, "--by"]
    assert main([*reply, "bima"]) == 1
    assert "terdaftar" in capsys.readouterr().out
    assert main(["reply", CASE, "kata gate ini R3 ya", "--by", "tari", "--home", home]) == 1
    assert main(["reply", "SCH-2026-0002", words, "--by", "tari", "--home", home]) == 1
    assert "menunggu keputusan" in capsys.readouterr().out
    assert main(["reply", "SCH-2026-0009", words, "--by", "tari", "--home", home]) == 1
    for _ in range(2):
        assert main([*reply, "tari"]) == 0

    async def said(school: School) -> tuple[str, list[tuple[str, str]]]:
        await school.settle()
        rows = school.wired.database.read("SELECT author, text FROM transcript WHERE direction = 'out'")
        return school.state(CASE), [(row["author"], row["text"]) for row in rows if row["author"] != "B"]

    assert held(tmp_path / "home", said) == ("answered", [("sf_tari", words)])


def test_a_conversation_is_taken_over_and_handed_back_by_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = str(tmp_path / "home")

    async def asked(school: School) -> None:
        await school.say("jadwal les aku kapan ya?")

    held(tmp_path / "home", asked)
    take = ["takeover", CASE, "--why", "pelanggan bingung", "--home", home, "--by"]
    assert main([*take, "bima"]) == 1
    assert "operator" in capsys.readouterr().out
    assert main([*take, "tari"]) == 0
    assert main([*take, "tari"]) == 1
    assert "sudah dipegang Tari" in capsys.readouterr().out
    assert main(["reply", CASE, "Halo Kak, dengan Tari.", "--by", "tari", "--home", home]) == 0
    assert main(["handback", CASE, "--by", "tari", "--home", home]) == 0
    assert main(["handback", CASE, "--by", "tari", "--home", home]) == 1
    assert main(["takeover", "SCH-2026-0009", "--by", "tari", "--home", home]) == 1
    assert "tidak ada" in capsys.readouterr().out


def test_tasks_are_listed_and_settled_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = ["--home", str(tmp_path / "home")]

    async def trials(school: School) -> None:
        await school.say("mau daftar trial dong")
        await school.say("mau daftar trial dong", "+6281200001004")

    held(tmp_path / "home", trials, **BY_PEOPLE)
    assert main(["tasks", "list", *home]) == 0
    listed = capsys.readouterr().out
    assert "BOOKING_CREATE" in listed and "Tari Handayani" in listed and "SCH-2026-0002" in listed
    assert main(["tasks", "done", CASE, "--by", "bima", *home]) == 1
    assert main(["tasks", "cancel", CASE, "--by", "tari", "--say", "Batal ya Kak.", *home]) == 1
    assert "penukaran" in capsys.readouterr().out
    assert main(["tasks", "done", "SCH-2026-0009", "--by", "tari", *home]) == 1
    words = "Kak, trialnya Sabtu pagi ya."
    assert main(["tasks", "done", CASE, "--by", "agus", "--say", words, *home]) == 0
    assert main(["tasks", "done", "SCH-2026-0002:1:operation", "--by", "tari", *home]) == 0
    assert main(["tasks", "done", CASE, "--by", "agus", *home]) == 1
    capsys.readouterr()
    assert main(["tasks", "list", *home]) == 0
    assert capsys.readouterr().out == "Nothing is due.\n"
    assert main(["tasks", "list", "--all", "--json", *home]) == 0
    assert [task["state"] for task in json.loads(capsys.readouterr().out)] == ["done", "done"]

    async def outcome(school: School) -> tuple[list[str], list[str]]:
        await school.settle()
        rows = school.wired.database.read("SELECT text FROM transcript WHERE author = 'sf_agus'")
        return [school.state(case) for case in school.cases()], [row["text"] for row in rows]

    assert held(tmp_path / "home", outcome) == (["answered", "resolved"], [words])


def test_a_payment_confirmed_by_command_is_told_to_who_claimed_it(tmp_path: Path) -> None:
    async def claimed(school: School) -> None:
        await school.say("udah transfer ya", BUDI)

    held(tmp_path / "home", claimed)
    paid = ["confirm-payment", "INV-2026-1117-001", "--by", "tari", "--evidence", "mutasi bank"]
    assert main([*paid, "--home", str(tmp_path / "home")]) == 0

    async def told(school: School) -> tuple[str, str]:
        await school.settle()
        rows = school.wired.database.read("SELECT text FROM transcript WHERE direction = 'out' ORDER BY id")
        return school.state(CASE), rows[-1]["text"]

    state, words = held(tmp_path / "home", told)
    assert state == "answered" and "INV-2026-1117-001 sudah lunas" in words


def test_a_bill_is_shown_and_written_as_pdf(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home, file = str(tmp_path / "home"), tmp_path / "bill.pdf"

    async def nothing(school: School) -> None:
        await school.settle()

    held(tmp_path / "home", nothing)
    assert main(["invoice", "inv-2026-1117-001", "--pdf", str(file), "--lang", "id", "--home", home]) == 0
    assert "INV-2026-1117-001" in capsys.readouterr().out and file.read_bytes().startswith(b"%PDF")
    assert main(["invoice", "INV-2026-0000-000", "--home", home]) == 2
    assert "there is no invoice" in capsys.readouterr().err


def test_a_coachs_day_is_shown_before_anybody_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = str(tmp_path / "home")

    async def wrote(school: School) -> None:
        await school.say("halo kak")

    held(tmp_path / "home", wrote)
    move = ["school", "move", "--coach", "Sinta", "--date", "2026-11-26", "--by", "tari", "--home", home]
    assert main(move) == 0
    assert "Nothing was done" in capsys.readouterr().out
    assert main([*move, "--yes", "--why", "sakit"]) == 0
    assert "must move" in capsys.readouterr().out
    assert main([*move, "--yes"]) == 2
    assert "coaches:" in capsys.readouterr().err
    assert main([*move[:5], "besok", *move[6:]]) == 2

    async def told(school: School) -> list[str]:
        await school.settle()
        rows = school.wired.database.read("SELECT text FROM transcript WHERE direction = 'out' ORDER BY id")
        return [row["text"] for row in rows]

    assert any("perlu kami pindah" in text for text in held(tmp_path / "home", told))
