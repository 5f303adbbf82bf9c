"""`loket learn`: what people and pre-send QA put right becomes a proposal, and nothing of a customer's goes into it."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from app.cli.main import main
from casefile.events import OperatorCommand
from casefile.lessons import LessonDecision
from ports.sources import DraftRequest
from services.contact_sweep import sweep, words_of
from store.lessons import SqlLessons
from store.person import person_of
from tests.cli.cli_scenes import MONDAY, School, held, loket

DEWI, MAYA = "+6281200001005", "+6281200001003"
EDITED = (
    "Kabar baik, Kak Rina: refund INV-2026-1019-001 kami proses, buktinya ke rina.anggraini@example.com. Ada yang lain,"
    " tulis saja di sini."
)
TUESDAY = "Selasa, 24 November 2026 pukul 16.00 WIB"
EDIT, DENY = "SCH-2026-0001:2:edit", "SCH-2026-0002:2:deny"
HOLD, REPLY = "SCH-2026-0003:1:hold", "SCH-2026-0003:3:reply"
# What the records hold of whoever writes, and what they say of themselves.
THEIRS = {
    EDIT: (
        *("rina", "anggraini", "81200001001", "inv-2026-1019-001", "joko", "susilo", "7788990011", "9911"),
    ),
    DENY: ("maya", "hapsari", "alya", "kenzo", "81200001003"),
    HOLD: ("dewi", "kartika", "81200001005"),
    REPLY: ("dewi", "kartika", "81200001005"),
}


@dataclass(frozen=True)
class Says:
    """A model that always says the same."""

    words: str

    async def draft(self, request: DraftRequest) -> str | None:
        return self.words


async def put_right(school: School) -> None:
    """An edit, a no with a reason, a model's words that were held, and an answer by hand."""
    await school.say(
        "mau refund dong, uangku balikin ke rekening atas nama joko susilo 7788990011, wa 0812-9911-7890 ya - Rina"
        " Anggraini"
    )
    await school.decide("EDIT", EDITED)
    await school.say("mau refund dong, uangku balikin, anakku Kenzo ga mau lanjut", MAYA)
    await school.decide("DENY", "Bu Maya sudah pakai enam sesi, Alya juga", by="sf_bima")
    runner = school.wired.runner
    drafting = replace(runner.sources, drafter=Says("Dewi, ada diskon 75% khusus buat Kakak."))
    school.wired = replace(school.wired, runner=replace(runner, sources=drafting))
    await school.say("parkirnya di mana ya kak?", DEWI)
    school.wired = replace(school.wired, runner=runner)
    await school.say("mau ngobrol sama orangnya langsung dong kak", DEWI)
    await by_hand(school, "Halo Kak Dewi, ini Tari. Ada yang bisa kami bantu?")


async def by_hand(school: School, words: str) -> None:
    """Let an operator answer the newest case that is with a person."""
    (row, *_) = school.wired.database.read(
        "SELECT id, conversation_id FROM cases WHERE state = 'with_person' ORDER BY id DESC"
    )
    now = school.wired.clock.now()
    event = OperatorCommand(at=now, case_id=row["id"], command="reply", by="sf_tari", args={"text": words})
    await school.wired.journal.submit(row["conversation_id"], event, "reply:1", now)
    await school.settle()


@pytest.fixture
def at(tmp_path: Path) -> list[str]:
    held(tmp_path / "home", put_right)
    return ["--home", str(tmp_path / "home")]


def lessons(at: list[str], capsys: pytest.CaptureFixture[str], *more: str) -> list[dict[str, Any]]:
    assert main(["learn", "list", "--json", *more, *at]) == 0
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return found


