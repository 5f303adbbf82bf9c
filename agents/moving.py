"""B's and C's words and tasks for moving a session: ask, offer, confirm, hand to C, report."""

from datetime import datetime

from pydantic import JsonValue

from agents.work import Work
from casefile.case import Case
from casefile.effects import Button, SendMessage
from casefile.packets import CResult, CTask
from casefile.records import Session, Slot
from policies.matter import Matter
from policies.words import date_words, moment_words, short_date_words, time_words
from prompts.render import Rendered

BUTTON_CHARS = 20


def ask_for_time(work: Work, matter: Matter) -> tuple[Case, SendMessage]:
    """Ask for the new time by offering what is free; a time that is not free is answered with what is."""
    choice, session = matter.choice, matter.session
    if choice is None or session is None:
        raise AssertionError("the gate asks for a time only when a session and its choices are known")
    if not choice.offers:
        case = work.case.with_(session_id=session.id, waiting_for="time", offered=())
        return case, work.say(work.render("reschedule_none_available", time_window=work.window()), "ask")
    lines = "\n".join(slot_line(work, n, s) for n, s in enumerate(choice.offers, 1))
    if choice.state == "taken" or work.result() is not None:
        rendered = work.render("reschedule_not_available", lines=lines)
    else:
        rendered = work.render("reschedule_offer", student=student_name(work), lines=lines)
    buttons = [Button(label=short(work, s), value=f"slot:{n}") for n, s in enumerate(choice.offers, 1)]
    case = work.case.with_(session_id=session.id, waiting_for="slot", offered=choice.offers, chosen=None)
    return case, work.say(rendered, "ask", account=True, buttons=buttons)


def confirm_time(work: Work, matter: Matter) -> tuple[Case, SendMessage]:
    """Repeat the resolved day, date and time before anything is moved."""
    choice, session = matter.choice, matter.session
    if choice is None or choice.slot is None or session is None:
        raise AssertionError("the gate confirms only a slot that was matched")
    zone, language = work.desk.rules.zone, work.language
    rendered = work.render(
        "reschedule_confirm",
        student=student_name(work),
        old=moment_words(session.start, zone, language),
        new=moment_words(choice.slot.start, zone, language),
        coach=choice.slot.coach,
    )
    case = work.case.with_(
        session_id=session.id, waiting_for="confirm", chosen=choice.slot, offered=choice.offers
    )
    buttons = [
        Button(label=work.label("button.yes"), value="yes"),
        Button(label=work.label("button.no"), value="no"),
    ]
    return case, work.say(rendered, "ask", account=True, buttons=buttons)


def task(work: Work, session: Session, slot: Slot, approval_id: str | None, key: str) -> CTask:
    """Write the task that moves a session to a slot; the same inputs always give the same task."""
    limits = work.desk.rules.limits
    cutoff: dict[str, JsonValue] = limits.cutoff.model_dump(exclude_none=True)
    return CTask(
        case_id=work.case.id,
        action="RESCHEDULE",
        subject=session.student_id,
        params={
            "session_id": session.id,
            "slot_id": slot.id,
            "old_start": session.start.isoformat(),
            "new_start": slot.start.isoformat(),
        },
        constraints={"free_reschedules": limits.free_reschedules, "cutoff": cutoff},
        verification_status="OK",
        idempotency_key=key,
        approval_id=approval_id,
    )


def done(work: Work, result: CResult) -> tuple[Rendered, tuple[str, ...]]:
    """Report a move that C has carried out, the rule restated."""
    zone, language = work.desk.rules.zone, work.language
    values = {
        "student": student_name(work),
        "old": moment_words(start_of(result.old_state), zone, language),
        "new": moment_words(start_of(result.new_state), zone, language),
        "coach": str(result.new_state["coach"]),
    }
    limits = work.desk.rules.limits
    used = result.new_state.get("reschedules_this_month")
    left = max(0, limits.free_reschedules - (used if isinstance(used, int) else limits.free_reschedules))
    return (
        work.render(
            "reschedule_done",
            **values,
            left=str(left),
            limit=str(limits.free_reschedules),
            cutoff=limits.cutoff.words(language),
        ),
        ("rescheduled",),
    )


def exception_text(work: Work, session: Session, slot: Slot) -> str:
    """Return what an approved exception says once C has moved the session."""
    zone, language = work.desk.rules.zone, work.language
    return work.render(
        "reschedule_exception_done",
        student=student_name(work),
        old=moment_words(session.start, zone, language),
        new=moment_words(slot.start, zone, language),
        coach=slot.coach,
    ).text


def start_of(state: dict[str, JsonValue]) -> datetime:
    """Read a session's start out of C's result."""
    return datetime.fromisoformat(str(state["start"]))


def slot_line(work: Work, number: int, slot: Slot) -> str:
    """Write one offered slot as a numbered line."""
    zone = work.desk.rules.zone
    return work.render(
        "slot_line",
        number=str(number),
        day_date=date_words(slot.start, zone, work.language),
        time=time_words(slot.start, zone, work.language),
        coach=slot.coach,
    ).text


def short(work: Work, slot: Slot) -> str:
    """Write a slot on a button: at most 20 characters."""
    zone = work.desk.rules.zone
    clock = time_words(slot.start, zone, work.language).rsplit(" ", 1)[0]
    day, _, date = short_date_words(slot.start, zone, work.language).partition(", ")
    return f"{day[:3]} {date}, {clock}"[:BUTTON_CHARS]


def student_name(work: Work) -> str:
    """Return the student's name as records have it."""
    return work.facts.student.name if work.facts.student else "Kakak"
