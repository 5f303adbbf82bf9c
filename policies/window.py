"""WhatsApp's window: how long after a customer's last message we may write in words of our own."""

from datetime import datetime, timedelta

FREE_WRITING = timedelta(hours=24)


def has_closed(opened_at: datetime | None, now: datetime) -> bool:
    """Say whether the window is known to be over; one nobody has seen open is the channel's to judge."""
    return opened_at is not None and now - opened_at >= FREE_WRITING


def is_open(opened_at: datetime | None, now: datetime) -> bool:
    """Say whether the window is known to be open."""
    return opened_at is not None and now - opened_at < FREE_WRITING
