"""How long what is over is kept; each number is days, and a case that is open is never touched."""

from datetime import datetime, timedelta

from pydantic import Field

from casefile.base import Frozen


class Retention(Frozen):
    """The limits, in days: of a case counted from when it closed, of anything else from when it happened.

    WhatsApp delivers again for up to seven days, so an event has to be remembered for longer to be known again.
    What providers of payments said goes once nothing more can come of that payment.
    """

    checkpoints_days: int = Field(default=7, ge=1)
    inbox_days: int = Field(default=30, ge=8)
    turn_records_days: int = Field(default=90, ge=1)
    outbox_days: int = Field(default=90, ge=8)
    media_days: int = Field(default=180, ge=1)
    transcript_days: int = Field(default=365, ge=1)
    model_calls_days: int = Field(default=400, ge=31)
    payment_notices_days: int = Field(default=90, ge=8)
    audit_days: int = Field(default=1825, ge=365)


def before(days: int, now: datetime) -> datetime:
    """Return the moment before which something is past its limit."""
    return now - timedelta(days=days)
