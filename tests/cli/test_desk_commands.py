"""The commands people of the desk look and keep with: cases, policy, prompts, kb, ledger, doctor."""

import json
import re
import shutil
import socket
from pathlib import Path

import pytest
import yaml

from app.cli.main import main
from casefile.effects import PostToLane, SendMessage
from casefile.events import WindowClosed
from tests.cli.cli_scenes import ROOT, School, held, loket, refund_asked, settings

CASE = "SCH-2026-0001"
KEYS = (
    "WHATSAPP_ACCESS_TOKEN",
    "WHATSAPP_APP_SECRET",
    "WHATSAPP_VERIFY_TOKEN",
    "TELEGRAM_BOT_TOKEN",
    "AUDIT_SALT",
    "MIDTRANS_SERVER_KEY",
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    held(tmp_path / "home", refund_asked)
    return tmp_path / "home"


def test_cases_are_listed_and_shown_masked_unless_asked_plainly(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at = ["--home", str(home)]
    assert main(["cases", "list", *at]) == 0
    line = capsys.readouterr().out.splitlines()[1]
    assert line.split()[:5] == [CASE, "awaiting_approval", "Sinta", "Maharani", "R3"]
    assert "+62…1001" in line
    assert main(["cases", "list", "--json", "--plain", "--state", "awaiting_approval", *at]) == 0
    (only,) = json.loads(capsys.readouterr().out)
    assert only["customer"] == "+6281200001001"
    assert main(["cases", "list", "--state", "answered", *at]) == 0
    assert capsys.readouterr().out == "No cases.\n"
    assert main(["cases", "show", CASE, *at]) == 0
    shown = capsys.readouterr().out
    assert "uangku balikin" not in shown
    assert "REFUND" in shown
    (ended,) = [line for line in shown.splitlines() if line.startswith("ended")]
    assert ended.split(maxsplit=1)[1] == "open; R3.refund refund_request"
    assert main(["cases", "show", CASE, "--plain", *at]) == 0
    assert "uangku balikin" in capsys.readouterr().out
    assert main(["cases", "show", CASE, "--json", *at]) == 0
    assert json.loads(capsys.readouterr().out)["case"]["id"] == CASE
    assert main(["cases", "show", "SCH-1", *at]) == 2
    assert main(["cases", "list", "--state", "lost", *at]) == 2


def test_the_rules_are_told_to_people_and_to_models(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policy", "show", "--lang", "id"]) == 0
    told = capsys.readouterr().out
    assert "60 menit sebelum sesi mulai" in told
    assert "R3.refund" in told
    assert main(["prompts", "show", "b"]) == 0
    prompt = capsys.readouterr().out
    assert "60 minutes before the session starts" in prompt
    assert "R3.refund" in prompt
    assert main(["policy", "show", "--desk", "florist"]) == 2


def test_a_task_is_told_as_it_would_be_with_another_folder_of_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "tasks").mkdir()
    words = "---\nversion: 9\nreturns: words\n---\nSay it at {desk_name}.\n"
    (tmp_path / "tasks" / "draft.md").write_text(words, encoding="utf-8")
    tried = ("--prompts", str(tmp_path))
    assert main(["prompts", "show", "b", "--task", "draft", "--lang", "id", *tried]) == 0
    told = capsys.readouterr().out
    assert told.rstrip().endswith("Say it at Suara Kita.")
    assert "draft@9" in told.splitlines()[0]
    assert main(["prompts", "list", *tried]) == 0
    listed = capsys.readouterr().out
    assert "review@" in listed
    assert f"{tmp_path} words its own: tasks/draft.md" in listed
    assert main(["prompts", "show", "b", "--task", "qa"]) == 2
    assert main(["prompts", "list", "--prompts", str(tmp_path / "none")]) == 2


def own_copy(folder: Path) -> Path:
    """Return a config of its own whose desk may be changed."""
    shutil.copytree(ROOT / "desks", folder / "desks")
    config = folder / "config.yaml"
    shutil.copy(ROOT / "config.yaml", config)
    # The trained reader is shared, so that nothing is trained again.
    (folder / "var").mkdir()
    (folder / "var" / "understanding").symlink_to(settings().cache.resolve())
    return config


def test_pages_change_only_by_publishing_and_come_back_by_rolling_back(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at = ["--config", str(own_copy(tmp_path)), "--home", str(home)]
    page = tmp_path / "desks" / "school" / "knowledge" / "refund_policy.en.md"
    page.write_text(page.read_text(encoding="utf-8").replace("Refund", "REFUND"), encoding="utf-8")
    assert main(["kb", "sync", *at]) == 0
    assert "~ refund_policy.en" in capsys.readouterr().out
    assert main(["kb", "diff", *at]) == 0
    assert "+++ refund_policy.en (folder)" in capsys.readouterr().out
    assert main(["kb", "releases", "--json", *at]) == 0
    (first,) = json.loads(capsys.readouterr().out)
    assert main(["kb", "publish", "--by", "tari", *at]) == 0
    assert f"before it was {first['release']}" in capsys.readouterr().out
    assert main(["kb", "sync", "--json", *at]) == 0
    assert json.loads(capsys.readouterr().out)["changed"] == []
    assert main(["kb", "rollback", first["release"], "--by", "tari", *at]) == 0
    assert main(["kb", "releases", *at]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.startswith("*") for line in lines[-3:]] == [True, False, False]
    assert main(["kb", "rollback", "v1", "--by", "tari", *at]) == 2
    assert main(["kb", "gaps", *at]) == 0


def test_pages_past_their_review_are_listed_with_whose_they_are(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at = ["--config", str(own_copy(tmp_path)), "--home", str(home)]
    assert main(["kb", "review", *at]) == 0
    assert "within the last 180 days" in capsys.readouterr().out
    page = tmp_path / "desks" / "school" / "knowledge" / "parking.en.md"
    text = re.sub("Last reviewed: .*", "Last reviewed: 2020-01-05", page.read_text(encoding="utf-8"))
    page.write_text(text, encoding="utf-8")
    assert main(["kb", "publish", "--by", "tari", *at]) == 0
    capsys.readouterr()
    assert main(["kb", "review", "--json", *at]) == 0
    (late,) = json.loads(capsys.readouterr().out)
    assert (late["page"], late["last_reviewed"]) == ("parking.en", "2020-01-05")
    assert main(["kb", "review", *at]) == 0
    assert f"2020-01-05     {late['owner']}" in capsys.readouterr().out


def test_what_search_finds_is_shown_best_first(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at = ["--config", str(own_copy(tmp_path)), "--home", str(home)]
    assert main(["kb", "find", "parkir", "mobil", "--json", *at]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found[0]["kind"], found[0]["id"]) == ("page", "parking")
    assert main(["kb", "find", "zzzz", *at]) == 0
    assert "Nothing shares a word with that" in capsys.readouterr().out


def test_what_nobody_can_say_arrived_is_listed_and_settled_once(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at = ["--home", str(home)]

    async def lost(school: School) -> str:
        journal, now = school.wired.journal, school.wired.clock.now()
        row = next(r for r in await journal.outbox(["queued"]) if isinstance(r.effect, SendMessage))
        await journal.attempting(row.key, now)
        await journal.unknown(row.key, "no answer", now)
        return row.key

    key = held(home, lost)
    assert main(["ledger", "list", "--state", "unknown", "--json", *at]) == 0
    (line,) = json.loads(capsys.readouterr().out)
    assert (line["key"], line["error"]) == (key, "no answer")
    assert main(["ledger", "list", *at]) == 0
    listed = capsys.readouterr().out
    assert f"{key}\n    say to the customer" in listed
    assert "tried 1x: no answer" in listed and "Goes again by itself" in listed
    assert "loket ledger drop KEY" in listed and "loket ledger resend KEY" in listed
    assert main(["ledger", "resend", key, "--by", "tari", *at]) == 0
    assert "the customer reads it twice" in capsys.readouterr().out
    assert main(["ledger", "drop", key, "--by", "tari", *at]) == 2
    assert f"{key} is queued; only what is unknown is settled by hand" in capsys.readouterr().err
    assert main(["ledger", "resend", "SCH-2026-9999:1:say", "--by", "tari", *at]) == 2
    assert "there is no effect 'SCH-2026-9999:1:say'" in capsys.readouterr().err
    assert main(["ledger", "drop", key, "--by", "nobody", *at]) == 2
    assert "is nobody known here" in capsys.readouterr().err
    assert main(["ledger", "list", "--state", "gone", *at]) == 2
    assert main(["ledger", "list", "--state", "unknown", *at]) == 0
    assert "Nothing is unknown." in capsys.readouterr().out

    async def audited(school: School) -> list[tuple[str, ...]]:
        rows = school.wired.database.read(
            "SELECT actor, action, body FROM audit WHERE service = 'ledger' ORDER BY id"
        )
        return [(row["actor"], row["action"], json.loads(row["body"])["data_refs"][0]) for row in rows]

    assert held(home, audited) == [("sf_tari", "resend", key)]


def test_a_post_in_doubt_says_what_sending_it_again_may_do(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at = ["--home", str(home)]

    async def lost(school: School) -> str:
        journal, now = school.wired.journal, school.wired.clock.now()
        row = next(r for r in await journal.outbox(["queued"]) if isinstance(r.effect, PostToLane))
        await journal.attempting(row.key, now)
        await journal.unknown(row.key, "no answer", now)
        return row.key

    key = held(home, lost)
    assert main(["ledger", "list", "--state", "unknown", *at]) == 0
    assert "Never goes again by itself." in capsys.readouterr().out
    assert main(["ledger", "resend", key, "--by", "tari", *at]) == 0
    assert "the group has it twice" in capsys.readouterr().out


def test_a_post_that_was_replaced_is_settled_without_being_sent(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at = ["--home", str(home)]

    async def replaced(school: School) -> str:
        journal, now = school.wired.journal, school.wired.clock.now()
        row = next(r for r in await journal.outbox(["queued"]) if isinstance(r.effect, PostToLane))
        await journal.attempting(row.key, now)
        await journal.unknown(row.key, "no answer", now)
        later = PostToLane(key="later", lane="ops", thread=row.effect.thread, html="how it stands now")
        await journal.announce(later, row.case_id, row.conversation_id, now)
        return row.key

    key = held(home, replaced)
    assert main(["ledger", "resend", key, "--by", "tari", *at]) == 0
    assert f"{key}: a later post stands in its place" in capsys.readouterr().out
    assert main(["ledger", "list", "--state", "unknown", *at]) == 0
    assert "Nothing is unknown." in capsys.readouterr().out


def test_words_that_wait_for_the_customer_are_shown_as_such_and_can_be_dropped(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at = ["--home", str(home)]

    async def waiting(school: School) -> str:
        journal, now = school.wired.journal, school.wired.clock.now()
        row = next(r for r in await journal.outbox(["queued"]) if isinstance(r.effect, SendMessage))
        await journal.attempting(row.key, now)
        await journal.failed(row.key, "131047 closed", now)
        event = WindowClosed(at=now, case_id=row.case_id, key=row.key)
        assert await journal.hold(row.key, "131047 closed", event, f"window:{row.key}", now)
        return row.key

    key = held(home, waiting)
    assert main(["ledger", "list", "--state", "queued", *at]) == 0
    listed = capsys.readouterr().out
    assert any(line.startswith("waits") and key in line for line in listed.splitlines())
    assert "when its customer writes again" in listed
    assert main(["ledger", "resend", key, "--by", "tari", *at]) == 2
    assert "waits for the customer to write" in capsys.readouterr().err
    assert main(["ledger", "drop", key, "--by", "tari", *at]) == 0


def test_a_doctor_names_the_key_the_value_and_what_is_allowed(tmp_path: Path) -> None:
    config = own_copy(tmp_path)
    raw = yaml.safe_load(config.read_text(encoding="utf-8"))
    raw["server"]["port"] = 99_999
    config.write_text(yaml.safe_dump(raw), encoding="utf-8")
    done = loket("doctor", "--config", str(config))
    assert done.returncode == 1
    told = done.stdout.decode()
    assert "FAIL" in told
    assert "server.port: 99999 is not allowed" in told
    assert "1 to mend." in told
    assert b"Traceback" not in done.stderr


def test_a_doctor_finds_nothing_where_everything_is_set(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in KEYS:
        monkeypatch.setenv(f"LOKET_{name}", "0123456789abcdef")
    assert main(["doctor", "--home", str(home), "--json"]) == 0
    findings = json.loads(capsys.readouterr().out)
    assert {f["part"] for f in findings} == {
        "config", "keys", "lanes", "clock", "port", "database", "templates", "knowledge", "payments", "understanding"
    }  # fmt: skip


def test_a_doctor_says_how_to_mend_what_is_missing_damaged_or_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in KEYS:
        monkeypatch.delenv(f"LOKET_{name}", raising=False)
    config = own_copy(tmp_path)
    (tmp_path / "loket.db").write_bytes(b"this is no database, whatever its name says" * 40)
    (tmp_path / "desks" / "school" / "knowledge" / "broken.id.md").write_text(
        "no front matter", encoding="utf-8"
    )
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        raw = yaml.safe_load(config.read_text(encoding="utf-8"))
        raw["server"]["port"] = taken.getsockname()[1]
        config.write_text(yaml.safe_dump(raw), encoding="utf-8")
        assert main(["doctor", "--config", str(config), "--home", str(tmp_path)]) == 1
    told = capsys.readouterr().out
    for part in ("LOKET_WHATSAPP_APP_SECRET is not set", "broken.id.md", "not a database", "cannot be taken"):
        assert part in told, part


def test_a_doctor_says_which_key_paying_online_needs(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("LOKET_MIDTRANS_SERVER_KEY", raising=False)
    main(["doctor", "--home", str(home), "--desk", "shop"])
    told = capsys.readouterr().out
    assert "LOKET_MIDTRANS_SERVER_KEY, which is not set" in " ".join(told.split())
    monkeypatch.setenv("LOKET_MIDTRANS_SERVER_KEY", "key")
    main(["doctor", "--home", str(home), "--desk", "shop"])
    assert "/webhooks/midtrans/shop" in capsys.readouterr().out
