"""Where a case stands once B has spoken: answered, or with the person who has something to carry out."""

from dataclasses import replace

from agents.memory import quiet_timer, sla_timer, stop_clocks
from agents.work import Proposal, Work
from casefile.case import LEGAL, Case, Order
from casefile.effects import SendMessage
from policies.enrolments import lacks


def settled(work: Work, *said: SendMessage) -> Proposal:
    """Leave the case answered; it resolves by itself after the quiet hours."""
    case = work.case.with_(waiting_for=None, owner="B", due_at=None, pending_dependency=None, updates=0)
    case = case.move("answered", "B", work.now)
    return Proposal("B", case, (*said, quiet_timer(work), *stop_clocks(work)))


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


def relayed(work: Work, *said: SendMessage) -> Proposal:
    """Leave the case answered by a person; an order they still have to carry out keeps it with them.

    What another person still decides on goes on waiting for that.
    """
    command, order = work.command(), work.case.order
    if work.case.approval_id is not None:
        return Proposal("B", work.case, said)
    if order is None or (command is not None and command.command == "done"):
        return settled(replace(work, case=work.case.with_(order=None)), *said)
    # They have heard from a person; what is left is the staff's own clock.
    case = work.case.with_(order=order.model_copy(update={"promised": False}))
    return _with_its_person(work, case, *said)


def with_a_person(work: Work) -> Case:
    """Return the case with the person it has, else with whoever has the conversation or in the ops lane takes it."""
    case, taken_by = work.case, work.facts.conversation.taken_by
    owner = f"person:{taken_by or 'ops'}"
    if case.state == "with_person":
        kept = case.owner.startswith("person:") and (taken_by is None or case.order is not None)
        return case if kept else case.with_(owner=owner)
    if "with_person" not in LEGAL[case.state]:
        case = case.move("triaged", "A", work.now)
    return case.with_(owner=owner).move("with_person", "A", work.now)


def _with_its_person(work: Work, case: Case, *said: SendMessage) -> Proposal:
    case = case.with_(waiting_for=None, pending_dependency=None, due_at=work.due())
    case = case.move("with_person", "B", work.now)
    return Proposal("B", case, (*said, sla_timer(replace(work, case=case))))
