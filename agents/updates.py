"""B's words while somebody waits: one update before the promised time, then one every so often, never twice alike."""

from dataclasses import replace

from agents.memory import sla_timer
from agents.work import Proposal, Work
from casefile.effects import StartTimer
from casefile.events import DependencyChanged
from casefile.verdict import Decision
from policies.sla import next_update

# The second stands in where the first was the last that was said.
TEXTS: dict[Decision, tuple[str, str]] = {
    "NUDGE": ("status_update", "status_update_again"),
    "WAIT": ("approval_status_update", "approval_status_update_again"),
}


def updated(work: Work) -> Proposal:
    """Tell the customer, as the promised time comes, by when they hear again."""
    rules = work.desk.rules
    due = next_update(rules.hours, work.now, rules.limits)
    moved = replace(work, case=work.case.with_(due_at=due))
    return _told(moved, sla_timer(moved))


def deadline_passed(work: Work) -> Proposal:
    """Tell the customer once that it is still undecided; the time they were promised stands."""
    event = work.deadline_event()
    if event is not None and event.timer == "sla":
        return updated(work)
    if event is None or event.timer != "approval" or work.case.updates:
        return Proposal("B", work.case)
    return _told(work)


def told_of_outage(work: Work) -> Proposal | None:
    """Tell the customer of an outage that their case still waits for, before it is over; None for anything else."""
    event = next((e for e in work.events if isinstance(e, DependencyChanged) and not e.up), None)
    if event is None:
        return None
    if work.case.pending_dependency != event.name or not work.may_write():
        return Proposal("B", work.case)
    outage = work.label(f"outage.{event.name}")
    rendered = work.render("incident_notice", outage=outage, time_window=work.window())
    return Proposal("B", work.case, (work.say(rendered, "acknowledge"),))


def _told(work: Work, *clock: StartTimer) -> Proposal:
    """Say it while WhatsApp lets us write, and only to who waits to hear."""
    order = work.case.order
    if not work.may_write() or (order is not None and not order.promised):
        return Proposal("B", work.case, clock)
    template = TEXTS[work.verdict.decision][work.case.updates % 2]
    message = work.say(work.render(template, time_window=work.window()), "acknowledge")
    case = work.case.with_(updates=work.case.updates + 1)
    return Proposal("B", case, (message, *clock))
