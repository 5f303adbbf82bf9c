"""A's posts to the lanes: each case has its own posts, edited in place as it moves."""

from datetime import datetime

from pydantic import JsonValue

from agents.work import Work
from casefile.approval import ApprovalRequest
from casefile.base import Lane
from casefile.effects import Button, Effect, PostToLane, SendMessage
from casefile.events import ApprovalGiven, MessageReceived
from casefile.packets import CasePacket, CTask
from policies.rollout import treatment
from policies.rule_words import spoken

SHOWN_IDENTITY = {"WA_MATCH": "WA_MATCH", "VERIFIED": "WA_MATCH", "MISMATCH": "MISMATCH"}


def post(
    work: Work, lane: Lane, thread: str, html: str, buttons: tuple[Button, ...] = (), name: str = ""
) -> PostToLane:
    """Propose a lane post under its thread."""
    return PostToLane(
        key=work.key(f"lane:{name or thread}"), lane=lane, thread=thread, html=html, buttons=buttons
    )


def approval(work: Work, request: ApprovalRequest) -> PostToLane:
    """Show what has to be decided, with its buttons; an addition edits the same post."""
    shown = request.model_copy(
        update={
            "operation": _for_people(work, request.operation),
            "alternatives": tuple(
                item.model_copy(update={"operation": _for_people(work, item.operation)})
                for item in request.alternatives
            ),
        }
    )
    html = work.desk.lanes.approval_request(shown, deadline=work.lane_moment(request.deadline))
    label = work.desk.templates.label
    language = work.desk.lanes.language
    choices = [("approve", "a"), ("deny", "d")]
    if request.lane == "coach":
        choices.append(("edit", "e"))
    buttons = [
        Button(label=label(f"button.{word}", language), value=f"{code}:{request.token}")
        for word, code in choices
    ]
    buttons += [
        Button(label=item.label, value=f"x{number}:{request.token}")
        for number, item in enumerate(request.alternatives, 1)
    ]
    return post(work, request.lane, f"approval:{request.id}", html, tuple(buttons))


def _for_people(work: Work, task: CTask | None) -> CTask | None:
    """Return an operation as people read it: local times instead of stored ones, no ids of records."""
    if task is None:
        return None
    params: dict[str, JsonValue] = {}
    for name, value in task.params.items():
        if name.endswith("_start"):
            params[name.removesuffix("_start")] = work.lane_moment(datetime.fromisoformat(str(value)))
        elif not name.endswith("_id"):
            params[name] = value
    return task.model_copy(update={"params": params})


def decided(work: Work, request: ApprovalRequest, given: ApprovalGiven, state: str) -> PostToLane:
    """Write the approval's post over once somebody has decided; its buttons go."""
    outcome = work.desk.templates.label(f"outcome.{state}", work.desk.lanes.language)
    html = work.desk.lanes.approval_decided(
        request, who=work.named(given.by), when=work.lane_moment(given.at), outcome=outcome
    )
    return post(work, request.lane, f"approval:{request.id}", html)


def void(work: Work, request: ApprovalRequest, why: str) -> PostToLane:
    """Write the approval's post over once there is nothing left to decide."""
    words = work.desk.templates.label(why, work.desk.lanes.language)
    html = work.desk.lanes.approval_void(request, why=words)
    return post(work, request.lane, f"approval:{request.id}", html, name=f"void:{request.id}")


def added(work: Work, request: ApprovalRequest, addition: str) -> PostToLane:
    """Tell the approvers what was added; an edit alone notifies nobody."""
    html = work.desk.lanes.approval_added(request, addition=addition)
    return post(work, request.lane, f"added:{request.id}:{work.case.turn}", html)


def reminder(work: Work, request: ApprovalRequest) -> PostToLane:
    """Remind, naming the person whose turn it is now."""
    next_one = work.facts.next_approver
    html = work.desk.lanes.approval_reminder(
        request,
        deadline=work.lane_moment(request.deadline),
        who=next_one.name if next_one else "tim",
    )
    return post(work, request.lane, f"reminder:{request.id}:{request.reminders}", html)


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


def packet(work: Work) -> tuple[Effect, ...]:
    """Show the case packet in the ops lane where the rollout mode asks for it."""
    rules, verdict = work.desk.rules, work.verdict
    if not treatment(rules.mode, verdict.tier, rules.a_approval).packet_to_ops:
        return ()
    drafts = [e.text for e in work.effects if isinstance(e, SendMessage)]
    matter = work.matter
    schedule = work.facts.schedule
    minutes = None
    if matter.session is not None:
        minutes = int((matter.session.start - work.now).total_seconds() // 60)
    card = CasePacket.model_validate(
        {
            "case_id": work.case.id,
            "wa_number": work.masked(),
            "identity": SHOWN_IDENTITY.get(work.facts.identity.status, "UNKNOWN"),
            "request": work.verdict.intent,
            "minutes_to_session": minutes,
            "reschedules_this_month": schedule.reschedules_this_month if schedule else None,
            "draft_reply": drafts[0] if drafts else "",
            "customer_message": work.case.request,
        }
    )
    html = work.desk.lanes.case_packet(
        card,
        spoken(verdict, work.desk.lanes.language),
        hooks=rules.limits.cutoff.words(work.desk.lanes.language),
        operation=_for_people(work, work.task),
        due=work.lane_moment(work.case.due_at or work.due()),
    )
    return (post(work, "ops", f"packet:{work.case.id}", html),)


def notices(work: Work) -> tuple[Effect, ...]:
    """Collect what else the ops lane has to hear of: packet, evidence, a lock, repeated attacks."""
    effects: list[Effect] = list(packet(work))
    lanes = work.desk.lanes
    for number, event in enumerate(e for e in work.events if isinstance(e, MessageReceived)):
        if event.message.media is not None:
            values = {
                "kind": event.message.kind,
                "customer": work.masked(),
                "case_id": work.case.id,
                "caption": event.message.media.caption or "",
            }
            html = lanes.post("evidence", values)
            effects.append(post(work, "ops", f"evidence:{work.case.id}:{work.case.turn}:{number}", html))
    limits = work.desk.rules.limits
    if work.facts.identity_changes.get("locked_until"):
        values = {
            "minutes": str(limits.verification_lock_minutes),
            "customer": work.masked(),
            "attempts": str(limits.verification_attempts),
            "conversation": work.case.conversation_id,
        }
        html = lanes.post("verification_locked", values)
        effects.append(post(work, "ops", f"locked:{work.case.id}:{work.case.turn}", html))
    if "injection" in work.verdict.signals and work.matter.repeated_injection:
        values = {
            "count": str(work.facts.conversation.injection_count + 1),
            "customer": work.masked(),
            "conversation": work.case.conversation_id,
            "message": work.case.request,
        }
        html = lanes.post("injection_repeats", values)
        effects.append(post(work, "ops", f"attack:{work.case.conversation_id}", html))
    return tuple(effects)
