"""Who a school's sheet names as answering for a student: a contact's id, or a phone number."""

import hashlib
from datetime import datetime

from pydantic import TypeAdapter, ValidationError

from policies.privacy import mask_phone
from services.cells import Phone
from store.records import Reader
from store.times import iso
from store.transaction import Tx

_PHONE: TypeAdapter[str] = TypeAdapter(Phone)


class Unreadable(Exception):
    """Something in a row that cannot be taken over; the message says what is wrong."""


def person(tx: Tx, who: str, now: datetime) -> str:
    """Return the contact; a number nobody had becomes a registered contact's, for the school itself vouches for it."""
    if who.startswith("ct_"):
        if tx.one("SELECT 1 FROM contacts WHERE id = ?", (who,)) is None:
            raise Unreadable(f"there is no contact {who}; write their phone number")
        return who
    try:
        phone = _PHONE.validate_python(who)
    except ValidationError as error:
        raise Unreadable(f"{mask_phone(who)} is no phone number; write it like +6281234567890") from error
    known = tx.one("SELECT contact_id FROM aliases WHERE kind = 'phone' AND value = ?", (phone,))
    if known is not None:
        tx.execute(
            "UPDATE contacts SET registered = 1, phone = COALESCE(phone, ?) WHERE id = ?",
            (phone, known["contact_id"]),
        )
        return str(known["contact_id"])
    contact = f"ct_{hashlib.sha256(phone.encode()).hexdigest()[:12]}"
    tx.execute(
        "INSERT INTO contacts (id, rev, registered, phone, tags, notes, vip, opt_out, first_seen)"
        " VALUES (?, 1, 1, ?, '[]', '', 0, 0, ?) ON CONFLICT (id) DO NOTHING",
        (contact, phone, iso(now)),
    )
    tx.execute(
        "INSERT INTO aliases (kind, value, contact_id, added_at) VALUES ('phone', ?, ?, ?)",
        (phone, contact, iso(now)),
    )
    return contact


def written(read: Reader, contact_id: str) -> str:
    """Return how a contact is named there: by a number that is known to be theirs, else by their id."""
    rows = read(
        "SELECT value FROM aliases WHERE contact_id = ? AND kind = 'phone' ORDER BY value LIMIT 1",
        (contact_id,),
    )
    return rows[0]["value"] if rows else contact_id
