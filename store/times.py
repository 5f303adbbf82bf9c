"""Times as the store writes them: UTC, ISO 8601, always six decimals, so that text order is time order."""

from datetime import UTC, datetime


def iso(at: datetime) -> str:
    """Write an aware instant."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def iso_or_none(at: datetime | None) -> str | None:
    """Write an instant that may be missing."""
    return None if at is None else iso(at)


def moment(text: str) -> datetime:
    """Read an instant back."""
    return datetime.fromisoformat(text)


def moment_or_none(text: str | None) -> datetime | None:
    """Read an instant that may be missing."""
    return None if text is None else datetime.fromisoformat(text)
