"""B's and C's words and tasks for appointments: what is free, which is meant, what was booked or given back."""

from agents import moving
from agents.offering import after_offer, hour_buttons, slot_lines, yes_no_buttons
from agents.work import BUTTON_CHARS, BUTTONS, Work
from casefile.case import Case
from casefile.effects import Button, SendMessage
from casefile.packets import CResult, CTask
from casefile.records import Session
from policies.appointments import Service
from policies.booking import Booking
from policies.slots import SlotChoice
from policies.words import moment_words
from prompts.render import Rendered

# How the hours are offered where the customer's words call for more than the plain list.
OFFERS = {"taken": "booking_taken", "no_slot": "booking_no_slot", "all_shown": "booking_all_shown"}


def asked(work: Work) -> tuple[Case, SendMessage] | None:
    """Ask what a request about appointments lacks; None for any other request, and for what every desk asks."""
    booking = work.matter.booking
    if booking is None or work.verdict.missing in {"identity", "meaning", "withdrawal", "child"}:
        return None
    match work.verdict.missing:
        case "service":
            return _which_service(work, booking)
        case "booking":
            return _which_booking(work, booking)
        case "no_booking":
            said = work.render("booking_none_ahead", student=moving.student_name(work))
            return work.case.with_(waiting_for=None), work.say(said, "ask")
        case "cancel_confirm":
            return _confirm_end(work)
        case _ if booking.open == "confirm":
            return _confirm(work)
        case _:
            return _offer(work)


def _read(work: Work) -> tuple[Service, SlotChoice]:
    booking, choice = work.matter.booking, work.matter.choice
    if booking is None or booking.service is None or choice is None:
        raise AssertionError("the gate goes on only with a service and what is free for it")
    return booking.service, choice


def _which_service(work: Work, booking: Booking) -> tuple[Case, SendMessage]:
    """Ask what it shall be; the time that was said with it stays."""
    names = [service.name[work.language] for service in booking.services]
    lines = "\n".join(
        work.render("choice_line", number=str(number), choice=name).text
        for number, name in enumerate(names, 1)
    )
    buttons = [
        Button(label=f"{name[0].upper()}{name[1:]}"[:BUTTON_CHARS], value=f"service:{number}")
        for number, name in enumerate(names, 1)
    ]
    choice = work.matter.choice
    case = work.case.with_(
        waiting_for="service",
        meanings=tuple(service.id for service in booking.services),
        wish=(choice.wish if choice else None) or work.case.wish,
    )
    shown = buttons if len(buttons) <= BUTTONS else []
    return case, work.say(work.render("booking_service", lines=lines), "ask", buttons=shown)


def _offer(work: Work) -> tuple[Case, SendMessage]:
    """Offer what is free; a time that is not free is answered with what is."""
    service, choice = _read(work)
    back = work.result()
    taken = choice.state == "taken" or (back is not None and back.result.action == "BOOKING_CREATE")
    template = "booking_taken" if taken else OFFERS.get(choice.state, "booking_offer")
    lines = slot_lines(work, choice.offers)
    rendered = work.render(template, service=service.name[work.language], lines=lines)
    case = after_offer(work, choice.offers, service=service.id, wish=choice.wish or work.case.wish)
    return case, work.say(rendered, "ask", buttons=hour_buttons(work, choice.offers))


def _confirm(work: Work) -> tuple[Case, SendMessage]:
    """Repeat service, day, hour and person before anything is booked."""
    service, choice = _read(work)
    if choice.slot is None:
        raise AssertionError("the gate confirms only a slot that was matched")
    rendered = work.render(
        "booking_confirm",
        service=service.name[work.language],
        child=_other(work),
        new=moment_words(choice.slot.start, work.desk.rules.zone, work.language),
        coach=choice.slot.coach,
    )
    case = work.case.with_(
        waiting_for="confirm",
        service=service.id,
        chosen=choice.slot,
        offered=choice.offers,
        wish=choice.wish or work.case.wish,
    )
    return case, work.say(rendered, "ask", buttons=yes_no_buttons(work))


