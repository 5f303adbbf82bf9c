"""A's posts to the lanes: each case has its own posts, edited in place as it moves."""

from collections.abc import Mapping
from datetime import datetime

from pydantic import JsonValue

from agents.work import Work
from casefile.approval import ApprovalRequest
from casefile.base import Lane
from casefile.effects import Button, PostToLane
from casefile.events import ApprovalGiven
from casefile.money import rupiah
from casefile.packets import CTask
from policies.releasing import releasable


def post(
    work: Work,
    lane: Lane,
    thread: str,
    html: str,
    buttons: tuple[Button, ...] = (),
    name: str = "",
    evidence: tuple[str, ...] = (),
) -> PostToLane:
    """Propose a lane post under its thread."""
    key = work.key(f"lane:{name or thread}")
    return PostToLane(key=key, lane=lane, thread=thread, html=html, buttons=buttons, evidence=evidence)


def approval(work: Work, request: ApprovalRequest) -> PostToLane:
    """Show what has to be decided, with its buttons; an addition edits the same post."""
    shown = request.model_copy(
        update={
            "operation": for_people(work, request.operation),
            "alternatives": tuple(
                item.model_copy(update={"operation": for_people(work, item.operation)})
                for item in request.alternatives
            ),
        }
    )
    html = work.desk.lanes.approval_request(shown, deadline=work.lane_moment(request.deadline))
    return post(work, request.lane, f"approval:{request.id}", html, choices(work, request))


def choices(work: Work, request: ApprovalRequest) -> tuple[Button, ...]:
    """Return the buttons that decide a request; a post that carries them can be answered as well as pressed."""
    offered = [("approve", "a")] if releasable(request) else []
    offered.append(("deny", "d"))
    if request.lane == "coach":
        offered.append(("edit", "e"))
    buttons = [
        Button(label=work.lane_label(f"button.{word}"), value=f"{code}:{request.token}")
        for word, code in offered
    ]
    ready = [
        Button(label=item.label, value=f"x{number}:{request.token}")
        for number, item in enumerate(request.alternatives, 1)
    ]
    return (*buttons, *ready)


def for_people(work: Work, task: CTask | None) -> CTask | None:
    """Return an operation as people read it: local times instead of stored ones, no ids of records."""
    return task and task.model_copy(update={"params": readable(work, task.params)})


def readable(work: Work, values: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Return parameters or a state as people read them; what only machines need is left out."""
    shown: dict[str, JsonValue] = {}
    for name, value in values.items():
        if name in {"start", "end", "old_start", "new_start"}:
            shown[name.removesuffix("_start")] = work.lane_moment(datetime.fromisoformat(str(value)))
        elif name == "amount" and isinstance(value, int):
            shown[name] = rupiah(value, work.desk.lanes.language)
        elif name not in {"key", "at", "intent"} and not name.endswith("_id") and value not in (None, ""):
            shown[name] = work.named(value) if isinstance(value, str) else value
    return shown


def decided(work: Work, request: ApprovalRequest, given: ApprovalGiven, state: str) -> PostToLane:
    """Write the approval's post over once somebody has decided; its buttons go."""
    outcome = work.desk.templates.label(f"outcome.{state}", work.desk.lanes.language)
    html = work.desk.lanes.approval_decided(
        request,
        who=work.named(given.by),
        when=work.lane_moment(given.at),
        outcome=outcome,
        why=given.conditions,
    )
    return post(work, request.lane, f"approval:{request.id}", html)


def void(work: Work, request: ApprovalRequest, why: str) -> PostToLane:
    """Write the approval's post over once there is nothing left to decide."""
    words = work.desk.templates.label(why, work.desk.lanes.language)
    html = work.desk.lanes.approval_void(request, why=words)
    return post(work, request.lane, f"approval:{request.id}", html, name=f"void:{request.id}")


def added(work: Work, request: ApprovalRequest, addition: str) -> PostToLane:
    """Tell the approvers what was added; an edit alone notifies nobody. It can be answered like the request."""
    html = work.desk.lanes.approval_added(request, addition=addition)
    thread = f"added:{request.id}:{work.case.turn}"
    return post(work, request.lane, thread, html, choices(work, request))


def reminder(work: Work, request: ApprovalRequest) -> PostToLane:
    """Remind, naming the person whose turn it is now, who can answer this post like the request."""
    next_one = work.facts.next_approver
    html = work.desk.lanes.approval_reminder(
        request,
        deadline=work.lane_moment(request.deadline),
        who=next_one.name if next_one else "tim",
    )
    thread = f"reminder:{request.id}:{request.reminders}"
    return post(work, request.lane, thread, html, choices(work, request))


def conditions(work: Work, request: ApprovalRequest, given: ApprovalGiven) -> PostToLane:
    """Turn free-text conditions into a task for the person who set them."""
    html = work.desk.lanes.post(
        "conditions_task",
        {
            "case_id": work.case.id,
            "customer": request.customer_masked,
            "person": work.named(given.by),
            "conditions": given.conditions,
        },
    )
    return post(work, request.lane, f"conditions:{request.id}", html)
