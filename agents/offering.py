"""B's questions about a move: which session, which free hour, and is that right."""

from collections.abc import Sequence

from agents import moving
from agents.work import BUTTON_CHARS, Work
from casefile.case import Case
from casefile.effects import Button, SendMessage
from casefile.records import Session, Slot
from policies.matter import Matter
from policies.outcomes import SCHOOL_MOVES
from policies.slots import SlotChoice
from policies.words import date_words, moment_words, short_date_words, time_words
from prompts.render import Rendered

SHOWN = 40
# How the hours are offered where the customer's words call for more than the plain list.
OFFERS = {
    "which": "reschedule_which",
    "all_shown": "reschedule_all_shown",
    "back_taken": "reschedule_back_taken",
    "other_coach": "reschedule_other_coach",
}


def ask_for_time(work: Work, matter: Matter) -> tuple[Case, SendMessage]:
    """Ask for the new time by offering what is free; a time that is not free is answered with what is."""
    choice, session = matter.choice, matter.session
    if choice is None or session is None:
        raise AssertionError("the gate asks for a time only when a session and its choices are known")
    if not choice.offers:
        case = work.case.with_(
            session_id=session.id, waiting_for="time", offered=(), wish=choice.wish or work.case.wish
        )
        return case, work.say(work.render("reschedule_none_available", time_window=work.window()), "ask")
    rendered = offer(work, matter, session, choice)
    case = after_offer(work, choice.offers, session_id=session.id, wish=choice.wish or work.case.wish)
    return case, work.say(rendered, "ask", account=True, buttons=hour_buttons(work, choice.offers))


def ask_for_session(work: Work, matter: Matter) -> tuple[Case, SendMessage]:
    """Ask whether the nearest session is the one to move, where none stands on the day that was named."""
    choice, session = matter.choice, matter.session
    if choice is None or session is None:
        raise AssertionError("a session is named astray only when there is another")
    old = moment_words(session.start, work.desk.rules.zone, work.language)
    rendered = work.render("reschedule_which_session", student=moving.student_name(work), old=old)
    case = work.case.with_(waiting_for="session", wish=choice.wish or work.case.wish)
    return case, work.say(rendered, "ask", account=True, buttons=yes_no_buttons(work))


def after_offer(work: Work, slots: Sequence[Slot], **changes: object) -> Case:
    """Return the case once hours have been offered: one of them is waited for, and the others are not offered again."""
    shown = tuple(dict.fromkeys((*work.case.shown, *(slot.id for slot in slots))))[-SHOWN:]
    return work.case.with_(waiting_for="slot", offered=tuple(slots), chosen=None, shown=shown, **changes)


def hour_buttons(work: Work, slots: Sequence[Slot]) -> list[Button]:
    """Return a button for each hour."""
    return [Button(label=_short(work, slot), value=f"slot:{n}") for n, slot in enumerate(slots, 1)]


def slot_lines(work: Work, slots: Sequence[Slot]) -> str:
    """Write the hours as numbered lines."""
    return "\n".join(_slot_line(work, number, slot) for number, slot in enumerate(slots, 1))


def yes_no_buttons(work: Work) -> list[Button]:
    """Return the two answers to a question of yes or no."""
    return [Button(label=work.label(f"button.{value}"), value=value) for value in ("yes", "no")]


def offer(work: Work, matter: Matter, session: Session, choice: SlotChoice) -> Rendered:
    """Word what is free, naming the session it is for: a choice from it then says all of what is moved."""
    values: dict[str, str | Rendered] = {
        "student": moving.student_name(work),
        "old": moment_words(session.start, work.desk.rules.zone, work.language),
        "lines": slot_lines(work, choice.offers),
    }
    if work.verdict.rules[0].id == SCHOOL_MOVES:
        return work.render("school_moves_session", **values)
    asked = matter.time_asked or any(hit.id == "CASE.changed" for hit in work.verdict.rules)
    if work.verdict.rules[0].id == "R3.time" and not asked:
        return work.render("reschedule_exception_ask", why=moving.reason(work), **values)
    if choice.state in OFFERS:
        return work.render(OFFERS[choice.state], **values)
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
    now, then = moment_words(session.start, zone, language), moment_words(choice.slot.start, zone, language)
    if choice.state == "back":
        past = work.verdict.rules[0].id == "R3.time"
        back = {"student": moving.student_name(work), "old": then, "new": now}
        rendered = (
            work.render("reschedule_back_exception", why=moving.reason(work), **back)
            if past
            else work.render("reschedule_back", **back)
        )
    else:
        rendered = work.render(
            "reschedule_confirm",
            # Their own session needs no name; a child's does.
            child=name if (name := moving.student_name(work)) != work.label("word.you") else "",
            old=now,
            new=then,
            coach=choice.slot.coach,
        )
    case = work.case.with_(
        session_id=session.id,
        waiting_for="confirm",
        chosen=choice.slot,
        offered=choice.offers,
        wish=choice.wish or work.case.wish,
    )
    return case, work.say(rendered, "ask", account=True, buttons=yes_no_buttons(work))


def _slot_line(work: Work, number: int, slot: Slot) -> str:
    """Write one offered slot as a numbered line."""
    zone = work.desk.rules.zone
    return work.render(
        "slot_line",
        number=str(number),
        day_date=date_words(slot.start, zone, work.language),
        time=time_words(slot.start, zone, work.language),
        coach=slot.coach,
    ).text


def _short(work: Work, slot: Slot) -> str:
    """Write a slot on a button: at most 20 characters."""
    zone = work.desk.rules.zone
    clock = time_words(slot.start, zone, work.language).rsplit(" ", 1)[0]
    day, _, date = short_date_words(slot.start, zone, work.language).partition(", ")
    return f"{day[:3]} {date}, {clock}"[:BUTTON_CHARS]
