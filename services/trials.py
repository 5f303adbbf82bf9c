"""Trials nobody has paid in time: their hour is free again, their bill void, and whoever asked is told."""

from datetime import datetime
from functools import partial

from casefile.payment_events import BillNews
from services.billing import unbill
from services.closing import close_links
from services.enrolled import free_hour, session_of
from services.revisions import revise
from store import enrolments
from store.database import Database
from store.facts import Reading
from store.inbox import put_event
from store.payments import still_payable
from store.transaction import Tx

CHANNEL = "trials"
PORTION = 200


class TrialExpiry:
    """Implements ports.upkeep.Expiring."""

    def __init__(self, database: Database, reading: Reading) -> None:
        self._database = database
        self._reading = reading

    async def expire(self, now: datetime) -> bool:
        """End a portion of the trials whose hour was kept until now; True when none is left."""
        found = enrolments.run_out(self._database.read, now, PORTION)
        for enrolment_id in found:
            await self._database.submit(partial(self._expire, enrolment_id=enrolment_id, now=now))
        return len(found) < PORTION

    def _expire(self, tx: Tx, enrolment_id: str, now: datetime) -> None:
        made = enrolments.enrolment(tx.all, enrolment_id)
        # Asked again: it may have been paid in the meantime, or be about to be.
        if made is None or made.invoice is None or made.slot is None:
            return
        if made.slot.start > now and still_payable(tx.all, made.invoice, now):
            return
        if not enrolments.turned(tx, enrolment_id, "billed", "expired"):
            return
        free_hour(tx, session_of(made.id))
        unbill(tx, made.invoice)
        close_links(tx, made.invoice, now)
        revise(tx, self._reading, made.contact_id, now)
        talk = enrolments.conversation_of(tx.all, made.invoice)
        if talk is not None:
            event = BillNews(at=now, invoice=made.invoice, stage="lapsed")
            put_event(tx, CHANNEL, f"{made.invoice}:lapsed", talk, event, now)
