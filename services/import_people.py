"""Contacts and students as tables; a row is somebody known by id, number or email, or somebody new."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from pydantic import Field, model_validator

from casefile.base import Frozen
from casefile.shop import Address
from services.cells import Day, Email, Phone, Text, Whole, Words, Yes
from services.importing import Refused
from services.orders import keep_address
from store import facts, orders, snapshots
from store.facts import Reading
from store.records import Reader
from store.times import iso
from store.transaction import Tx


class ContactRow(Frozen):
    """A person; an address is whole or left out, and its phone is theirs unless another is given."""

    id: Text | None = Field(default=None, pattern=r"^ct_\w+$")
    phone: Phone | None = None
    full_name: Text | None = None
    email: Email | None = None
    tags: Words | None = None
    notes: Text | None = None
    vip: Yes | None = None
    opt_out: Yes | None = None
    recipient: Text | None = None
    address_phone: Phone | None = None
    full_address: Text | None = None
    city: Text | None = None
    province: Text = ""
    postal_code: Text = ""

    @model_validator(mode="after")
    def _whole(self) -> "ContactRow":
        if not (self.id or self.phone or self.email):
            raise ValueError("give an id, a phone or an email, so that they can be found again")
        if bool(self.full_address) != bool(self.city):
            raise ValueError("an address has full_address and city")
        if self.full_address and not (self.recipient or self.full_name):
            raise ValueError("an address has a recipient")
        if self.full_address and not (self.address_phone or self.phone):
            raise ValueError("an address has a phone: address_phone, or the person's own")
        return self

    @property
    def address(self) -> Address | None:
        """The address of the row."""
        if not (self.full_address and self.city):
            return None
        return Address(
            recipient=self.recipient or self.full_name or "",
            phone=self.address_phone or self.phone or "",
            full_address=self.full_address,
            city=self.city,
            province=self.province,
            postal_code=self.postal_code,
        )


class StudentRow(Frozen):
    """Somebody who takes lessons; guardians and own contact are named by id or phone."""

    id: Text = Field(pattern=r"^st_\w+$")
    name: Text = Field(min_length=1)
    guardians: Words = ()
    own_contact: Text | None = None
    package_name: Text | None = None
    sessions_left: Whole | None = Field(default=None, ge=0)
    package_expires: Day | None = None

    @model_validator(mode="after")
    def _package(self) -> "StudentRow":
        parts = (self.package_name, self.sessions_left, self.package_expires)
        if any(part is not None for part in parts) and any(part is None for part in parts):
            raise ValueError("a package has package_name, sessions_left and package_expires")
        if not (self.guardians or self.own_contact):
            raise ValueError("somebody answers for a student: give guardians or own_contact")
        return self


CONTACT_COLUMNS, STUDENT_COLUMNS = tuple(ContactRow.model_fields), tuple(StudentRow.model_fields)


class ContactTable:
    """Implements services.importing.Kind; `new_id` gives a newcomer's id. An empty cell leaves what is known."""

    shape = ContactRow

    def __init__(self, reading: Reading, now: datetime, new_id: Callable[[], str]) -> None:
        self._reading, self._now, self._new_id = reading, now, new_id
        self._seen: set[str] = set()

    def put(self, tx: Tx, row: ContactRow) -> bool:
        """Write one person; True when they are new."""
        known = self._who(tx, row)
        contact_id = known or row.id or f"ct_{self._new_id()}"
        if contact_id in self._seen:
            raise Refused(f"{row.phone or row.email or row.id} is in the table twice")
        self._seen.add(contact_id)
        if known is None:
            tx.execute("INSERT INTO contacts (id, first_seen) VALUES (?, ?)", (contact_id, iso(self._now)))
        tx.execute(
            "UPDATE contacts SET registered = 1, rev = rev + 1, phone = COALESCE(?, phone),"
            " full_name = COALESCE(?, full_name), email = COALESCE(?, email), tags = COALESCE(?, tags),"
            " notes = COALESCE(?, notes), vip = COALESCE(?, vip), opt_out = COALESCE(?, opt_out) WHERE id = ?",
            (
                row.phone,
                row.full_name,
                row.email,
                None if row.tags is None else json.dumps(row.tags, ensure_ascii=False),
                row.notes,
                None if row.vip is None else int(row.vip),
                None if row.opt_out is None else int(row.opt_out),
                contact_id,
            ),
        )
        if row.phone:
            tx.execute(
                "INSERT INTO aliases (kind, value, contact_id, added_at) VALUES ('phone', ?, ?, ?)"
                " ON CONFLICT (kind, value) DO NOTHING",
                (row.phone, contact_id, iso(self._now)),
            )
        if row.address is not None:
            keep_address(tx, contact_id, row.address, f"ad_{self._new_id()}")
        _renew(tx, self._reading, contact_id, self._now)
        return known is None

    def _who(self, tx: Tx, row: ContactRow) -> str | None:
        ways = (
            ("id", "SELECT id FROM contacts WHERE id = ?", row.id),
            ("phone", "SELECT contact_id AS id FROM aliases WHERE kind = 'phone' AND value = ?", row.phone),
            ("email", "SELECT id FROM contacts WHERE LOWER(email) = LOWER(?)", row.email),
        )
        found = {way: str(hit["id"]) for way, sql, value in ways if value and (hit := tx.one(sql, (value,)))}
        if len(set(found.values())) > 1 or (row.id and found and "id" not in found):
            whose = ", ".join(f"{way} of {contact_id}" for way, contact_id in found.items())
            raise Refused(f"this is more than one person ({whose}); `loket contact merge` makes them one")
        return next(iter(found.values()), None)