def test_every_correction_is_a_lesson_with_what_it_would_change(
    at: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    found = {lesson["id"]: lesson for lesson in lessons(at, capsys)}
    assert list(found) == [EDIT, DENY, HOLD, REPLY]
    told = {name: (one["by"], one["intent"], one["would_change"]) for name, one in found.items()}
    assert told == {
        EDIT: ("sf_sinta", "refund_request", "template refund_approved (id)"),
        DENY: ("sf_bima", "refund_request", "template refund_denied (id)"),
        HOLD: ("QA", "faq.parking", "page parking.id"),
        REPLY: ("sf_tari", "human_request", "-"),
    }
    assert found[EDIT]["update"]["final_text"].startswith("Kabar baik, Kak Dewi: refund INV-")
    assert found[DENY]["update"]["final_text"] == ""
    assert found[DENY]["why"].endswith("sudah pakai enam sesi, Tasya juga")
    assert "diskon 75% khusus" in found[HOLD]["why"] and "QA.fact" in found[HOLD]["why"]


def test_nothing_of_the_customers_own_is_shown_or_written(
    tmp_path: Path, at: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    for name, own in THEIRS.items():
        assert main(["learn", "show", name, *at]) == 0
        assert main(["learn", "show", name, "--json", *at]) == 0
        assert main(["learn", "accept", name, "--by", "tari", "--to", str(tmp_path / "golden"), *at]) == 0
        (file,) = (tmp_path / "golden").glob(f"{name.replace(':', '-').lower()}*")
        said = (capsys.readouterr().out + file.read_text()).casefold()
        assert [word for word in own if word in said] == []
        # Those who work here are named to customers anyway, and decide in a script as well.
        assert "sf_" in file.read_text() or name == HOLD


def test_what_was_accepted_plays_as_it_happened(
    tmp_path: Path, at: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    golden = str(tmp_path / "golden")
    for name in THEIRS:
        assert main(["learn", "accept", name, "--by", "tari", "--to", golden, *at]) == 0
    played = loket("demo", "--script", golden, "--json")
    results = [json.loads(line) for line in played.stdout.splitlines()]
    assert [(one["name"], one["failures"]) for one in results if not one["ok"]] == []
    assert len(results) == 4 and played.returncode == 0


def test_a_lesson_is_decided_on_once_and_leaves_the_list(
    tmp_path: Path, at: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    golden = tmp_path / "golden"
    assert main(["learn", "reject", HOLD, "--by", "tari", "--why", "bagus begitu", *at]) == 0
    assert main(["learn", "accept", HOLD, "--by", "sinta", "--to", str(golden), *at]) == 1
    assert not golden.exists()
    capsys.readouterr()
    assert [lesson["id"] for lesson in lessons(at, capsys)] == [EDIT, DENY, REPLY]
    decided = {lesson["id"]: lesson["decision"] for lesson in lessons(at, capsys, "--all")}[HOLD]
    assert (decided["decision"], decided["by"], decided["why"]) == ("rejected", "sf_tari", "bagus begitu")
    assert main(["learn", "show", HOLD, *at]) == 0
    assert "rejected by Tari Handayani: bagus begitu" in capsys.readouterr().out
    assert main(["learn", "show", "SCH-2026-0001:9:edit", *at]) == 2
    assert "there is no lesson" in capsys.readouterr().err


async def mended(school: School) -> None:
    """A move that a coach words anew, and an account answer that a model made up."""
    await school.say("mau pindah jadwal rabu ke besok jam 4 sore", DEWI)
    await school.decide("EDIT", f"Sip Kak, jadinya {TUESDAY} ya. Sampai ketemu!")
    runner = school.wired.runner
    drafting = replace(runner.sources, drafter=Says("Sesinya besok pukul 09.00 WIB ya, Kak."))
    school.wired = replace(school.wired, runner=replace(runner, sources=drafting))
    await school.say("jadwal les aku berikutnya kapan?")


def test_values_are_placeholders_again_and_a_held_draft_stands_beside_what_left(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    held(tmp_path, mended)
    edit, hold = lessons(["--home", str(tmp_path)], capsys)
    assert edit["update"]["final_text"] == "Sip Kak, jadinya {new} ya. Sampai ketemu!"
    assert "{old}" in edit["update"]["changes"][0]
    assert hold["would_change"] == "template next_session (id)"
    assert hold["update"]["changes"][0].startswith("- Sesinya besok pukul 09.00 WIB ya, Kak.")
    assert hold["update"]["final_text"].startswith("Sesi Kakak berikutnya")


def test_an_erased_contact_leaves_nothing_in_what_was_decided(tmp_path: Path) -> None:
    async def erased(school: School) -> None:
        await put_right(school)
        database = school.wired.database
        why = "kata Maya Hapsari begitu, telepon 081200001003"
        decision = LessonDecision.model_validate(
            {"lesson_id": DENY, "decision": "rejected", "by": "sf_tari", "at": MONDAY, "why": why}
        )
        kept = SqlLessons(database, "school")
        await kept.decide(DENY.partition(":")[0], decision)
        whole = person_of(database.read, "ct_maya")
        await database.submit(lambda tx: sweep(tx, whole, words_of(tx, whole)))
        assert kept.decided()[DENY].why == "kata [erased] begitu, telepon [erased]"

    held(tmp_path, erased)


async def unanswered(school: School) -> None:
    """No page knows where to park; an operator does."""
    knowledge = school.wired.knowledge
    pages = [page for page in knowledge.pages_of(knowledge.in_force() or "") if page.page_id != "parking"]
    await knowledge.publish(pages, "sf_tari", school.wired.clock.now())
    await school.say("parkirnya di mana ya kak?", DEWI)
    await by_hand(school, "Parkirnya di basement, Kak, gratis.")


def test_an_answer_no_page_had_is_proposed_for_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    held(tmp_path, unanswered)
    (lesson,) = lessons(["--home", str(tmp_path)], capsys)
    assert lesson["would_change"] == "page parking.id"
    assert lesson["update"]["changes"] == ["+ Parkirnya di basement, Kak, gratis."]


def test_an_accepted_change_of_a_page_is_asked_for_until_a_release_answers_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    held(tmp_path, unanswered)
    at = ["--home", str(tmp_path)]
    (lesson,) = lessons(at, capsys)
    to = str(tmp_path / "proposed")
    assert main(["learn", "accept", lesson["id"], "--by", "tari", "--to", to, *at]) == 0
    asked = ["kb", "request", "--page", "wifi.id", "--words", "Tambah sandi baru", "--by", "tari", *at]
    assert main(asked) == 0
    capsys.readouterr()
    assert main(["kb", "requests", "--json", *at]) == 0
    # The question nobody could answer, what the operator's answer teaches, and what a person asks for.
    by_origin = {one["origin"]: one for one in json.loads(capsys.readouterr().out)}
    gap, edit, person = (by_origin[origin] for origin in ("gap", "edit", "person"))
    assert gap["words"] == "parkirnya di mana ya kak?"
    assert (edit["key"], edit["page"]) == (f"edit:{lesson['id']}", "parking.id")
    assert (person["page"], person["words"]) == ("wifi.id", "Tambah sandi baru")
    assert main(["kb", "reject", person["key"], "--why", "belum perlu", "--by", "tari", *at]) == 0
    assert main(["kb", "reject", person["key"], "--why", "belum perlu", "--by", "tari", *at]) == 2
    assert main(["kb", "publish", "--closes", "gap:none", "--by", "tari", *at]) == 2
    # The folder still has the page that this school took back: publishing it answers both.
    assert main(["kb", "publish", "--closes", gap["key"], "--by", "tari", *at]) == 0
    capsys.readouterr()
    assert main(["kb", "requests", *at]) == 0
    assert "Nobody asks" in capsys.readouterr().out
    assert main(["kb", "requests", "--all", *at]) == 0
    told = capsys.readouterr().out
    assert told.count("v2026-11-23.3") == 2
    assert "rejected" in told


def test_where_nobody_put_anything_right_there_is_nothing_to_learn(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    held(tmp_path, lambda school: school.say("parkirnya di mana ya kak?"))
    assert main(["learn", "list", "--home", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "Nothing to learn from.\n"