def _which_booking(work: Work, booking: Booking) -> tuple[Case, SendMessage]:
    """Ask which of their appointments is meant."""
    lines = "\n".join(
        work.render("choice_line", number=str(number), choice=line(work, session)).text
        for number, session in enumerate(booking.which, 1)
    )
    case = work.case.with_(waiting_for="booking", meanings=tuple(session.id for session in booking.which))
    return case, work.say(work.render("booking_which", lines=lines), "ask", account=True)


def _confirm_end(work: Work) -> tuple[Case, SendMessage]:
    """Repeat which appointment would end."""
    session = work.matter.session
    if session is None:
        raise AssertionError("the gate confirms only an appointment that is known")
    rendered = work.render("booking_cancel_confirm", old=line(work, session), child=_other(work))
    case = work.case.with_(waiting_for="confirm", session_id=session.id, meanings=())
    return case, work.say(rendered, "ask", account=True, buttons=yes_no_buttons(work))


def line(work: Work, session: Session) -> str:
    """Say an appointment in one line: for what, when, with whom."""
    return work.render(
        "booking_line",
        service=service_name(work, session.service),
        old=moment_words(session.start, work.desk.rules.zone, work.language),
        coach=session.coach,
    ).text


def _other(work: Work) -> str:
    """Name for whom it is, unless it is for who writes."""
    name = moving.student_name(work)
    return "" if name == work.label("word.you") else name


def service_name(work: Work, service_id: str) -> str:
    """Return what an appointment is for, in the customer's language; empty where there is nothing to choose."""
    offered = work.desk.rules.appointments
    service = offered.service(service_id) if offered else None
    return service.name[work.language] if service else ""


def task(work: Work, key: str) -> CTask:
    """Write the task that books, or ends, exactly what was agreed to."""
    if work.verdict.intent == "booking_cancel":
        session = work.matter.session
        if session is None:
            raise AssertionError("the gate ends only an appointment that is known")
        return end_task(work, session, key)
    service, choice = _read(work)
    offered = work.desk.rules.appointments
    if choice.slot is None or offered is None:
        raise AssertionError("the gate books only a slot that was chosen")
    student = work.facts.student
    return CTask(
        case_id=work.case.id,
        action="BOOKING_CREATE",
        subject=work.facts.identity.contact_id or work.case.contact_id,
        params={
            "slot_id": choice.slot.id,
            "service": service.id,
            "student_id": student.id if student else None,
            "start": choice.slot.start.isoformat(),
        },
        constraints={
            "people": list(service.people),
            "minutes": service.minutes,
            "most_ahead": offered.most_ahead,
        },
        verification_status="OK",
        idempotency_key=key,
    )


def end_task(work: Work, session: Session, key: str, approval_id: str | None = None) -> CTask:
    """Write the task that ends an appointment."""
    return CTask(
        case_id=work.case.id,
        action="BOOKING_CANCEL",
        subject=session.student_id,
        params={"session_id": session.id, "start": session.start.isoformat()},
        verification_status="OK",
        idempotency_key=key,
        approval_id=approval_id,
    )


def approved_end(work: Work, session: Session) -> str:
    """Return what is said once a person has let an appointment end and C has ended it."""
    return work.render("booking_cancel_approved", old=line(work, session), child=_other(work)).text


def executing(work: Work) -> Case:
    """Return the case while C books or ends what was agreed to."""
    choice, session = work.matter.choice, work.matter.session
    return work.case.with_(
        waiting_for=None,
        chosen=choice.slot if choice else None,
        session_id=session.id if session else None,
    )


def done(work: Work, result: CResult) -> tuple[Rendered, tuple[str, ...]]:
    """Report what C has booked, with the rule on changes, or what it has given back."""
    zone, language = work.desk.rules.zone, work.language
    state = result.new_state
    when = moment_words(moving.start_of(state), zone, language)
    values = {"service": service_name(work, str(state["service"])), "child": _other(work)}
    if result.action == "BOOKING_CANCEL":
        return work.render("booking_cancelled", old=when, **values), ("cancelled",)
    cutoff = work.desk.rules.limits.cutoff.words(language)
    rendered = work.render("booking_done", new=when, coach=str(state["coach"]), cutoff=cutoff, **values)
    return rendered, ("booked",)
