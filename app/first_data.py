"""What an empty database begins with: the folder's knowledge, and sample records where they are wanted."""

from app.desk import Loaded
from policies.opening import open_day
from policies.sla import Hours
from ports.clock import Clock
from services.knowledge import KnowledgeBase
from store.database import Database
from store.facts import Reading
from store.records_load import is_loaded, load_records
from store.transaction import Tx


async def first_data(
    loaded: Loaded,
    database: Database,
    knowledge: KnowledgeBase,
    reading: Reading,
    hours: Hours,
    clock: Clock,
) -> None:
    """Fill an empty database: the folder's knowledge as its first release, and sample records where wanted."""
    now = clock.now()
    if loaded.pages and knowledge.in_force() is None:
        await knowledge.publish(loaded.pages, "folder", now)
    records = loaded.records
    if records is None or is_loaded(database.read):
        return

    def load_once(tx: Tx) -> None:
        # Asked again: several processes may start on an empty database at once.
        if not is_loaded(tx.all):
            load_records(tx, records, reading, now, lambda day: not open_day(hours, day).why)

    await database.submit(load_once)
