"""A contact's own wishes: no more messages at once; orders about their data through a person."""

from services.due import order
from services.work import Outcome, Work, blocked, impossible
from store import records


def opt_out(work: Work) -> Outcome:
    """OPT_OUT: subject is the contact; honoured at once, asked twice it is still once."""
    return _opted(work, out=True, words="opted out of messages we start")


def opt_in(work: Work) -> Outcome:
    """OPT_IN: subject is the contact, who wants the messages we start again."""
    return _opted(work, out=False, words="opted in to messages we start")


def _opted(work: Work, *, out: bool, words: str) -> Outcome:
    contact = records.contact(work.tx.all, work.task.subject)
    if contact is None:
        return impossible("the contact is not in the records")
    if contact.id not in work.owners:
        return blocked("only the contact can opt in or out")
    work.tx.execute("UPDATE contacts SET opt_out = ? WHERE id = ?", (int(out), contact.id))
    return Outcome(
        "SUCCESS",
        words,
        contacts=(contact.id,),
        old_state={"opt_out": contact.opt_out},
        new_state={"opt_out": out},
    )


def data_order(work: Work) -> Outcome:
    """CONTACT_CORRECT, CONTACT_EXPORT, CONTACT_ERASE: subject is the contact; recorded due, with an approval."""
    if not work.exception:
        return blocked("an order about personal data is a person's decision; no approval covers this one")
    return order(work, "approved order about personal data; no data was changed yet, it is due for")
