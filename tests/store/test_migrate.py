"""Migrations: from empty, from an older file, and the refusal of a newer one."""

import sqlite3
from pathlib import Path

import pytest

from store.database import Database
from store.errors import StoreTooNew
from store.migrate import migrate, migrations, version
from store.sqlite import SqliteConnection


def _schema(path: Path) -> list[tuple[str, str]]:
    connection = sqlite3.connect(path)
    rows = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name"
    ).fetchall()
    connection.close()
    return rows


def test_an_older_file_gets_the_same_schema_and_keeps_its_rows(tmp_path: Path) -> None:
    Database.open(tmp_path / "new.db").close()
    older = SqliteConnection.to_write(tmp_path / "old.db", 0)
    migrate(older, upto=1)
    assert version(older) == 1
    older.execute("INSERT INTO case_numbers VALUES ('SCH', 2026, 7)")
    older.close()

    upgraded = Database.open(tmp_path / "old.db")
    assert [tuple(row) for row in upgraded.read("SELECT * FROM case_numbers")] == [("SCH", 2026, 7)]
    upgraded.close()
    assert _schema(tmp_path / "old.db") == _schema(tmp_path / "new.db")


def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    Database.open(tmp_path / "a.db").close()
    before = _schema(tmp_path / "a.db")
    Database.open(tmp_path / "a.db").close()
    assert _schema(tmp_path / "a.db") == before


def test_a_newer_file_is_refused_in_words(tmp_path: Path) -> None:
    Database.open(tmp_path / "a.db").close()
    connection = sqlite3.connect(tmp_path / "a.db")
    connection.execute("INSERT INTO migrations VALUES (9999, 'from the future')")
    connection.commit()
    connection.close()
    with pytest.raises(StoreTooNew, match="9999"):
        Database.open(tmp_path / "a.db")


def test_numbers_are_consecutive() -> None:
    assert [number for number, _, _ in migrations()] == list(range(1, len(migrations()) + 1))


def test_a_migration_that_fails_leaves_no_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "0001_a.sql").write_text("CREATE TABLE migrations (number INTEGER, name TEXT);")
    (folder / "0002_b.sql").write_text("CREATE TABLE half (x);\nCREATE TABLE half (x);")
    monkeypatch.setattr("store.migrate.FOLDER", folder)
    connection = SqliteConnection.to_write(tmp_path / "x.db", 0)
    with pytest.raises(sqlite3.OperationalError):
        migrate(connection)
    assert version(connection) == 1
    assert not connection.has_table("half")
    connection.close()
