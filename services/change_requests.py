"""What somebody asks to be changed in the pages: questions without an answer, answers found wrong, people's words.

A gap and a wrong answer are asked for by being there: only what came of them is kept here, not the customer's words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from casefile.packets import AuditEntry
from store.audit import write_audit
from store.connection import Row
from store.database import Database
from store.times import iso, moment
from store.transaction import Tx

Origin = Literal["gap", "audit", "edit", "person"]
# What of an audited answer has its cause in a page.
FLAWS = ("no_source", "wrong", "incomplete")


@dataclass(frozen=True, slots=True)
class ChangeRequest:
    """One request; `page` is empty where none is known, `words` are a customer's question or a person's own."""

    key: str
    origin: Origin
    page: str
    words: str
    case_id: str | None
    at: datetime
    state: Literal["open", "released", "rejected"] = "open"
    release: str = ""
    by: str = ""
    why: str = ""


class ChangeRequests:
    """One desk's requests."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> tuple[ChangeRequest, ...]:
        """Return every request, the oldest first."""
        rows = self._database.read(
            "SELECT 'gap:' || key AS key, 'gap' AS origin, '' AS page, question AS words, case_id, at FROM gaps"
            " UNION ALL SELECT 'audit:' || key, 'audit', '', reason, case_id, judged_at FROM audit_samples"
            f" WHERE flaw IN ({', '.join('?' for _ in FLAWS)})"
            " UNION ALL SELECT key, origin, page, words, case_id, at FROM change_requests"
            " WHERE origin NOT IN ('gap', 'audit')",
            FLAWS,
        )
        kept = {row["key"]: row for row in self._database.read("SELECT * FROM change_requests")}
        return tuple(
            sorted((_request(row, kept.get(row["key"])) for row in rows), key=lambda one: (one.at, one.key))
        )

    async def ask(self, request: ChangeRequest) -> bool:
        """Keep what a person, or a lesson, asks for; False when it is kept already."""
        kept = await self._database.submit(
            lambda tx: tx.execute(
                "INSERT INTO change_requests (key, origin, page, words, case_id, state, at)"
                " VALUES (?, ?, ?, ?, ?, 'open', ?) ON CONFLICT (key) DO NOTHING",
                (request.key, request.origin, request.page, request.words, request.case_id, iso(request.at)),
            )
        )
        return kept == 1

    async def reject(self, request: ChangeRequest, by: str, why: str, at: datetime) -> bool:
        """Say that nothing is changed for it, documented; False when somebody has settled it."""

        def work(tx: Tx) -> bool:
            first = settle(tx, request, "rejected", by, at, why=why)
            if first:
                entry = AuditEntry(
                    at=at,
                    case_id=request.case_id,
                    actor=by,
                    service="knowledge",
                    action="reject_request",
                    result="success",
                    reason=why,
                    data_refs=(request.key,),
                )
                write_audit(tx, f"request:{request.key}", entry)
            return first

        return await self._database.submit(work)


def release_for(
    tx: Tx, pages: frozenset[str], closes: Sequence[ChangeRequest], by: str, at: datetime, release: str
) -> None:
    """Settle what a release answers: the requests that are named, and the open ones about a page it changes."""
    for request in closes:
        settle(tx, request, "released", by, at, release=release)
    for row in tx.all("SELECT key, page FROM change_requests WHERE state = 'open' AND page <> ''"):
        if row["page"] in pages:
            tx.execute(
                "UPDATE change_requests SET state = 'released', settled_by = ?, settled_at = ?, release = ?"
                " WHERE key = ?",
                (by, iso(at), release, row["key"]),
            )


def settle(
    tx: Tx,
    request: ChangeRequest,
    state: str,
    by: str,
    at: datetime,
    why: str = "",
    release: str | None = None,
) -> bool:
    """Settle a request in a transaction; False when it is settled."""
    done = tx.execute(
        "INSERT INTO change_requests (key, origin, page, words, case_id, state, at, settled_by, settled_at, why,"
        " release) VALUES (?, ?, ?, '', ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET"
        " state = excluded.state, settled_by = excluded.settled_by, settled_at = excluded.settled_at,"
        " why = excluded.why, release = excluded.release WHERE change_requests.state = 'open'",
        (
            request.key,
            request.origin,
            request.page,
            request.case_id,
            state,
            iso(request.at),
            by,
            iso(at),
            why,
            release,
        ),
    )
    return done == 1


def _request(row: Row, kept: Row | None) -> ChangeRequest:
    request = ChangeRequest(
        row["key"], row["origin"], row["page"], row["words"], row["case_id"], moment(row["at"])
    )
    if kept is None or kept["state"] == "open":
        return request
    return ChangeRequest(
        request.key,
        request.origin,
        request.page,
        request.words,
        request.case_id,
        request.at,
        kept["state"],
        kept["release"] or "",
        kept["settled_by"],
        kept["why"],
    )
