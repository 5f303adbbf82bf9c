"""Follow-up of unpaid bills: on which days, to whom, and whether it may still be said."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Literal

from pydantic import Field

from casefile.base import Frozen
from casefile.facts import Facts
from casefile.payment_events import BillNews
from policies.charging import bills_read, chargeable
from policies.identity import is_verified
from policies.payments import may_say_paid
from policies.reminders import Standing, Way
from policies.window import is_open

Stage = Literal["before", "on", "after"]
# A bill paid within so long of a follow-up counts as recovered by it (spec 4, "Measures").
RECOVERED_WITHIN = timedelta(days=7)


class FollowUp(Frozen):
    """How many days before and after its day an unpaid bill is spoken of, besides the day itself."""

    before_days: int = Field(default=2, ge=1, le=30)
    after_days: int = Field(default=3, ge=1, le=30)

    def days(self, today: date) -> dict[Stage, date]:
        """Return on which due dates which follow-up falls today."""
        before, after = timedelta(days=self.before_days), timedelta(days=self.after_days)
        return {"before": today + before, "on": today, "after": today - after}


def whom(ways: Sequence[Way], now: datetime, *, can_invite: bool) -> tuple[Standing, Way | None]:
    """Return where it is said: where they may be written to, else where they can be invited to write."""
    wanted = [way for way in ways if not way.opt_out]
    if ways and not wanted:
        return "opted_out", None
    talks = [way for way in wanted if way.conversation_id]
    reached = next((way for way in talks if is_open(way.window_opened_at, now)), None)
    invited = talks[0] if talks and can_invite else None
    way = reached or invited
    return ("due", way) if way else ("unreachable", None)


def to_be_said(event: BillNews, facts: Facts, can_invite: bool) -> bool:
    """Say whether the books, read now, still have it so, and its customer wants to hear and can."""
    identity, contact = facts.identity, facts.contact
    if not is_verified(identity) or identity.locked or contact is None:
        return False
    bill = next((b for b in bills_read(facts) if b.number == event.invoice), None)
    if bill is None:
        return False
    if event.stage == "paid":
        return may_say_paid(bill.payment)
    if event.stage == "lapsed":
        return bill.status == "void" and is_open(facts.conversation.window_opened_at, facts.now)
    heard = is_open(facts.conversation.window_opened_at, facts.now) or can_invite
    return chargeable(bill) and not contact.opt_out and heard
