"""Reading WhatsApp JSON that may lack anything or hold anything; nothing here raises."""

from collections.abc import Mapping
from datetime import UTC, datetime

from casefile.events import Client
from casefile.records import Alias

Json = Mapping[str, object]
MAX_PHONE_DIGITS = 20


def obj(value: object) -> Json:
    """Return a JSON object, or an empty one in place of anything else."""
    return value if isinstance(value, dict) else {}


def rows(value: object) -> list[object]:
    """Return a JSON array, or an empty one in place of anything else."""
    return value if isinstance(value, list) else []


def word(value: object) -> str:
    """Return text (a whole number as its digits), or "" in place of anything else."""
    if isinstance(value, str):
        # Half a surrogate pair and NUL are legal JSON that no database text column takes.
        whole = value if value.isascii() else value.encode("utf-8", "replace").decode()
        return whole.replace("\0", "") if "\0" in whole else whole
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def instant(value: object, fallback: datetime) -> datetime:
    """Read Unix seconds, given as text or number."""
    digits = word(value)
    if not digits.isascii() or not digits.isdigit() or len(digits) > 11:
        return fallback
    return datetime.fromtimestamp(int(digits), UTC)


def phone(value: object) -> str | None:
    """Write a wa_id, or a number in any usual spelling, as E.164."""
    digits = word(value)
    if not digits.isdigit():
        digits = digits.strip().lstrip("+").replace(" ", "").replace("-", "")
    fits = digits.isascii() and digits.isdigit() and 5 <= len(digits) <= MAX_PHONE_DIGITS
    return f"+{digits}" if fits else None


def client(number: object, user_id: object, card: Json) -> Client | None:
    """Put together who wrote; None when nothing says so."""
    profile = obj(card.get("profile"))
    known = phone(number) or phone(card.get("wa_id"))
    scoped = word(user_id) or word(card.get("user_id"))
    username = word(profile.get("username")) or word(card.get("username"))
    aliases = [
        Alias(kind=kind, value=value)
        for kind, value in (("phone", known), ("user_id", scoped), ("username", username.lstrip("@")))
        if value
    ]
    if not aliases:
        return None
    return Client(phone=known, display_name=word(profile.get("name")) or None, aliases=tuple(aliases))
