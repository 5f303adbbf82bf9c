"""Who was told what a page said: what past answers would be if it changed, and who holds what is no longer so."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.pages import Page, parse_page
from services.proposals import Proposal
from store.connection import Row
from store.database import Database
from store.times import iso, moment

Becomes = Literal["the same", "different", "without a page"]
# A message that may have arrived counts as told: whoever asks wants nobody left out.
TOLD = "('accepted', 'delivered', 'read', 'unknown')"


@dataclass(frozen=True, slots=True)
class Told:
    """One answer that rests on a page, and what it would be today; the customer is masked."""

    case_id: str
    customer: str
    at: datetime
    page: str
    release: str
    becomes: Becomes


class Blast:
    """Reads the ledger; the same answers for the same ledger, however often."""

    def __init__(
        self, database: Database, citable: Callable[[Page, datetime], bool], mask: Callable[[str], str]
    ) -> None:
        self._database = database
        self._citable = citable
        self._mask = mask

    def of(self, changes: Sequence[Proposal], since: datetime, now: datetime) -> tuple[Told, ...]:
        """Return the answers since a moment that rest on these pages, and what each would become."""
        after = {change.page: change.after for change in changes}
        return tuple(self._told(after, since, now))

    def stale(self, name: str, page: Page | None, since: datetime, now: datetime) -> tuple[Told, ...]:
        """Return the answers since a moment that say of a page what it does not say (any more)."""
        return tuple(told for told in self._told({name: page}, since, now) if told.becomes != "the same")

    def _told(self, after: dict[str, Page | None], since: datetime, now: datetime) -> Iterable[Told]:
        bodies = self._bodies(after)
        rows = self._database.read(
            "SELECT outbox.case_id, outbox.body, outbox.created_at, conversations.channel_address FROM outbox"
            " LEFT JOIN conversations ON conversations.id = outbox.conversation_id"
            f" WHERE outbox.kind = 'send_message' AND outbox.state IN {TOLD} AND outbox.created_at >= ?"
            " AND outbox.body LIKE '%\"content_hash\"%' ORDER BY outbox.seq",
            (iso(since),),
        )
        for row in rows:
            for citation in json.loads(row["body"])["citations"]:
                said = bodies.get(citation["content_hash"])
                if said is not None:
                    yield self._line(row, citation["release"], said, after[said.name], now)

    def _line(self, row: Row, release: str, said: Page, page: Page | None, now: datetime) -> Told:
        becomes: Becomes = "without a page"
        if page is not None and self._citable(page, now):
            words = (said.answer, said.next_detail)
            becomes = "the same" if words == (page.answer, page.next_detail) else "different"
        customer = self._mask(row["channel_address"] or "")
        return Told(row["case_id"], customer, moment(row["created_at"]), said.name, release, becomes)

    def _bodies(self, names: Iterable[str]) -> dict[str, Page]:
        """Return everything these pages ever said, by hash."""
        found: dict[str, Page] = {}
        for name in names:
            topic, _, language = name.rpartition(".")
            rows = self._database.read(
                "SELECT content_hash, source FROM kb_bodies WHERE page_id = ? AND language = ?",
                (topic, language),
            )
            found |= {row["content_hash"]: parse_page(name, row["source"]) for row in rows}
        return found