class StudentTable:
    """Implements services.importing.Kind."""

    shape = StudentRow

    def __init__(self, reading: Reading, now: datetime) -> None:
        self._reading, self._now = reading, now
        self._seen: set[str] = set()

    def put(self, tx: Tx, row: StudentRow) -> bool:
        """Write one student; True when they are new."""
        if row.id in self._seen:
            raise Refused(f"id = {row.id!r} is in the table twice")
        guardians = [_contact(tx, "guardians", one) for one in row.guardians]
        own = _contact(tx, "own_contact", row.own_contact) if row.own_contact else None
        self._seen.add(row.id)
        new = tx.one("SELECT 1 FROM students WHERE id = ?", (row.id,)) is None
        before = [
            r["contact_id"]
            for r in tx.all("SELECT contact_id FROM guardians WHERE student_id = ?", (row.id,))
        ]
        tx.execute(
            "INSERT INTO students (id, name) VALUES (?, ?) ON CONFLICT (id) DO NOTHING", (row.id, row.name)
        )
        tx.execute("UPDATE students SET name = ?, own_contact = ? WHERE id = ?", (row.name, own, row.id))
        if row.package_expires is not None:
            tx.execute(
                "UPDATE students SET package_name = ?, sessions_left = ?, package_expires = ? WHERE id = ?",
                (row.package_name, row.sessions_left, row.package_expires.isoformat(), row.id),
            )
        tx.execute("DELETE FROM guardians WHERE student_id = ?", (row.id,))
        tx.insert_many(
            "INSERT INTO guardians VALUES (?, ?)", [(row.id, one) for one in dict.fromkeys(guardians)]
        )
        for contact_id in dict.fromkeys((*before, *guardians, *((own,) if own else ()))):
            tx.execute("UPDATE contacts SET rev = rev + 1 WHERE id = ?", (contact_id,))
            _renew(tx, self._reading, contact_id, self._now)
        return new


def contact_rows(read: Reader) -> Iterator[dict[str, Any]]:
    """Yield the registered contacts as rows that can be brought in again, each with its default address."""
    for row in read("SELECT * FROM contacts WHERE registered = 1 ORDER BY id", ()):
        first = next(iter(orders.addresses_of(read, row["id"])), None)
        parts = {"recipient", "full_address", "city", "province", "postal_code"}
        address = first.model_dump(include=parts) if first else {}
        names = ("id", "phone", "full_name", "email", "notes")
        yield {
            **{name: row[name] for name in names},
            "tags": "; ".join(json.loads(row["tags"])),
            "vip": "yes" if row["vip"] else "no",
            "opt_out": "yes" if row["opt_out"] else "no",
            **address,
            "address_phone": first.phone if first else None,
        }


def student_rows(read: Reader) -> Iterator[dict[str, Any]]:
    """Yield the students as rows that can be brought in again."""
    for row in read("SELECT * FROM students ORDER BY id", ()):
        found = read(
            "SELECT contact_id FROM guardians WHERE student_id = ? ORDER BY contact_id", (row["id"],)
        )
        own = {name: row[name] for name in STUDENT_COLUMNS if name != "guardians"}
        yield {**own, "guardians": "; ".join(one["contact_id"] for one in found)}


def _contact(tx: Tx, column: str, who: str) -> str:
    row = tx.one(
        "SELECT id FROM contacts WHERE id = ? UNION SELECT contact_id FROM aliases WHERE value = ?",
        (who, _number(who)),
    )
    if row is None:
        raise Refused(f"{column} = {who!r}: no contact of this id or phone; bring the contacts in first")
    return str(row["id"])


def _number(who: str) -> str:
    digits = "".join(c for c in who if c.isdigit())
    return "+62" + digits[1:] if digits.startswith("0") else f"+{digits}"


def _renew(tx: Tx, reading: Reading, contact_id: str, now: datetime) -> None:
    snapshots.save(tx, facts.snapshot(tx.all, reading, contact_id, now))
