"""The slots of periodic jobs as rows: one a job, moving only forwards."""

from datetime import datetime

from store.database import Database
from store.times import iso, moment


class SqlSlots:
    """Implements ports.upkeep.Slots."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def done(self) -> dict[str, datetime]:
        """Return the latest slot seen to, by job."""
        return {
            row["job"]: moment(row["slot"]) for row in self._database.read("SELECT job, slot FROM periodic")
        }

    async def mark(self, job: str, slot: datetime, at: datetime) -> None:
        """Note that a slot is seen to; an earlier slot never replaces a later one."""
        await self._database.submit(
            lambda tx: tx.execute(
                "INSERT INTO periodic (job, slot, at) VALUES (?, ?, ?) ON CONFLICT (job) DO UPDATE SET"
                " slot = excluded.slot, at = excluded.at WHERE excluded.slot > periodic.slot",
                (job, iso(slot), iso(at)),
            )
        )
