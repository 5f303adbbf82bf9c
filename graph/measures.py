"""The raw events of a run from which every measure of spec 4 is computed later, named as it defines them."""

from collections.abc import Iterator

from casefile.effects import OpenApproval, RunOperation, SendMessage
from casefile.events import ApprovalGiven, News, OperationDone
from casefile.verdict import ApprovalKind
from graph.admit import MOVED, REMINDED
from graph.run import Run
from policies.desk import Rules
from policies.sla import business_seconds
from ports.journal import Measure

ASKED: dict[ApprovalKind, str] = {
    "REFUND": "refund",
    "RESCHEDULE_EXCEPTION": "exception",
    "OTHER_EXCEPTION": "exception",
}


def measures_of(run: Run, rules: Rules) -> list[Measure]:
    """Return the raw events of a run; times are seconds."""
    case, verdict, now = run.after, run.entry.verdict, run.entry.facts.now
    found = [Measure("turn", case.id, now, detail=f"{verdict.tier} {verdict.decision} {verdict.rules[0].id}")]
    asked = not isinstance(run.entry.events[0], News)
    if asked and run.before.first_reply_at is None and run.final.first_reply_at is not None:
        # Until the turn that says it; what sending adds stands in the ledger.
        waited = business_seconds(rules.hours, case.opened_at, now)
        found.append(Measure("first_response", case.id, now, waited))
        if waited > rules.limits.first_response_minutes * 60:
            found.append(Measure("first_response_late", case.id, now, waited))
    if case.reopened and case.opened_turn == case.turn:
        found.append(Measure("reopened", case.id, now))
    if run.reading is not None and run.reading.model_differs:
        found.append(Measure("model_differs", case.id, now, detail="; ".join(run.reading.model_differs)))
    found += [Measure("template_update", case.id, now, detail=u.final_text) for u in run.context.updates]
    return [*found, *_drafted(run), *_refused(run), *_people(run), *_came_back(run), *_moved(run)]


def _drafted(run: Run) -> Iterator[Measure]:
    """Yield what became of a model's draft - sent, mended, replaced by the template - and for which reasons."""
    for step in run.context.steps:
        held = [h for h in step.held if isinstance(h.effect, SendMessage) and h.effect.plain]
        left = any(isinstance(effect, SendMessage) and effect.plain for effect in step.effects)
        if held or left:
            became = ("mended" if held else "sent") if left else "replaced"
            reasons = dict.fromkeys(hit.id for h in held for hit in h.rules)
            yield Measure("draft", run.after.id, run.entry.facts.now, detail=" ".join((became, *reasons)))


def _refused(run: Run) -> Iterator[Measure]:
    case, now = run.after, run.entry.facts.now
    for step in run.context.steps:
        for held in step.held:
            yield Measure("held", case.id, now, detail=f"{held.effect.type} {held.rules[0].id}")
            if isinstance(held.effect, RunOperation) and not run.entry.matter.verified:
                yield Measure("unverified_action", case.id, now, detail=held.effect.task.action)


def _people(run: Run) -> Iterator[Measure]:
    """Yield what people were asked and how they decided; an operator's confirmation is no exception."""
    case, now = run.after, run.entry.facts.now
    for effect in run.effects:
        if isinstance(effect, OpenApproval) and run.before.approval_id is None:
            name = ASKED.get(effect.request.kind) if effect.request.lane == "coach" else None
            if name is not None:
                yield Measure(f"{name}_asked", case.id, now, detail=effect.request.kind)
    record = run.entry.facts.approval
    for event in run.entry.events:
        if not isinstance(event, ApprovalGiven) or record is None:
            continue
        yield Measure("decision", case.id, now, detail=event.decision)
        asked = record.request
        waited = max(0.0, (event.at - asked.requested_at).total_seconds())
        yield Measure("approval_time", case.id, now, waited, detail=asked.kind)
        name = ASKED.get(asked.kind) if asked.lane == "coach" else None
        if name is not None and run.entry.verdict.decision == "RELEASE" and event.decision != "DENY":
            yield Measure(f"{name}_approved", case.id, now, detail=asked.kind)


def _came_back(run: Run) -> Iterator[Measure]:
    case, now = run.after, run.entry.facts.now
    for event in run.entry.events:
        if not isinstance(event, OperationDone):
            continue
        result = event.result
        if result.status == "NEED_VERIFICATION":
            yield Measure("unverified_action", case.id, now, detail=result.action)
        if result.action == "RESCHEDULE":
            done = 1.0 if result.status == "SUCCESS" else 0.0
            yield Measure("reschedule_success", case.id, now, done, detail=result.status)


def _moved(run: Run) -> Iterator[Measure]:
    case = run.after
    for step in case.transitions:
        if step.new == "with_person" and case.owner.startswith("person:"):
            yield Measure("takeover", case.id, step.at, detail=run.entry.verdict.rules[0].id)
        if step.new == "resolved" and not case.cause.startswith((REMINDED, MOVED)):
            taken = max(0.0, (step.at - case.opened_at).total_seconds())
            yield Measure("resolution", case.id, step.at, taken, detail=case.tier)
