"""One person across the store: which rows of which tables are about them."""

from dataclasses import dataclass

from store.records import Reader


@dataclass(frozen=True, slots=True)
class Person:
    """The ids under which somebody is known.

    `contacts` are the one asked for and those who proved to be them from another number; `students` are those nobody
    else answers for, `shared` those somebody else answers for as well.
    """

    contact_id: str
    contacts: tuple[str, ...]
    conversations: tuple[str, ...]
    cases: tuple[str, ...]
    students: tuple[str, ...]
    shared: tuple[str, ...]


def person_of(read: Reader, contact_id: str) -> Person:
    """Find everything that is about a contact."""
    proved = read(
        "SELECT contacts.id FROM contacts JOIN conversations ON conversations.contact_id = contacts.id"
        " WHERE conversations.verified_contact = ? AND contacts.registered = 0"
        " UNION SELECT gone FROM contact_merges WHERE kept = ? AND undone_at IS NULL",
        (contact_id, contact_id),
    )
    contacts = tuple(dict.fromkeys((contact_id, *(row["id"] for row in proved))))
    here = marks(contacts)
    conversations = tuple(
        row["id"]
        for row in read(
            f"SELECT id FROM conversations WHERE contact_id IN ({here}) OR verified_contact = ? ORDER BY id",
            (*contacts, contact_id),
        )
    )
    cases = tuple(
        row["id"]
        for row in read(
            f"SELECT id FROM cases WHERE contact_id IN ({here}) OR conversation_id IN ({marks(conversations)})"
            " ORDER BY id",
            (*contacts, *conversations),
        )
    )
    students = read(
        "SELECT id, EXISTS (SELECT 1 FROM guardians WHERE student_id = students.id AND contact_id <> ?)"
        " OR (own_contact IS NOT NULL AND own_contact <> ?) AS shared FROM students"
        " WHERE own_contact = ? OR id IN (SELECT student_id FROM guardians WHERE contact_id = ?) ORDER BY id",
        (contact_id,) * 4,
    )
    return Person(
        contact_id,
        contacts,
        conversations,
        cases,
        tuple(row["id"] for row in students if not row["shared"]),
        tuple(row["id"] for row in students if row["shared"]),
    )


def find_contact(read: Reader, who: str) -> str | None:
    """Return the contact with this id, phone, email or other alias."""
    wanted = who.strip()
    rows = read(
        "SELECT id FROM contacts WHERE id = ? OR LOWER(email) = LOWER(?) OR phone = ?"
        " UNION SELECT contact_id FROM aliases WHERE value = ?",
        (wanted, wanted, wanted, wanted),
    )
    return str(rows[0]["id"]) if len(rows) == 1 else None


def marks(values: tuple[str, ...]) -> str:
    """Return the placeholders of a list; an empty list holds nothing."""
    return ", ".join("?" * len(values)) or "NULL"
