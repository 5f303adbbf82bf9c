"""Where a person has the conversation: B says nothing, and what it would have said is put before that person."""

from dataclasses import replace

from agents import handed_posts as handed
from agents.memory import sla_timer
from agents.standing import with_a_person
from agents.work import Proposal, Work
from casefile.case import Case
from casefile.effects import Effect, SendMessage, StartTimer, StopTimer
from policies.takeover import asks_anew, ready_for_a_person, silent


def heard(work: Work) -> Proposal | None:
    """Return what B makes of a message that a person will answer: nothing but its clock; None for anything else."""
    if not silent(work.facts.conversation, work.events) or not asks_anew(work.events):
        return None
    case = work.case
    return Proposal("B", case if case.approval_id else case.with_(due_at=case.due_at or work.due()))


def wordless(work: Work, proposal: Proposal) -> Proposal:
    """Return B's proposal without words where clocks and outages would speak to a customer who has a person."""
    if not silent(work.facts.conversation, work.events) or ready_for_a_person(work.events):
        return proposal
    return replace(proposal, effects=tuple(e for e in proposal.effects if not isinstance(e, SendMessage)))


def ready(work: Work) -> tuple[Case, tuple[Effect, ...]]:
    """Give what B would say to the person who has the conversation, and the case with it, on a clock."""
    said = [e for e in work.effects if isinstance(e, SendMessage)]
    posts = tuple(handed.ready(work, message, number) for number, message in enumerate(said))
    if work.case.approval_id is not None:
        return work.case, (*_without_words(work), *posts)
    now = replace(work, case=with_a_person(work).with_(due_at=work.due()))
    clocks = {f"{now.case.id}:resolve", f"{now.case.id}:sla"}
    left = [
        e for e in _without_words(work) if not (isinstance(e, StartTimer | StopTimer) and e.key in clocks)
    ]
    return now.case, (*left, *posts, sla_timer(now))


def _without_words(work: Work) -> tuple[Effect, ...]:
    return tuple(e for e in work.effects if not isinstance(e, SendMessage))
