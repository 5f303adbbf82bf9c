"""`loket contact show|vip|merge|unmerge`: who somebody is to us, by whom it was said and why."""

import sqlite3
from pathlib import Path

import pytest

from tests.cli.shop_counter import Counter

AYU, BAGUS = "+6281300002001", "bagus.prakoso@example.com"


@pytest.fixture
def counter(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Counter:
    return Counter(tmp_path, capsys)


def by(counter: Counter) -> tuple[str, str]:
    return "--by", str(counter.rows("SELECT id FROM staff ORDER BY position")[0]["id"])


def audited(counter: Counter) -> list[str]:
    return [
        row["action"]
        for row in counter.rows("SELECT action FROM audit WHERE service = 'contacts' ORDER BY id")
    ]


def test_a_returning_buyer_is_shown_and_it_is_written_down(counter: Counter) -> None:
    shown = counter.json("contact", "show", AYU, *by(counter))
    (row,) = counter.rows(
        "SELECT COUNT(*) AS n FROM orders WHERE contact_id = 'ct_ayu' AND status NOT IN ('cancelled', 'expired')"
    )
    assert (shown["id"], shown["returning"], shown["orders"]) == ("ct_ayu", True, row["n"])
    assert shown["addresses"][0]["default"]
    code, said = counter.run("contact", "show", "ct_ayu", *by(counter))
    assert code == 0 and "Ayu Larasati" in said and AYU in said
    assert audited(counter) == ["CONTACT_SHOW"] * 2
    assert counter.run("contact", "show", "+62999", *by(counter))[0] == 2


def test_a_vip_is_made_and_unmade_with_a_reason(counter: Counter) -> None:
    assert counter.run("contact", "vip", "on", AYU, *by(counter))[0] == 2
    for state, flag in (("on", 1), ("off", 0)):
        code, _ = counter.run("contact", "vip", state, AYU, "--reason", "grosir", *by(counter))
        assert code == 0
        (row,) = counter.rows("SELECT vip FROM contacts WHERE id = 'ct_ayu'")
        assert row["vip"] == flag
    assert audited(counter) == ["CONTACT_VIP"] * 2


def test_two_contacts_are_made_one_and_apart_again(counter: Counter) -> None:
    why = ("--reason", "dua nomor, satu orang", *by(counter))
    before = counter.rows("SELECT number, contact_id FROM orders ORDER BY number")
    code, said = counter.run("contact", "merge", AYU, BAGUS, *why)
    assert code == 0 and "loket contact unmerge ct_bagus" in said
    assert counter.rows("SELECT 1 FROM orders WHERE contact_id = 'ct_bagus'") == []
    assert counter.run("contact", "merge", AYU, "ct_bagus", *why)[0] == 2
    code, said = counter.run("contact", "unmerge", "ct_bagus", *why)
    assert code == 0 and "two contacts again" in said
    assert counter.rows("SELECT number, contact_id FROM orders ORDER BY number") == before
    assert counter.run("contact", "unmerge", "ct_bagus", *why)[0] == 2
    assert audited(counter) == ["CONTACT_MERGE", "CONTACT_UNMERGE"]


def test_a_contacts_leads_are_shown_with_them(counter: Counter) -> None:
    with sqlite3.connect(counter.store) as store:
        store.execute(
            "INSERT INTO leads (case_id, contact_id, fields, summary, outcome, at, changed_at) VALUES"
            " ('TOK-2026-0007', 'ct_ayu', '{\"budget\": {\"low\": 5}}', 'Anggaran: Rp 5', 'slot', 'then', 'now')"
        )
    (lead,) = counter.json("contact", "show", AYU, *by(counter))["leads"]
    assert (lead["case_id"], lead["fields"]) == ("TOK-2026-0007", {"budget": {"low": 5}})
    _, said = counter.run("contact", "show", AYU, *by(counter))
    assert "lead TOK-2026-0007, now: Anggaran: Rp 5 (slot)" in said
