"""What is left of a person in free words, once their own rows are gone: found and blotted out."""

import json
import re
from dataclasses import dataclass

from store.connection import TextColumn
from store.person import Person, marks
from store.transaction import Tx

ERASED = "[erased]"


@dataclass(frozen=True, slots=True)
class Words:
    """How somebody is reached (theirs alone, wherever it stands) and what they are called (others may be, too)."""

    identifiers: frozenset[str]
    names: frozenset[str]


def words_of(tx: Tx, person: Person) -> Words:
    """Read what to look for, before it is removed."""
    return Words(frozenset(_identifiers(tx, person)), frozenset(_names(tx, person)))


def sweep(tx: Tx, person: Person, words: Words) -> int:
    """Blot out what is left in free words: numbers and addresses everywhere, names only in this person's own rows."""
    count = 0
    columns = _texts(tx)
    for column in columns:
        count += sum(
            _blot(tx, column, "1 = 1", (), value)
            for value in sorted(words.identifiers, key=len, reverse=True)
        )
    own = (("invoices", "contact_id"), ("refunds", "contact_id"), ("due_tasks", "contact_id"))
    mine = [(table, column, person.contacts) for table, column in own]
    mine += [
        (table, "case_id", person.cases)
        for table in ("audit", "audit_samples", "lessons", "operations", "measures", "approvals")
    ]
    for table, key, values in mine:
        for column in (column for column in columns if column.table == table):
            where = f"{key} IN ({marks(values)})"
            count += sum(_blot(tx, column, where, values, name) for name in words.names)
    return count


def _texts(tx: Tx) -> list[TextColumn]:
    """List every column of words, but those of published knowledge, of the staff and of identity itself."""
    spared = {"staff", "coaches", "migrations"}
    return [c for c in tx.text_columns() if c.table not in spared and not c.table.startswith("kb_")]


def _blot(tx: Tx, column: TextColumn, where: str, values: tuple[str, ...], word: str) -> int:
    key = ", ".join(column.key)
    rows = tx.all(
        f"SELECT {key}, {column.name} FROM {column.table} WHERE {where}"
        f" AND INSTR(LOWER({column.name}), LOWER(?)) > 0",
        (*values, word),
    )
    this = " AND ".join(f"{name} = ?" for name in column.key)
    for row in rows:
        *place, text = row
        said = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", ERASED, text, flags=re.IGNORECASE)
        tx.execute(f"UPDATE {column.table} SET {column.name} = ? WHERE {this}", (said, *place))
    return len(rows)


def _identifiers(tx: Tx, person: Person) -> set[str]:
    """Return what reaches this person and nobody else: numbers, addresses, ids at the channel."""
    here = marks(person.contacts)
    rows = tx.all(
        f"SELECT value FROM aliases WHERE contact_id IN ({here})"
        f" UNION SELECT phone FROM contacts WHERE id IN ({here}) UNION SELECT email FROM contacts WHERE id IN ({here})"
        f" UNION SELECT channel_address FROM conversations WHERE contact_id IN ({here})",
        (*person.contacts,) * 4,
    )
    found = {str(row["value"]) for row in rows if row["value"]}
    phones = {value.removeprefix("+") for value in found if re.fullmatch(r"\+\d{8,}", value)}
    local = {"0" + digits.removeprefix("62") for digits in phones if digits.startswith("62")}
    return {value for value in found | phones | local if len(value) >= 6}


def _names(tx: Tx, person: Person) -> set[str]:
    here = marks(person.contacts)
    asked = [f"SELECT {name} AS name FROM contacts WHERE id IN ({here})" for name in ("full_name", "wa_name")]
    for part in ("recipient", "phone", "full_address"):
        asked.append(f"SELECT {part} AS name FROM addresses WHERE contact_id IN ({here})")
        asked.append(
            f"SELECT json_extract(address, '$.{part}') AS name FROM orders WHERE contact_id IN ({here})"
        )
    asked.append(f"SELECT name FROM enrolments WHERE contact_id IN ({here})")
    asked.append(f"SELECT name FROM students WHERE id IN ({marks(person.students)})")
    rows = tx.all(" UNION ".join(asked), (*person.contacts * (len(asked) - 1), *person.students))
    found = {str(row["name"]) for row in rows if row["name"]}
    # Where it stands in JSON, a quotation mark in it is written otherwise.
    return found | {json.dumps(name, ensure_ascii=False)[1:-1] for name in found}
