"""The small school with its students in the emulated Notion, and people who change them there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from services_scenes import NOW, ZONE, School

from adapters.notion_fields import named
from adapters.notion_sheet import NotionSheet
from adapters.notion_tables import NotionSheetSettings
from app.settings import ROOT, load
from app.stage import overridden
from app.student_sheet import SheetRows, columns_of, databases_of, options_of
from casefile.sheet import SheetKind
from sandbox.clock import SharedClock
from sandbox.server import SandboxServer
from sandbox.settings import (
    NotionAccount,
    NotionTable,
    SandboxSettings,
    TelegramAccount,
    WhatsAppAccount,
)
from services.operations import GuardedOperations
from services.sheet_mirror import SheetMirror
from services.sheet_moves import SheetMover
from services.sheet_push import SheetPush
from services.sheet_reads import SheetReads

KINDS: tuple[SheetKind, ...] = ("student", "session", "reschedule")
DATABASES = {
    "students": {"database_id": "a1aaaaaa1111411181111111111111a1"},
    "sessions": {"database_id": "a2aaaaaa1111411181111111111111a2"},
    "reschedules": {"database_id": "a3aaaaaa1111411181111111111111a3", "properties": {"made": "Dicatat"}},
}
RECORDS: dict[str, Any] = {"records": {"source": "notion", **DATABASES}}
CONFIG = overridden(load(ROOT / "config.yaml", {}).alone("school").desks[0][1], RECORDS)
TOKEN = "sandbox-notion-token"


@dataclass
class SheetSchool:
    """The school, its sheet, and the sandbox's control address; `waits` is how long was to be waited."""

    school: School
    http: httpx.AsyncClient
    settings: NotionSheetSettings
    there: NotionSheet
    mirror: SheetMirror
    push: SheetPush
    clock: SharedClock
    url: str
    waits: list[float] = field(default_factory=list)

    def moved_by(self, mover: SheetMover) -> None:
        """Put another in the mover's place."""
        school = self.school
        school.operations = GuardedOperations(
            school.database, school.clock, school.limits, ZONE, "salt", mover
        )

    async def control(self, path: str, **body: Any) -> dict[str, Any]:
        """Post to the sandbox's control address."""
        answer = await self.http.post(f"/sandbox/{path}", json=body)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    async def edits(self, database: SheetKind, find: str = "", trash: bool | None = None, **told: str) -> str:
        """Let somebody change a row, found by its ID, or write a new one; an hour later than all before."""
        self.clock.advance(3600)
        properties = {name.replace("_", " "): words for name, words in told.items()}
        found = {"find": {"ID": find}} if find else {"create": True}
        answer = await self.control(
            "notion/row", database=database, properties=properties, trash=trash, **found
        )
        return str(answer["id"])

    async def rows(self, database: SheetKind) -> list[dict[str, str]]:
        """What stands in a database."""
        answer = await self.http.get("/sandbox/notion/rows", params={"database": database})
        found: list[dict[str, str]] = answer.json()["rows"]
        return found

    async def row(self, record_id: str) -> dict[str, str]:
        """The one session of an ID, or the one student."""
        every = [*await self.rows("session"), *await self.rows("student")]
        (found,) = [row for row in every if row["ID"] == record_id]
        return found


@asynccontextmanager
async def in_notion(school: School, folder: Path) -> AsyncIterator[SheetSchool]:
    """Lay a school's students into a sandbox of its own, and let C read and write them there."""
    clock = SharedClock(folder / "clock.json")
    clock.freeze(NOW)
    tables = tuple(
        NotionTable(
            name=kind,
            database_id=databases_of(CONFIG)[kind].database_id,
            columns=columns_of(CONFIG, kind),
            options=options_of(CONFIG, kind),
        )
        for kind in KINDS
    )
    settings = SandboxSettings(
        wa=WhatsAppAccount(
            app_secret="a", verify_token="v", access_token="t", phone_number_id="5", display_number="6281"
        ),
        telegram=TelegramAccount(bot_token="7001:x", lanes={}),
        notion=NotionAccount(tables=tables),
        state_dir=folder,
        receipts=folder / "receipts.jsonl",
    )
    server = SandboxServer(settings, clock)
    await server.start()
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    told = NotionSheetSettings(
        base_url=f"{server.url}/notion",
        token=TOKEN,
        timeout_seconds=2,
        databases={kind: one.database_id for kind, one in databases_of(CONFIG).items()},
        names={kind: named(kind, one.properties) for kind, one in databases_of(CONFIG).items()},
        zone=str(ZONE),
    )
    there = NotionSheet(told, school.clock, sleep)
    mirror = SheetMirror(school.database, there, school.reading, timedelta(minutes=5))
    school.book = SheetReads(school.sources, there, mirror)
    try:
        async with httpx.AsyncClient(base_url=server.url, trust_env=False, timeout=30) as http:
            sheet = SheetSchool(
                school,
                http,
                told,
                there,
                mirror,
                SheetPush(school.database, there, mirror),
                clock,
                server.url,
                waits,
            )
            sheet.moved_by(SheetMover(school.database, there, mirror))
            laid = SheetRows(school.database, CONFIG, NOW)
            ids, students = laid.students()
            laid_there = await sheet.control("notion/rows", database="student", rows=students)
            pages = dict(zip(ids, laid_there["ids"], strict=True))
            await sheet.control("notion/rows", database="session", rows=laid.sessions(pages))
            await sheet.control("notion/rows", database="reschedule", rows=laid.reschedules(pages))
            yield sheet
    finally:
        await there.close()
        await server.stop()
