"""What can be booked at a desk by itself, and what of it a message names."""

import re
from collections.abc import Iterable

from pydantic import Field, model_validator

from casefile.base import Frozen, Language
from casefile.reading import Reading
from casefile.records import Slot

_ASKS = re.compile(
    r"\?|(?<!\w)(?:berapa|harga|biaya|tarif|apa|apakah|bagaimana|lama|how|what|price|cost|does|is|are)(?!\w)"
)


class Service(Frozen):
    """Something that is booked: `called` are further words for it, `people` who gives it (empty: everybody)."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: dict[Language, str]
    called: tuple[str, ...] = ()
    minutes: int = Field(ge=5, le=480)
    people: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _in_both(self) -> "Service":
        if missing := [language for language in ("id", "en") if not self.name.get(language)]:
            raise ValueError(f"name: the words in {' and '.join(missing)} are missing")
        return self

    @property
    def words(self) -> tuple[str, ...]:
        """Every way it is named, in lower case."""
        return tuple(dict.fromkeys(word.casefold() for word in (*self.name.values(), *self.called)))


class Appointments(Frozen):
    """What a desk gives by appointment; `most_ahead` is how many somebody may have ahead before a person looks."""

    services: tuple[Service, ...] = Field(min_length=1)
    most_ahead: int = Field(default=3, ge=1)

    @model_validator(mode="after")
    def _apart(self) -> "Appointments":
        ids = [service.id for service in self.services]
        if twice := sorted({name for name in ids if ids.count(name) > 1}):
            raise ValueError(f"services: {', '.join(twice)} is used twice; each needs its own id")
        return self

    def own_words(self) -> frozenset[str]:
        """Return every word of the names of services and of who gives them, in lower case."""
        names = [name for s in self.services for name in (*s.words, *map(str.casefold, s.people))]
        return frozenset(word for name in names for word in name.split())

    def service(self, service_id: str | None) -> Service | None:
        """Return a service by its id."""
        return next((service for service in self.services if service.id == service_id), None)


def asks_about(words: str) -> bool:
    """Say whether canonical words ask something about a service, beside naming it."""
    return _ASKS.search(words) is not None


def said_in(reading: Reading | None) -> str:
    """Return the words of a message in lower case, as they were written and as they were understood."""
    if reading is None:
        return ""
    return "\n".join((*(request.text for request in reading.requests), reading.normalized)).casefold()


def named(words: str, appointments: Appointments) -> tuple[Service, ...]:
    """Return the services that words name; of names within one another ("spa", "hair spa") the longest counts."""
    found = [
        (match.start(), match.end(), service)
        for service in appointments.services
        for word in service.words
        for match in re.finditer(rf"(?<!\w){re.escape(word)}(?!\w)", words)
    ]
    whole = [
        service
        for start, end, service in found
        if not any(a <= start and end <= b and b - a > end - start for a, b, _ in found)
    ]
    return tuple(service for service in appointments.services if service in whole)


def people_named(words: str, people: Iterable[str]) -> frozenset[str]:
    """Return who of these people is named."""
    return frozenset(p for p in people if re.search(rf"(?<!\w){re.escape(p.casefold())}(?!\w)", words))


def suits(slot: Slot, service: Service) -> bool:
    """Say whether a slot is one in which a service can be given: by whom, and for how long."""
    long_enough = (slot.end - slot.start).total_seconds() >= 60 * service.minutes
    return long_enough and (not service.people or slot.coach in service.people)
