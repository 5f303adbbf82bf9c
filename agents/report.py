"""B's words on what C brought back; "done" is said only after C's SUCCESS."""

from agents import booking, enrolled, lead_turns, moving, shop_turns
from agents.calling import called
from agents.work import Work
from casefile.events import OrderMoved, ReminderFellDue
from casefile.packets import CResult
from policies.enrolments import lacks
from policies.words import date_words, time_words
from prompts.render import Rendered

RECEIVED = {"trial_request": "trial_received", "renewal_request": "renewal_received"}
OPTED = {"OPT_OUT": "opt_out_done", "OPT_IN": "opt_in_done"}
SHOP_ACTIONS = frozenset({"ORDER_CREATE", "ORDER_AMEND", "ORDER_CANCEL", "ADDRESS_UPDATE", "SIZE_EXCHANGE"})
DONE_BY_ACTION: dict[str, tuple[str, ...]] = {
    "REFUND": ("refunded",),
    "CANCEL": ("cancelled",),
    "RESCHEDULE": ("rescheduled",),
}


def ahead(work: Work, event: ReminderFellDue) -> Rendered:
    """Word the reminder of tomorrow's session, as the schedule has it now."""
    sessions = work.facts.schedule.sessions if work.facts.schedule else ()
    session = next(s for s in sessions if s.id == event.session_id)
    if session.service:
        said = booking.line(work, session)
        return work.render("booking_reminder", student=called(work, work.facts.student), old=said)
    zone = work.desk.rules.zone
    return work.render(
        "reminder_day_before",
        student=called(work, work.facts.student),
        day_date=date_words(session.start, zone, work.language),
        time=time_words(session.start, zone, work.language),
        coach=session.coach,
    )


def moved(work: Work, event: OrderMoved) -> Rendered:
    """Word where an order has got to."""
    tracking = {"tracking": event.tracking or ""} if event.status == "shipped" else {}
    return work.render(f"order_{event.status}", order=event.order_number, **tracking)


def report(work: Work, result: CResult) -> tuple[Rendered, tuple[str, ...]]:
    """Word C's result, with what it lets the text say is done; only called for a SUCCESS."""
    done = DONE_BY_ACTION.get(result.action, ())
    # An operator who confirms an operation without words of its own lets the usual report leave.
    if work.case.release:
        return Rendered(text=work.case.release, template="released@1"), (*done, "approved")
    if result.action in SHOP_ACTIONS:
        return shop_turns.reported(work, result)
    if result.action == "RESCHEDULE":
        return moving.done(work, result)
    if result.action == "LEAD_NOTE":
        return lead_turns.reported(work), done
    if result.action in {"BOOKING_CREATE", "BOOKING_CANCEL"} and "start" in result.new_state:
        return booking.done(work, result)
    if result.action in OPTED:
        return work.render(OPTED[result.action]), done
    recorded = enrolled.reported(work, result)
    if recorded is not None:
        return recorded, done
    template = RECEIVED.get(work.case.intent, "enrol_received")
    if template == "renewal_received":
        return work.render(template, time_window=work.window()), done
    return work.render(template, time_window=work.window(), missing=_missing(work)), done


def _missing(work: Work) -> str:
    """Name what an enrolment still lacks, so that the person who arranges it has it at once."""
    parts = [work.label(f"enrol.{part}") for part in lacks(work.case.intent, work.case.request)]
    return f" {work.label('word.and')} ".join(parts)
