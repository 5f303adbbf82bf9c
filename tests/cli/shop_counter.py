"""A shop with its sample records loaded, and its staff at the command line."""

import asyncio
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from app.cli.main import main
from app.settings import ROOT
from sandbox.clock import SharedClock
from store.database import Database
from store.facts import Reading
from store.records_load import load_records, read_records

MONDAY = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
RECORDS = ROOT / "desks" / "shop" / "records"


def always(_: date) -> bool:
    return True


class Counter:
    """Where staff stand: one folder with a config, a clock that stands, and the shop's store."""

    def __init__(
        self, home: Path, capsys: pytest.CaptureFixture[str], records: Path | None = RECORDS
    ) -> None:
        config = yaml.safe_load((ROOT / "config.yaml").read_text(encoding="utf-8"))
        config["desks"] = [str(ROOT / "desks" / "shop")]
        self.home, self.config, self._capsys = home, home / "config.yaml", capsys
        self.config.write_text(yaml.safe_dump(config), encoding="utf-8")
        SharedClock(home / "clock.json").freeze(MONDAY)
        self.store = home / "loket.db"
        opened = Database.open(self.store)
        if records is not None:
            rows, reading = read_records(records), Reading(ZoneInfo("Asia/Jakarta"))
            asyncio.run(opened.submit(lambda tx: load_records(tx, rows, reading, MONDAY, always)))
        opened.close()

    def run(self, *words: str) -> tuple[int, str]:
        """Give a command; return its exit code and what it said, on either stream."""
        try:
            code = main([*words, "--config", str(self.config), "--home", str(self.home)])
        except SystemExit as error:
            code = int(str(error.code))
        said = self._capsys.readouterr()
        return code, said.out + said.err

    def json(self, *words: str) -> Any:
        """Give a command that answers with JSON."""
        code, said = self.run(*words, "--json")
        assert code == 0, said
        return json.loads(said)

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """Query the store."""
        opened = Database.open(self.store)
        found = [dict(zip(row.keys(), row, strict=True)) for row in opened.read(sql)]
        opened.close()
        return found
