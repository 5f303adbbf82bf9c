"""Where a contact can be written to at this desk."""

from policies.reminders import Way
from store import records
from store.times import moment_or_none
from store.transaction import Tx


def ways_to(tx: Tx, desk: str, contact_id: str) -> list[Way]:
    """Return the conversations a contact writes in, their own and proved ones, the latest heard from first.

    Without any there is one way, which leads nowhere: it says whether they want to hear.
    """
    contact = records.contact(tx.all, contact_id)
    opt_out = contact is not None and contact.opt_out
    talks = tx.all(
        "SELECT id, window_opened_at FROM conversations WHERE desk = ?"
        " AND (contact_id = ? OR verified_contact = ?)"
        " ORDER BY COALESCE(window_opened_at, '') DESC, id",
        (desk, contact_id, contact_id),
    )
    return [
        Way(
            contact_id=contact_id,
            opt_out=opt_out,
            conversation_id=talk["id"],
            window_opened_at=moment_or_none(talk["window_opened_at"]),
        )
        for talk in talks
    ] or [Way(contact_id=contact_id, opt_out=opt_out)]
