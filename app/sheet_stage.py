"""A school's sample students laid into the emulated Notion, for a desk that keeps them there."""

import httpx

from app.student_sheet import SheetRows
from app.wire import Wired


async def laid_out(wired: Wired, sandbox_url: str) -> None:
    """Lay what was loaded into the databases, and take it over from there as a first look does."""
    if wired.sheet is None:
        return
    now = wired.clock.now()
    rows = SheetRows(wired.database, wired.desk_config, now)
    async with httpx.AsyncClient(base_url=sandbox_url, trust_env=False, timeout=30) as http:

        async def lay(database: str, told: object) -> list[str]:
            answer = await http.post("/sandbox/notion/rows", json={"database": database, "rows": told})
            answer.raise_for_status()
            ids: list[str] = answer.json()["ids"]
            return ids

        ids, students = rows.students()
        pages = dict(zip(ids, await lay("student", students), strict=True))
        await lay("session", rows.sessions(pages))
        await lay("reschedule", rows.reschedules(pages))
    await wired.sheet.mirror.look(now)
