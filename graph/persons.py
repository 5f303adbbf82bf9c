"""Whom a turn's record names: every name, number and address of a customer that was read or written in it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pydantic import JsonValue

from casefile.events import MessageReceived
from graph.record import TurnRecord

# Who works here is named to customers every day.
NOT_CUSTOMERS = frozenset({"Staffing", "Knowledge", "Approvals"})
NAMES, REACHED = frozenset({"full_name", "wa_name", "name"}), frozenset({"email", "phone", "channel_address"})


@dataclass(frozen=True, slots=True)
class Persons:
    """What is said of customers in some turns: `students` and `invoices` as they were read, in order."""

    names: tuple[str, ...]
    students: tuple[str, ...]
    reached: tuple[str, ...]
    invoices: tuple[str, ...]


def persons_of(records: Iterable[TurnRecord]) -> Persons:
    """Collect them from the records of a case."""
    names: list[str] = []
    students: list[str] = []
    reached: list[str] = []
    invoices: list[str] = []
    for record in records:
        for event in record.events:
            if isinstance(event, MessageReceived):
                names += [event.client.display_name or ""]
                reached += [event.client.phone or "", *(alias.value for alias in event.client.aliases)]
        for read in record.reads:
            if read.down is not None or read.port.partition(".")[0] in NOT_CUSTOMERS:
                continue
            of_students = read.port == "Contacts.students_of"
            for key, value in _leaves(read.answer):
                if key in NAMES:
                    (students if of_students else names).append(value)
                elif key in REACHED or key == "value":
                    reached.append(value)
                elif key == "number":
                    invoices.append(value)
    return Persons(_once(names), _once(students), _once(reached), _once(invoices))


def _leaves(value: JsonValue, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        # A package has a name as well.
        for name, inner in value.items():
            if name != "package":
                yield from _leaves(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, key)
    elif isinstance(value, str):
        yield key, value


def _once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
