"""What people have to know: waits for a dependency, effects that did not arrive."""

from ports.ledger import OutboxRow
from store.database import Database
from store.outbox import readable
from store.silence import TAKEN


def waiting_for(database: Database, name: str) -> tuple[tuple[str, str, int], ...]:
    """Return (conversation, case, turn) of the cases that wait for a dependency, oldest first."""
    rows = database.read(
        "SELECT conversation_id, id, COALESCE(json_extract(body, '$.turn'), '0') AS turn FROM cases"
        " WHERE state NOT IN ('resolved', 'closed') AND json_extract(body, '$.pending_dependency') = ?"
        " ORDER BY updated_at",
        (name,),
    )
    return tuple((row["conversation_id"], row["id"], int(row["turn"])) for row in rows)


def waited_for(database: Database) -> frozenset[str]:
    """Return the dependencies that some case waits for."""
    rows = database.read(
        "SELECT DISTINCT json_extract(body, '$.pending_dependency') AS name FROM cases"
        " WHERE state NOT IN ('resolved', 'closed') AND json_extract(body, '$.pending_dependency') IS NOT NULL"
    )
    return frozenset(str(row["name"]) for row in rows)


def untold(database: Database) -> tuple[OutboxRow, ...]:
    """Return what failed, is unknown or was not said because a person speaks, and has no card in the ops lane yet.

    A card is keyed `<state>:<key>:<attempts>`; a card itself gets none, and of a file its own post tells.
    """
    rows = database.read(
        "SELECT * FROM outbox AS trouble WHERE state IN ('failed', 'unknown', 'dropped')"
        " AND (state <> 'dropped' OR error = ?)"
        " AND (turn_id <> '' OR key LIKE 'incident:%')"
        " AND kind NOT IN ('run_operation', 'request_payment', 'refund_payment', 'close_payment', 'attach_evidence')"
        " AND NOT EXISTS (SELECT 1 FROM outbox WHERE key ="
        " trouble.state || ':' || trouble.key || ':' || trouble.attempts) ORDER BY seq",
        (TAKEN,),
    )
    return readable(rows)[0]
