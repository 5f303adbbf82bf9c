"""The soak's school lives, and nothing that is asked of its database looks through everything there ever was."""

from benchmarks import soak
from store import weekly
from store.connection import Params, Row
from store.sqlite import SqliteConnection, SqliteFile

# Tables that a school fills once, with a handful of rows.
SMALL = {"staff", "coaches", "kb_in_force", "kb_releases", "workers", "periodic", "channel_holds"}
# Retention's name for the rows it walks over from the oldest, until the first that is young.
WALKED = {"young"}
# The week is counted once, on Monday, over what retention has left of it.
WEEKLY = {sql for sql in vars(weekly).values() if isinstance(sql, str)}


class Noting(SqliteConnection):
    """A connection that remembers what was asked of any like it."""

    asked: set[tuple[str, int]] = set()

    def execute(self, sql: str, params: Params = ()) -> int:
        self.asked.add((sql, len(params)))
        return super().execute(sql, params)

    def all(self, sql: str, params: Params = ()) -> list[Row]:
        self.asked.add((sql, len(params)))
        return super().all(sql, params)

    def one(self, sql: str, params: Params = ()) -> Row | None:
        self.asked.add((sql, len(params)))
        return super().one(sql, params)


class NotingFile(SqliteFile):
    def writer(self) -> Noting:
        return Noting.to_write(self.path, 5.0)

    def reader(self) -> Noting:
        return Noting.to_read(self.path)


async def test_no_statement_of_a_busy_day_scans_a_table_that_grows() -> None:
    desk = await soak.open_soak(40, NotingFile)
    Noting.asked.clear()
    await soak.run(desk, 120)
    asked = set(Noting.asked)
    read = desk.wired.database.read
    moves = read("SELECT COUNT(*) AS n FROM operations WHERE action = 'RESCHEDULE' AND status = 'SUCCESS'")
    settled = read("SELECT COUNT(*) AS n FROM approvals WHERE state <> 'pending'")
    set_aside = read("SELECT COUNT(*) AS n FROM inbox WHERE state NOT IN ('read', 'unread')")
    scans = {}
    for sql, many in asked:
        if sql in WEEKLY or not sql.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
            continue
        for row in read(f"EXPLAIN QUERY PLAN {sql}", (None,) * many):
            words = str(row["detail"]).split()
            if words[0] == "SCAN" and "USING" not in words and words[1] not in SMALL | WALKED:
                scans[sql] = f"{row['detail']}: {sql}"
    await desk.close()
    assert (moves[0]["n"] > 0, settled[0]["n"] > 0, set_aside[0]["n"]) == (True, True, 0)
    assert "\n".join(scans.values()) == ""
