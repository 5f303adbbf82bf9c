"""The sample customers, and anyone else who writes."""

import re
from dataclasses import dataclass

from sandbox.settings import Persona

_PHONE = re.compile(r"\+?[\d\s().-]{6,}")
_USER_ID = re.compile(r"[A-Z]{2}\.\w+")


@dataclass(frozen=True)
class Customer:
    """Somebody with WhatsApp; `phone` is digits only, and absent for a sender known by user id alone."""

    key: str
    name: str
    phone: str | None
    user_id: str | None = None
    username: str | None = None


def digits(phone: str) -> str:
    """A phone number as WhatsApp writes it."""
    return "".join(mark for mark in phone if mark.isdigit())


class People:
    """Finds a customer by persona key, phone number or business-scoped user id."""

    def __init__(self, personas: tuple[Persona, ...]) -> None:
        self.personas = list(personas)
        self._strangers: dict[str, Customer] = {}

    def add(self, persona: Persona) -> None:
        """Let one more persona in, or replace the one of that key."""
        self.personas = [other for other in self.personas if other.key != persona.key] + [persona]

    def find(self, who: str, name: str | None = None) -> Customer:
        """The customer meant by `who`; an address never seen becomes a stranger called `name`."""
        number = digits(who) if _PHONE.fullmatch(who) else ""
        for persona in self.personas:
            phone = digits(persona.phone) if persona.phone else None
            if who in (persona.key, persona.user_id) or (phone and number == phone):
                return Customer(persona.key, name or persona.name, phone, persona.user_id, persona.username)
        return self._stranger(who, number, name)

    def _stranger(self, who: str, number: str, name: str | None) -> Customer:
        scoped = _USER_ID.fullmatch(who) is not None
        key = who if scoped else number
        if not key:
            raise ValueError(f"{who!r} is neither a sample customer nor a number")
        known = self._strangers.get(key)
        if known is None or (name and name != known.name):
            known = Customer(key, name or key, None if scoped else number, who if scoped else None)
            self._strangers[key] = known
        return known
