"""Orders that a person carries out: recorded once, with a name on them."""

import json

from services.work import Outcome, Work, blocked, impossible
from store import records
from store.times import iso


def request(work: Work) -> Outcome:
    """ENROL, BOOKING_CREATE, PAYMENT_RECONCILE, HAND_OVER: subject is the contact; a person follows it up."""
    if work.task.subject not in work.owners:
        return blocked("the request is for a contact this case does not speak for")
    return order(work, "request recorded, due for")


def cancel(work: Work) -> Outcome:
    """CANCEL: subject is the contact; the end of something paid, so only with an approval."""
    if not work.exception:
        return blocked("a cancellation is a coach's decision; no approval covers this one")
    return order(work, "approved cancellation recorded; nothing was ended yet, it is due for")


def order(work: Work, words: str) -> Outcome:
    """Record a task for a named person; the result's `details` say that it is due and not done."""
    contact_id = _contact(work)
    if contact_id is None:
        return impossible("neither a contact nor a student of this name is in the records")
    assignee = work.assignee()
    record(work, contact_id, assignee)
    return Outcome(
        "SUCCESS",
        f"{words} {assignee}",
        contacts=(contact_id,),
        new_state={"state": "due", "assignee": assignee, "conditions": work.conditions},
        refs={"task": work.task.idempotency_key, "approval": work.task.approval_id},
        next_recommendation=f"{assignee} carries it out",
    )


def record(work: Work, contact_id: str, assignee: str) -> None:
    """Put an order on the list of what people have to carry out."""
    work.tx.execute(
        "INSERT INTO due_tasks (id, action, subject, contact_id, case_id, params, assignee, approval_id,"
        " state, at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'due', ?)",
        (
            work.task.idempotency_key,
            work.task.action,
            work.task.subject,
            contact_id,
            work.task.case_id,
            json.dumps({**work.task.params, "conditions": work.conditions}, ensure_ascii=False),
            assignee,
            work.task.approval_id,
            iso(work.now),
        ),
    )


def _contact(work: Work) -> str | None:
    subject = work.task.subject
    if records.contact(work.tx.all, subject) is not None:
        return subject
    student = records.student(work.tx.all, subject)
    people = (student.own_contact, *student.guardians) if student else ()
    return next((person for person in people if person), None)
