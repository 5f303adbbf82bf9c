"""A contact's details as another system of the desk's keeps them."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.revisions import revise
from store.facts import Reading
from store.transaction import Tx

Details = Mapping[str, Any]
COLUMNS = ("full_name", "email", "notes", "tags", "vip", "opt_out")


def change(tx: Tx, contact_id: str, details: Details, reading: Reading, now: datetime) -> bool:
    """Write what is changed and give the contact its next rev; False when nobody has this id."""
    if tx.one("SELECT 1 FROM contacts WHERE id = ?", (contact_id,)) is None:
        return False
    for column in COLUMNS:
        if column in details:
            value = details[column]
            stored = (
                json.dumps(value) if column == "tags" else int(value) if isinstance(value, bool) else value
            )
            tx.execute(f"UPDATE contacts SET {column} = ? WHERE id = ?", (stored, contact_id))
    revise(tx, reading, contact_id, now)
    return True
