"""The note on a prospect: one per case, kept with the contact, written over when they correct themselves."""

from services import due
from services.work import Outcome, Work, blocked, impossible
from store import leads, records


def note(work: Work) -> Outcome:
    """LEAD_NOTE: subject is the contact; params `fields` (answers by name), `outcome` and `summary`.

    One that leads to a person is an order for them as well.
    """
    contact = records.contact(work.tx.all, work.task.subject)
    fields, outcome = work.task.params.get("fields"), work.text("outcome")
    if contact is None or not isinstance(fields, dict) or not fields:
        return impossible("the contact is not in the records, or nothing was told")
    if contact.id not in work.owners:
        return blocked("the note is on a contact this case does not speak for")
    leads.put(work.tx, work.task.case_id, contact.id, fields, work.text("summary"), outcome, work.now)
    # A prospect's own number is their identity from the first lead on.
    work.tx.execute("UPDATE contacts SET registered = 1 WHERE id = ?", (contact.id,))
    state = {"outcome": outcome, "summary": work.text("summary")}
    if outcome != "person":
        return Outcome("SUCCESS", "lead noted", contacts=(contact.id,), new_state=dict(state))
    assignee = work.assignee()
    due.record(work, contact.id, assignee)
    return Outcome(
        "SUCCESS",
        f"lead noted, due for {assignee}",
        contacts=(contact.id,),
        new_state={**state, "state": "due", "assignee": assignee},
        refs={"task": work.task.idempotency_key},
        next_recommendation=f"{assignee} gets in touch",
    )
