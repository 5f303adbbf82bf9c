"""Where a case stands once B has spoken: answered, or with the person who has something to carry out."""

from dataclasses import replace

from agents.memory import quiet_timer, sla_timer, stop_clocks
from agents.work import Proposal, Work
from casefile.case import Case, Order
from casefile.effects import SendMessage
from policies.leads import lacks


def settled(work: Work, message: SendMessage) -> Proposal:
    """Leave the case answered; it resolves by itself after the quiet hours."""
    case = work.case.with_(waiting_for=None, owner="B", due_at=None, pending_dependency=None, updates=0)
    case = case.move("answered", "B", work.now)
    return Proposal("B", case, (message, quiet_timer(work), *stop_clocks(work)))


def reported(work: Work, message: SendMessage) -> Proposal:
    """Leave the case answered, or, where C's result is an order for a person, with that person and a clock."""
    event = work.result()
    assignee = event.result.due_from if event else None
    if event is None or assignee is None:
        return settled(work, message)
    order = Order(key=event.key, action=event.result.action)
    case = work.case.with_(owner=f"person:{assignee}", order=order)
    proposal = _with_its_person(work, case, message)
    if not lacks(case.intent, case.request):
        return proposal
    # Who arranges it needs to know for whom and when: what is told next goes to them.
    return replace(proposal, case=proposal.case.with_(waiting_for="details"))


def relayed(work: Work, message: SendMessage) -> Proposal:
    """Leave the case answered by a person; an order they still have to carry out keeps it with them."""
    command, order = work.command(), work.case.order
    if order is None or (command is not None and command.command == "done"):
        return settled(replace(work, case=work.case.with_(order=None)), message)
    # They have heard from a person; what is left is the staff's own clock.
    case = work.case.with_(order=order.model_copy(update={"promised": False}))
    return _with_its_person(work, case, message)


def _with_its_person(work: Work, case: Case, message: SendMessage) -> Proposal:
    case = case.with_(waiting_for=None, pending_dependency=None, due_at=work.due())
    case = case.move("with_person", "B", work.now)
    return Proposal("B", case, (message, sla_timer(replace(work, case=case))))
