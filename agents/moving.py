"""B's and C's words and tasks for moving a session: ask, offer, confirm, hand to C, report."""

from datetime import datetime

from pydantic import JsonValue

from agents.work import Work
from casefile.case import Case
from casefile.effects import Button, SendMessage
from casefile.packets import CResult, CTask
from casefile.records import Session, Slot
from policies.matter import Matter
from policies.reschedule import MOVABLE, Proof
from policies.slots import SlotChoice
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
    rendered = offer(work, matter, session, choice)
    buttons = [Button(label=short(work, s), value=f"slot:{n}") for n, s in enumerate(choice.offers, 1)]
    case = work.case.with_(session_id=session.id, waiting_for="slot", offered=choice.offers, chosen=None)
    return case, work.say(rendered, "ask", account=True, buttons=buttons)


def offer(work: Work, matter: Matter, session: Session, choice: SlotChoice) -> Rendered:
    """Word what is free, naming the session it is for: a choice from it then says all of what is moved."""
    values: dict[str, str | Rendered] = {
        "student": student_name(work),
        "old": moment_words(session.start, work.desk.rules.zone, work.language),
        "lines": "\n".join(slot_line(work, n, s) for n, s in enumerate(choice.offers, 1)),
    }
    if work.verdict.rules[0].id == "R3.time" and not matter.time_asked:
        return work.render("reschedule_exception_ask", why=reason(work), **values)
    if choice.state == "which":
        return work.render("reschedule_which", **values)
    if choice.state == "taken" or work.result() is not None:
        return work.render("reschedule_not_available", **values)
    if choice.state == "no_slot":
        return work.render("reschedule_no_slot", **values)
    return work.render("reschedule_offer", **values)


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


def exception_asked(work: Work) -> Rendered:
    """Say that an exception is put to a person, with exactly what would be moved when that is known."""
    zone, language = work.desk.rules.zone, work.language
    move = exact(work)
    return work.render(
        "reschedule_exception",
        why=reason(work),
        student=student_name(work) if move else "",
        old=moment_words(move[0].start, zone, language) if move else "",
        new=moment_words(move[1].start, zone, language) if move else "",
        time_window=work.window(),
    )


def exact(work: Work) -> tuple[Session, Slot] | None:
    """Return the session and the slot of a move that is known whole and that C could still carry out."""
    session, choice = work.matter.session, work.matter.choice
    if session is None or choice is None or choice.slot is None or session.status not in MOVABLE:
        return None
    return session, choice.slot


def reason(work: Work) -> Rendered:
    """Say which condition of a free reschedule does not hold, in the customer's words."""
    limits = work.desk.rules.limits
    failing = {p.name: p for p in work.matter.proofs if p.value != "true"}
    if work.matter.gone:
        return work.render("reason_gone")
    if _false(failing.get("within_quota")):
        return work.render("reason_quota", limit=str(limits.free_reschedules))
    if _false(failing.get("before_cutoff")):
        return work.render("reason_cutoff", cutoff=limits.cutoff.words(work.language))
    return work.render("reason_vip" if _false(failing.get("not_vip")) else "reason_unknown")


def _false(proof: Proof | None) -> bool:
    return proof is not None and proof.value == "false"


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
