"""Follow-up of unpaid bills: each falls due once per bill and stage, as an event in the inbox."""

from datetime import date, datetime
from functools import partial

from casefile.payment_events import BillNews
from policies.desk import Rules
from policies.followups import RECOVERED_WITHIN, FollowUp, Stage, whom
from services.ways import ways_to
from store.database import Database
from store.inbox import put_event
from store.measures import measure
from store.times import iso
from store.transaction import Tx

PORTION = 200
CHANNEL = "bills"


class InvoiceFollowUps:
    """Implements ports.upkeep.Reminding for the bills of one desk."""

    def __init__(self, database: Database, rules: Rules, follow_up: FollowUp) -> None:
        self._database = database
        self._rules = rules
        self._follow_up = follow_up

    async def remind(self, now: datetime) -> bool:
        """Let a portion of today's follow-ups fall due, once each; True when none is left."""
        today = now.astimezone(self._rules.zone).date()
        left = False
        for stage, due in self._follow_up.days(today).items():
            rows = self._database.read(
                "SELECT number, contact_id FROM invoices WHERE status = 'unpaid'"
                " AND payment_state IN ('PENDING', 'FAILED') AND due = ? AND NOT EXISTS"
                " (SELECT 1 FROM follow_ups WHERE invoice_number = invoices.number AND stage = ?)"
                " ORDER BY number LIMIT ?",
                (date.isoformat(due), stage, PORTION),
            )
            for row in rows:
                bill = (row["number"], row["contact_id"])
                await self._database.submit(partial(self._fall_due, bill=bill, stage=stage, now=now))
            left = left or len(rows) == PORTION
        return not left

    def _fall_due(self, tx: Tx, bill: tuple[str, str], stage: Stage, now: datetime) -> None:
        number, contact = bill
        ways = ways_to(tx, self._rules.desk, contact)
        standing, way = whom(ways, now, can_invite=self._rules.reopen is not None)
        noted = tx.execute(
            "INSERT INTO follow_ups (invoice_number, stage, state, at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (invoice_number, stage) DO NOTHING",
            (number, stage, standing, iso(now)),
        )
        if noted != 1 or way is None or way.conversation_id is None:
            return
        event = BillNews(at=now, invoice=number, stage=stage)
        put_event(tx, CHANNEL, f"{number}:{stage}", way.conversation_id, event, now)
        measure(tx, "invoice_followed_up", now, detail=f"{number} {stage}")


def recovered(tx: Tx, number: str, amount: int, now: datetime) -> None:
    """Count a bill that was paid within a week of being spoken of."""
    row = tx.one(
        "SELECT 1 FROM follow_ups WHERE invoice_number = ? AND state = 'due' AND at >= ?",
        (number, iso(now - RECOVERED_WITHIN)),
    )
    if row is not None:
        measure(tx, "payment_recovered", now, value=amount, detail=number)
