"""What a source of pages tells by webhook: the token it signs with, once, and after that only that there is news."""

from dataclasses import dataclass
from datetime import datetime

from casefile.packets import AuditEntry
from store import sheet
from store.audit import write_audit
from store.database import Database
from store.times import iso
from store.transaction import Tx


@dataclass(frozen=True, slots=True)
class Subscribed:
    """The token, and whether anything signed with it has come."""

    token: str
    heard: bool


class KeptSubscription:
    """Implements ports.knowledge.Subscription; the first token stays until a person forgets it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def token(self) -> str | None:
        """Return the token the source signs with; None before it has sent one."""
        found = self.show()
        return found.token if found else None

    def show(self) -> Subscribed | None:
        """Return what an operator sees of it."""
        row = self._database.read_one("SELECT token, heard_at FROM kb_webhook WHERE slot = 1")
        return None if row is None else Subscribed(row["token"], row["heard_at"] is not None)

    async def subscribed(self, token: str, at: datetime) -> bool:
        """Keep the token; False when there is one already, which stays."""
        kept = await self._database.submit(
            lambda tx: tx.execute(
                "INSERT INTO kb_webhook (slot, token, at) VALUES (1, ?, ?) ON CONFLICT (slot) DO NOTHING",
                (token, iso(at)),
            )
        )
        return kept == 1

    async def news(self, at: datetime) -> None:
        """Note that the source says there is news: it is looked at next."""

        def note(tx: Tx) -> None:
            tx.execute("UPDATE kb_webhook SET heard_at = ? WHERE slot = 1", (iso(at),))
            tx.execute(
                "INSERT INTO kb_polls (slot, polled_at, asked_at) VALUES (1, '', ?)"
                " ON CONFLICT (slot) DO UPDATE SET asked_at = excluded.asked_at",
                (iso(at),),
            )
            # It does not say of what: pages and students are one workspace.
            sheet.news(tx, at)

        await self._database.submit(note)

    async def forget(self, by: str, at: datetime) -> bool:
        """Let the source subscribe anew, documented; False when there is nothing to forget."""

        def work(tx: Tx) -> bool:
            gone = tx.execute("DELETE FROM kb_webhook WHERE slot = 1")
            if gone:
                entry = AuditEntry(
                    at=at,
                    case_id=None,
                    actor=by,
                    service="knowledge",
                    action="forget_webhook",
                    result="success",
                )
                write_audit(tx, f"kb_webhook:{iso(at)}", entry)
            return gone == 1

        return await self._database.submit(work)
