"""`loket explain` as a process: JSON lines in, JSON lines out; and who the usual customer is."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from app.cli.explain import USUAL, first_contact
from app.cli.main import main
from graph.explain import explain, summary
from policies.payments import may_say_paid
from tests.cli.cli_scenes import MONDAY, RINA, STRANGER, School, loket, opened

KEYS = ["text", "intent", "signals", "floor", "tier", "decision", "rules", "reply", "citations", "effects"]


def test_lines_in_give_lines_out_in_order_whatever_is_in_them() -> None:
    said = ["mau refund dong, uangku balikin", "kalau refund boleh ga sih?", "jadwal les aku kapan ya?"]
    lines = [json.dumps({"text": said[0]}), "not json", json.dumps({"text": said[1]}), "{}", "", "[" * 99_999]
    lines += [json.dumps({"text": said[2]}), '{"text": "\\ud83d halo"}', '{"text": 7}']
    done = loket("explain", stdin="\n".join(lines).encode() + b"\n\xff\xfe\n")
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert len(answers) == len(lines) + 1
    assert ["error" in answer for answer in answers] == [
        False, True, False, True, True, True, False, False, True, True
    ]  # fmt: skip
    asked, question, lesson = answers[0], answers[2], answers[6]
    assert [list(a) for a in (asked, question, lesson)] == [KEYS] * 3
    assert [a["text"] for a in (asked, question, lesson)] == said
    assert (asked["tier"], asked["decision"]) == ("R3", "ESCALATE_COACH")
    assert {"type": "open_approval", "kind": "REFUND"} in asked["effects"]
    assert (question["floor"], question["tier"]) == ("R3", "R0")
    assert question["citations"][0]["page_id"] == "refund_policy"
    assert (lesson["tier"], lesson["signals"]) == ("R1", [])
    assert lesson["reply"].startswith("Sesi Kakak berikutnya ")


async def explained(school: School, text: str, phone: str = USUAL) -> dict[str, object]:
    message = await first_contact(school.wired, phone)
    said = message.model_copy(update={"message": message.message.model_copy(update={"text": text})})
    return summary(text, await explain(school.wired.runner, said, school.wired.clock.now()))


@pytest.mark.parametrize("day", range(7))
async def test_the_usual_customer_is_the_same_on_every_day_of_the_week(tmp_path: Path, day: int) -> None:
    school = await opened(tmp_path / "home", MONDAY + timedelta(days=day))
    try:
        now, stored = school.wired.clock.now(), school.wired.stored
        facts = await stored.schedule("st_rina", now)
        coming = [s for s in facts.sessions if s.status == "scheduled" and s.start > now]
        assert (coming[0].start - now).days in {3, 2}
        assert (coming[0].start.date() - now.date()).days == 3
        assert facts.reschedules_this_month == 0
        assert may_say_paid((await stored.payments("ct_rina", now)).invoices[0].payment)
        assert (await explained(school, "mau pindah jadwal les dong kak"))["tier"] == "R2"
        assert (await explained(school, "jadwal les aku kapan ya?"))["tier"] == "R1"
    finally:
        school.wired.database.close()


async def test_lines_are_independent_and_nothing_is_committed(tmp_path: Path) -> None:
    school = await opened(tmp_path / "home")
    try:
        first = await explained(school, "mau refund dong, uangku balikin")
        again = await explained(school, "mau refund dong, uangku balikin")
        assert (first["tier"], first["reply"]) == (again["tier"], again["reply"])
        assert school.cases() == []
        assert await school.wired.journal.outbox(["queued"]) == ()
        # Somebody nobody knows has to prove who they are first.
        assert (await explained(school, "jadwal les aku kapan ya?", STRANGER))[
            "decision"
        ] == "NEED_VERIFICATION"
    finally:
        school.wired.database.close()


async def test_a_lone_thumb_asks_for_nothing(tmp_path: Path) -> None:
    school = await opened(tmp_path / "home")
    try:
        thumb = await explained(school, "👍🏻👍🏻")
        assert (thumb["intent"], thumb["tier"], thumb["decision"], thumb["reply"]) == (None, "R0", "NONE", "")
    finally:
        school.wired.database.close()


def test_a_lone_thumb_is_said_to_ask_for_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "👍🏻", "--lang", "en"]) == 0
    assert capsys.readouterr().out == "Nothing is asked for: no case is opened and nothing is answered.\n"


async def test_several_requests_in_one_message_are_summed_up_by_the_strictest(tmp_path: Path) -> None:
    school = await opened(tmp_path / "home")
    try:
        both = await explained(school, "jadwal les aku kapan ya? terus mau refund dong, uangku balikin")
        assert (both["tier"], both["intent"]) == ("R3", "refund_request")
        assert "\n\n" in str(both["reply"])
    finally:
        school.wired.database.close()


def test_a_card_for_people_says_it_in_their_language(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "mau refund dong, uangku balikin", "--lang", "id", "--as", RINA]) == 0
    card = capsys.readouterr().out
    assert "uang kembali" in card
    assert "ESCALATE_COACH" in card
    assert "| Permintaan refund" in card


@pytest.mark.parametrize(
    ("words", "said"),
    [(["--desk", "florist"], "there is no desk 'florist'"), (["--as", "rina"], "is no phone number")],
)
def test_a_wrong_option_is_refused(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "halo", *words]) == 2
    assert said in capsys.readouterr().err
