"""B's questions: one short one at a time, with the choices as buttons where there are any."""

from agents import booking, enrolling, lead_turns, moving, offering, shop_turns
from agents.acknowledge import pair_words
from agents.calling import called
from agents.memory import quiet_timer
from agents.work import BUTTON_CHARS, BUTTONS, Proposal, Work
from casefile.case import Case
from casefile.effects import Button, SendMessage
from casefile.records import Student
from policies.absence import sick
from policies.enrolments import not_yet
from policies.intents import spec
from policies.lost import times_lost


def ask(work: Work) -> Proposal:
    """Ask for what the verdict says is missing."""
    matter = work.matter
    own = shop_turns.asked(work) or booking.asked(work) or enrolling.asked(work)
    own = lead_turns.with_note(work, own)
    if own is not None:
        return waiting(work, *own)
    match work.verdict.missing:
        case "slot" | "session_day" if matter.astray:
            case, message = offering.ask_for_session(work, matter)
        case "slot" if matter.choice is not None and matter.choice.state == "back":
            case, message = offering.confirm_time(work, matter)
        case "slot":
            case, message = offering.ask_for_time(work, matter)
            message = _with_care(work, message)
        case "confirm":
            case, message = offering.confirm_time(work, matter)
        case "child":
            case, message = work.case.with_(waiting_for="child"), which_child(work)
        case "withdrawal":
            case, message = (
                work.case.with_(waiting_for=None),
                work.say(work.render("nothing_to_withdraw"), "ask"),
            )
        case "enrolment":
            case, message = _enrolment(work)
        case "lead":
            case, message = lead_turns.ask(work)
        case "session":
            student = moving.student_name(work)
            message = work.say(work.render("reschedule_no_session", student=student), "ask", account=True)
            case = work.case.with_(waiting_for=None)
        case _:
            case, message = what_is_meant(work)
    return waiting(work, case, message)


def verify(work: Work) -> Proposal:
    """Ask for invoice number and email, or say how the attempt went."""
    rendered = pair_words(work, "verification_hint" if times_lost(work.case) else "verification_request")
    return waiting(work, work.case.with_(waiting_for="identity"), work.say(rendered, "ask"))


def waiting(work: Work, case: Case, message: SendMessage) -> Proposal:
    """Leave the case with the customer."""
    asked = case.with_(clarifications=case.clarifications + 1, owner="B", due_at=None)
    moved = asked.move("awaiting_customer", "B", work.now)
    return Proposal("B", moved, (message, quiet_timer(work)))


def _with_care(work: Work, message: SendMessage) -> SendMessage:
    """Wish somebody who is ill well before asking for another time."""
    reading = work.facts.reading
    if reading is None or not sick(reading.normalized):
        return message
    return message.model_copy(update={"text": f"{work.label('care.sick')}\n\n{message.text}"})


def _enrolment(work: Work) -> tuple[Case, SendMessage]:
    """Ask whoever only tells that they have not enrolled whether they would like to."""
    if not_yet(work.facts.reading.normalized if work.facts.reading else ""):
        case = work.case.with_(waiting_for="offer", meanings=(work.verdict.intent,))
        return case, work.say(work.render("enrol_offer"), "ask")
    return work.case.with_(waiting_for=None), work.say(work.render("anything_else"), "ask")


def which_child(work: Work) -> SendMessage:
    """Ask which of a parent's children is meant."""
    students = work.facts.students
    names = [called(work, s) for s in students]
    listed = f"{', '.join(names[:-1])} {work.label('word.or')} {names[-1]}"
    buttons = [child_button(work, s) for s in students] if len(students) <= BUTTONS else []
    return work.say(work.render("which_child", names=listed), "ask", account=True, buttons=buttons)


def child_button(work: Work, student: Student) -> Button:
    """Return the button that names one child."""
    name = called(work, student)
    return Button(label=f"{name[0].upper()}{name[1:]}"[:BUTTON_CHARS], value=f"child:{student.id}")


def what_is_meant(work: Work) -> tuple[Case, SendMessage]:
    """Ask what is meant, offering the likeliest meanings."""
    labels = meanings(work)
    case = work.case.with_(waiting_for="meaning", meanings=tuple(intent for intent, _ in labels))
    if len(labels) < 2:
        return case, work.say(work.render("clarify_open"), "ask")
    lines = [
        work.render("choice_line", number=str(number), choice=text).text
        for number, (_, text) in enumerate(labels, 1)
    ]
    buttons = [Button(label=text[:BUTTON_CHARS], value=f"intent:{intent}") for intent, text in labels]
    rendered = work.render("clarify_meaning", choices="\n".join(lines))
    return case, work.say(rendered, "ask", buttons=buttons)


def meanings(work: Work) -> list[tuple[str, str]]:
    """Return the likeliest meanings with their names; what is grave is never put into a customer's mouth."""
    guesses = work.facts.reading.guesses if work.facts.reading else ()
    named = [(g.intent, choice_name(work, g.intent)) for g in guesses if spec(g.intent).kind != "sensitive"]
    labels = [(intent, name) for intent, name in named if name is not None][:BUTTONS]
    if "unsure" in work.verdict.signals:
        person = [("human_request", work.label("choice.human_request"))]
        labels = [label for label in labels if label != person[0]][: BUTTONS - 1] + person
    return labels


def choice_name(work: Work, intent: str) -> str | None:
    """Name a meaning for the customer: a page's title, or the label of an intent; None when it has neither."""
    if intent in work.facts.titles:
        return work.facts.titles[intent]
    key = f"choice.{intent}"
    return work.label(key) if (key, work.language) in work.desk.templates.labels else None
