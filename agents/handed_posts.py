"""A's posts on what people have to take up: cases handed over, orders to carry out, what does not move."""

from agents.lane_posts import post
from agents.memory import sla_timer
from agents.work import Work
from casefile.effects import Button, Effect, PostToLane, SendMessage
from casefile.events import OperationDone
from casefile.money import rupiah

# One action for what customers ask for in several ways.
BY_INTENT = frozenset({"BOOKING_CREATE", "ENROL"})


def handover(work: Work) -> tuple[Effect, ...]:
    """Ask the ops lane to take a case, with a clock so that it is not forgotten."""
    html = work.desk.lanes.post(
        "handover",
        {
            "case_id": work.case.id,
            "tier": work.verdict.tier,
            "customer": work.masked(),
            "why": work.why(),
            "message": _asked(work),
            "due": work.lane_moment(work.case.due_at or work.due()),
            "how": work.desk.templates.label("handover.how", work.desk.lanes.language),
        },
    )
    thread = f"handover:{work.case.id}:{work.case.turn}"
    return (post(work, "ops", thread, html, (hands(work),)), sla_timer(work))


def hands(work: Work) -> Button:
    """Return what gives the conversation to a person, or back to the voice where one has it."""
    held = work.facts.conversation.taken_by is not None
    word, value = ("handback", "back") if held else ("takeover", "take")
    return Button(label=work.lane_label(f"button.{word}"), value=f"{value}:{work.case.id}")


def ready(work: Work, message: SendMessage, number: int) -> PostToLane:
    """Show the person who has the conversation what B would have said in it."""
    values = {
        "case_id": work.case.id,
        "customer": work.masked(),
        "text": message.text,
        "how": work.desk.templates.label("handover.how", work.desk.lanes.language),
    }
    html = work.desk.lanes.post("ready_words", values)
    return post(work, "ops", f"ready:{work.case.id}:{work.case.turn}:{number}", html, (hands(work),))


def _asked(work: Work) -> str:
    """Return what is asked, what a yes to our offer was to, and what was said since."""
    lines = [work.case.request, *(f"+ {added}" for added in work.case.additions)]
    if work.verdict.rules[0].id == "R0.offer":
        lines.append(f"→ {work.lane_label(f'offer.{work.case.meanings[0]}')}")
    return "\n".join(lines)


def redirected(work: Work) -> PostToLane:
    """Show the ops lane whom the pilot does not serve here."""
    values = {"customer": work.masked(), "message": work.case.request}
    html = work.desk.lanes.post("pilot_redirected", values)
    return post(work, "ops", f"pilot:{work.case.id}:{work.case.turn}", html)


def task(work: Work, done: OperationDone) -> PostToLane:
    """Show the ops lane what a named person has to carry out, for whom, and by when."""
    result, case = done.result, work.case
    language = work.desk.lanes.language
    label = work.desk.templates.label
    asked = case.intent if result.action in BY_INTENT else result.action
    amount = result.new_state.get("amount")
    details = [
        str(result.new_state.get("invoice") or ""),
        rupiah(amount, language) if isinstance(amount, int) else "",
        str(result.new_state.get("conditions") or ""),
        str(result.new_state.get("summary") or ""),
    ]
    values = {
        "case_id": case.id,
        "customer": work.masked(),
        "what": label(f"task.{asked}", language),
        "who": work.named(result.due_from or ""),
        "details": " · ".join(part for part in details if part),
        "message": case.request,
        "due": work.lane_moment(case.due_at or work.due()),
        "how": label("task.how", language),
    }
    html = work.desk.lanes.post("manual_task", values)
    return post(work, "ops", f"task:{done.key}", html)


def stalled(work: Work) -> PostToLane:
    """Nudge the ops lane before a clock runs out."""
    html = work.desk.lanes.post(
        "stalled",
        {
            "case_id": work.case.id,
            "tier": work.case.tier,
            "customer": work.masked(),
            "since": work.lane_moment(work.case.updated_at),
            "waiting_for": _owner(work),
            "request": work.case.request,
        },
    )
    return post(work, "ops", f"stalled:{work.case.id}:{work.case.turn}", html)


def _owner(work: Work) -> str:
    """Name who a case waits for: a person by name, the team where nobody has taken it, or a role."""
    person = work.case.owner.removeprefix("person:")
    if person in {"ops", "B"}:
        return work.lane_label(f"owner.{person}")
    return work.named(person)
