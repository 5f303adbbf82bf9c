"""`loket audit`: a week's sample, judged by people, and what it adds up to."""

import asyncio
import io
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.cli.main import main
from casefile.effects import SendMessage
from tests.cli.cli_scenes import MONDAY, School, held, opened

WEEK = "2026-W48"
DAYS = 24 * 3600


async def a_week(school: School) -> None:
    """A price asked, a session looked up, money asked back; all of it arrived, and the week is over."""
    await school.say("harga paket berapa ya?")
    await school.say("jadwal les aku berikutnya kapan?")
    await school.say("mau refund dong, uangku balikin. hubungi rina.anggraini@example.com ya, - Rina")
    for row in await school.wired.journal.outbox(("queued",)):
        if isinstance(row.effect, SendMessage):
            await school.wired.journal.accepted(row.key, f"p-{row.key}", school.wired.clock.now())
    school.clock.advance(7 * DAYS)


@pytest.fixture
def at(tmp_path: Path) -> list[str]:
    held(tmp_path, a_week)
    return ["--home", str(tmp_path)]


def sample(at: list[str], capsys: pytest.CaptureFixture[str], *more: str) -> dict[str, object]:
    assert main(["audit", "sample", "--json", *more, *at]) == 0
    plain: dict[str, object] = json.loads(capsys.readouterr().out)
    return plain


def keys(at: list[str], capsys: pytest.CaptureFixture[str]) -> list[str]:
    return [answer["key"] for answer in sample(at, capsys)["answers"]]  # type: ignore[attr-defined]


def test_a_week_is_picked_once_whatever_size_is_asked_for_later(
    at: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    first = sample(at, capsys, "--size", "2")
    assert (first["week"], first["sent"]) == (WEEK, 3)
    assert [a["tier"] for a in first["answers"]] == ["R3", "R1"]  # type: ignore[attr-defined]
    assert sample(at, capsys, "--size", "3", "--week", WEEK) == first
    assert main(["audit", "sample", *at]) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"{WEEK}: 2 of 3 answers.") and "template" in said


def test_a_week_that_is_not_over_is_not_picked_from(
    at: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["audit", "sample", "--week", "2026-W49", *at]) == 2
    assert "2026-W49 is not over yet" in capsys.readouterr().err
    assert main(["audit", "sample", "--week", "last", *at]) == 2
    assert "is no week" in capsys.readouterr().err


def test_people_walk_through_it_and_see_what_an_answer_stood_on(
    at: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = "c\n" + "x\ni\n9\nr\n3\njawabannya lain\n" + "q\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    assert main(["audit", "label", "--by", "tari", *at]) == 0
    said = capsys.readouterr().out
    assert "1 of 3" in said and "3 of 3" in said
    refund, session, price = said.split("── ")[1:]
    # Whose words they are is nobody's business here.
    assert "uangku balikin" in refund and "r…@e….com" in refund and "- R…" in refund
    assert "Rina" not in said and "rina.anggraini" not in said
    assert "facts" in session and "WIB" in session.split("facts")[1]
    assert "pages  price_list of v" in price
    told = {a["key"]: a["judgement"] for a in sample(at, capsys)["answers"]}  # type: ignore[attr-defined]
    first, second, third = told.values()
    assert (first["label"], first["by"], third) == ("correct", "sf_tari", None)
    assert (second["label"], second["flaw"], second["reason"]) == ("risky", "wrong", "jawabannya lain")
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert main(["audit", "label", "--by", "tari", "--plain", *at]) == 0
    assert "1 of 1" in capsys.readouterr().out


def test_an_answer_is_judged_once_also_without_being_asked(
    at: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    key = keys(at, capsys)[0]
    judge = ["audit", "label", *at, "--id", key, "--by"]
    assert main([*judge, "sinta", "--label", "risky", "--flaw", "tone", "--reason", "dingin"]) == 0
    assert main([*judge, "tari", "--label", "correct"]) == 1
    assert "is judged already" in capsys.readouterr().out
    for wrong in (["--label", "risky"], ["--label", "correct", "--flaw", "tone"], []):
        assert main([*judge, "tari", *wrong]) == 2


def forge(home: Path, text: str) -> None:
    """Let the answer with the price have said something else, as if no check had held it."""

    async def scene() -> None:
        school = await opened(home, MONDAY + timedelta(days=7))
        try:
            (record,) = school.records("SCH-2026-0001")
            forged = [
                e.model_copy(update={"text": text}) if isinstance(e, SendMessage) else e
                for e in record.effects
            ]
            body = replace(record, effects=tuple(forged)).packed()
            await school.wired.database.submit(
                lambda tx: tx.execute(
                    "UPDATE turn_records SET body = ? WHERE case_id = 'SCH-2026-0001'", (body,)
                )
            )
        finally:
            school.wired.database.close()

    asyncio.run(scene())


def report(at: list[str], capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    assert main(["audit", "report", "--weeks", "2", "--json", *at]) == 0
    plain: dict[str, list[dict[str, object]]] = json.loads(capsys.readouterr().out)
    assert [week["week"] for week in plain["weeks"]] == [WEEK, "2026-W49"]
    return plain["weeks"][0]


def test_sound_answers_count_for_nothing(at: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    sample(at, capsys)
    week = report(at, capsys)
    assert (week["sent"], week["looked_at"], week["cases"], week["not_comparable"]) == (3, 3, 3, 0)
    assert (week["without_source_per_100"], week["invented_per_100"]) == (0.0, 0.0)
    assert week["readings"] == 3 and week["abstained"] == 0.0
    assert isinstance(week["confidence"], float) and 0.5 < week["confidence"] <= 1.0


def test_what_no_fact_holds_is_found_by_running_it_again(
    tmp_path: Path, at: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    forge(tmp_path, "Harganya Rp 17.000 dan pasti bisa dipindah gratis, dijamin ya Kak.")
    sample(at, capsys)
    week = report(at, capsys)
    assert (week["without_source_per_100"], week["invented_per_100"]) == (33.3, 33.3)


def test_what_a_person_found_counts_as_well(at: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    first, second, _ = keys(at, capsys)
    for key, flaw in ((first, "invented_state"), (second, "no_source")):
        judged = ["--id", key, "--label", "incorrect", "--flaw", flaw, "--by", "tari"]
        assert main(["audit", "label", *at, *judged]) == 0
    capsys.readouterr()
    week = report(at, capsys)
    assert week["judged"] == {"correct": 0, "incorrect": 2, "risky": 0}
    assert (week["without_source_per_100"], week["invented_per_100"]) == (33.3, 33.3)
    assert main(["audit", "report", "--weeks", "2", *at]) == 0
    said = capsys.readouterr().out
    assert WEEK in said and "33.3" in said and "not picked" in said
