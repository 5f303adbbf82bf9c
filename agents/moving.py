"""B's and C's words and tasks for moving a session: hand to C, report, ask a person."""

from datetime import datetime

from pydantic import JsonValue

from agents.calling import called
from agents.work import Work
from casefile.case import Case, Moved
from casefile.packets import CResult, CTask
from casefile.records import Session, Slot
from policies.reschedule import MOVABLE, Proof
from policies.words import moment_words
from prompts.render import Rendered


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


def carried_out(case: Case, result: CResult) -> Case:
    """Return a case whose operation is done, with the move remembered that can still be taken back."""
    moved = case.moved
    if result.action == "RESCHEDULE":
        moved = Moved(
            session_id=str(result.new_state["id"]),
            old_start=start_of(result.old_state),
            old_coach=str(result.old_state["coach"]),
        )
    return case.with_(
        moved=moved, chosen=None, offered=(), shown=(), wish=None, session_id=None, service=None
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
    move, why = exact(work), reason(work)
    if why.template.startswith("reason_vip@"):
        return work.render("reschedule_personal", time_window=work.window())
    return work.render(
        "reschedule_exception",
        why=why,
        student=student_name(work) if move else "",
        old=moment_words(move[0].start, zone, language) if move else "",
        new=moment_words(move[1].start, zone, language) if move else "",
        time_window=work.window(),
    )


def exception_changed(work: Work) -> Rendered:
    """Say that a person is now asked about another hour."""
    move = exact(work)
    if move is None:
        raise AssertionError("a request is asked anew only with the exact move")
    zone, language = work.desk.rules.zone, work.language
    return work.render(
        "reschedule_exception_changed",
        student=student_name(work),
        old=moment_words(move[0].start, zone, language),
        new=moment_words(move[1].start, zone, language),
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


def kept(work: Work) -> Rendered:
    """Say that the session stays, and when it is."""
    session = work.matter.session
    old = moment_words(session.start, work.desk.rules.zone, work.language) if session else ""
    return work.render("reschedule_kept", student=student_name(work), old=old)


def student_name(work: Work) -> str:
    """Return how the student this is about is called."""
    return called(work, work.facts.student)
