"""A process that moves one session and may be killed while it does; run by test_sheet_killed."""

import asyncio
import json
import sys
from datetime import timedelta
from pathlib import Path

from services_scenes import School, move

from adapters.notion_sheet import NotionSheet
from adapters.notion_tables import NotionSheetSettings
from services.operations import GuardedOperations
from services.sheet_mirror import SheetMirror
from services.sheet_moves import SheetMover
from store.database import Database
from tests.services.services_scenes import ZONE


async def main(path: str, settings: str) -> None:
    """Move it, with the store at a path and the sheet that the settings describe."""
    school = School(Database.open(Path(path)))
    there = NotionSheet(NotionSheetSettings.model_validate(json.loads(settings)), school.clock)
    mirror = SheetMirror(school.database, there, school.reading, timedelta(minutes=5))
    mover = SheetMover(school.database, there, mirror)
    operations = GuardedOperations(school.database, school.clock, school.limits, ZONE, "salt", mover)
    await operations.execute(move())


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
