"""B's answers about a customer's own data, each worded from the snapshot and nothing else."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

from agents import asked_days, booking, shop_changes
from agents.calling import called
from agents.work import Work
from casefile.money import rupiah
from casefile.records import Invoice, Session, StudentSnapshot
from policies.charging import bill_meant, open_link
from policies.payments import may_say_paid, still_to_pay
from policies.shop_intents import OWN_ORDERS
from policies.sla import window_words
from policies.words import date_words, moment_words, time_words
from prompts.render import Rendered

MAX_LINES = 6
# Nobody is late for a lesson further ahead than this.
LATE_FOR = timedelta(hours=12)


def account_answer(work: Work) -> Rendered:
    """Answer an R1 question; the verdict has already said that the snapshot may be used."""
    intent = work.verdict.intent
    if intent in OWN_ORDERS:
        return shop_changes.status(work)
    if intent == "payment_status":
        return payment_status(work)
    if intent == "invoice_resend":
        return invoice(work)
    student = student_of(work)
    if student is None:
        return work.render("no_next_session", student=called(work, None))
    return BY_STUDENT[intent](work, student)


def student_of(work: Work) -> StudentSnapshot | None:
    """Return the snapshot of the student the case is about, or of the only one."""
    students = work.facts.snapshot.students if work.facts.snapshot else ()
    chosen = work.facts.student
    if chosen is not None:
        return next((s for s in students if s.student_id == chosen.id), None)
    return students[0] if len(students) == 1 else None


def next_session(work: Work, student: StudentSnapshot) -> Rendered:
    """Say when the next lesson is."""
    ahead = sessions_ahead(work, student)
    if not ahead:
        return work.render("no_next_session", student=called(work, student))
    asked = asked_days.lessons_on(work, ahead)
    if asked is not None and (not asked[1] or asked[1] != ahead[:1]):
        return _on_days(work, student, asked, ahead[0])
    if ahead[0].service:
        return work.render("booking_next", student=called(work, student), old=booking.line(work, ahead[0]))
    return work.render("next_session", student=called(work, student), **moment(work, ahead[0]))


def _on_days(
    work: Work, student: StudentSnapshot, asked: tuple[str, list[Session]], following: Session
) -> Rendered:
    """Say which lessons there are on the days that were asked about; if none, which is the next."""
    day, found = asked
    if not found:
        return work.render("no_session_on", day=day, student=called(work, student), **moment(work, following))
    lines = "\n".join(_line(work, s) for s in found[:MAX_LINES])
    return work.render("schedule", student=called(work, student), lines=lines)


def own_coach(work: Work, student: StudentSnapshot) -> Rendered:
    """Say who teaches the next lesson."""
    ahead = sessions_ahead(work, student)
    if not ahead:
        return work.render("no_next_session", student=called(work, student))
    return work.render("own_coach", student=called(work, student), coach=ahead[0].coach)


def running_late(work: Work, student: StudentSnapshot) -> Rendered:
    """Promise to tell the coach, and say when the lesson ends all the same; else when the next one is."""
    awaited = [s for s in student.sessions if s.status == "scheduled" and s.end > work.now]
    first = min(awaited, key=lambda s: s.start, default=None)
    if first is None or first.start - work.now > LATE_FOR:
        return next_session(work, student)
    zone = work.desk.rules.zone
    return work.render(
        "late_noted",
        coach=first.coach,
        day_date=date_words(first.start, zone, work.language),
        time=time_words(first.end, zone, work.language),
    )


def schedule(work: Work, student: StudentSnapshot) -> Rendered:
    """List the lessons ahead."""
    ahead = sessions_ahead(work, student)
    if not ahead:
        return work.render("no_next_session", student=called(work, student))
    asked = asked_days.lessons_on(work, ahead)
    if asked is not None:
        return _on_days(work, student, asked, ahead[0])
    lines = "\n".join(_line(work, s) for s in ahead[:MAX_LINES])
    return work.render("schedule", student=called(work, student), lines=lines)


def quota_left(work: Work, student: StudentSnapshot) -> Rendered:
    """Say how many free changes are left this month."""
    limit = work.desk.rules.limits.free_reschedules
    left = max(0, limit - student.reschedules_this_month)
    if left == 0:
        return work.render("quota_none_left", student=called(work, student), limit=str(limit))
    return work.render("quota_left", student=called(work, student), limit=str(limit), left=str(left))


def sessions_left(work: Work, student: StudentSnapshot) -> Rendered:
    """Say how many lessons of the package are left, and until when."""
    package = student.package
    if package is None:
        return work.render("package_none", student=called(work, student))
    midnight = datetime.combine(package.expires, time(), work.desk.rules.zone)
    expires = date_words(midnight, work.desk.rules.zone, work.language)
    return work.render(
        "sessions_left",
        student=called(work, student),
        left=str(package.sessions_left),
        expires=expires,
    )


def payment_status(work: Work) -> Rendered:
    """Say the truth about one invoice; "paid" only for a confirmed payment with a verified source."""
    found = bill_meant(work.facts)
    if found is None:
        return work.render("no_invoice")
    amount = rupiah(found.amount, work.language)
    state = found.payment.state
    if may_say_paid(found.payment):
        paid_on = date_words(found.payment.at or work.now, work.desk.rules.zone, work.language)
        return work.render("payment_status_confirmed", invoice=found.number, amount=amount, paid_on=paid_on)
    claim = work.facts.claim
    if claim is not None:
        window = window_words(work.desk.rules.hours, work.now, claim.due_at or work.due(), work.language)
        return work.render(
            "payment_proof_checked" if claim.shown else "payment_claim_checked", time_window=window
        )
    if state in ("PENDING", "CONFIRMED"):
        # CONFIRMED without a source that counts is not yet the truth, so it reads as pending.
        due = due_words(work, found)
        values: dict[str, str | Rendered] = {"invoice": found.number, "amount": amount, "due": due}
        template = (
            "payment_status_overdue" if found.due < asked_days.today(work) else "payment_status_pending"
        )
        return work.render(template, **values, how_to_pay=how_to_pay(work, found))
    if state == "FAILED":
        how = how_to_pay(work, found)
        return work.render("payment_status_failed", invoice=found.number, amount=amount, how_to_pay=how)
    return work.render(f"payment_status_{state.lower()}", invoice=found.number, amount=amount)


def how_to_pay(work: Work, found: Invoice) -> Rendered | str:
    """Say where a bill is paid while it can still be paid: online where it can, else by the desk's own settings."""
    link = open_link(found, work.now)
    if link is not None:
        until = moment_words(link.expires_at, work.desk.rules.zone, work.language)
        return work.render("how_to_pay_online", url=link.url, until=until)
    pay_to = work.desk.rules.pay_to
    if pay_to is None or not still_to_pay(found):
        return ""
    return work.render("how_to_pay", **pay_to.values())


def invoice(work: Work) -> Rendered:
    """Send an invoice again as text."""
    found = bill_meant(work.facts)
    if found is None:
        return work.render("no_invoice")
    state = "CONFIRMED" if may_say_paid(found.payment) else found.payment.state
    if state == "CONFIRMED" and not may_say_paid(found.payment):
        state = "PENDING"
    return work.render(
        "invoice",
        invoice=found.number,
        description=found.description,
        amount=rupiah(found.amount, work.language),
        due=due_words(work, found),
        status_words=work.desk.templates.label(f"payment.{state}", work.language),
        how_to_pay=how_to_pay(work, found),
    )


def sessions_ahead(work: Work, student: StudentSnapshot) -> list[Session]:
    """Return the scheduled lessons still ahead, soonest first."""
    ahead = [
        s for s in student.sessions if s.status == "scheduled" and not s.must_move and s.start > work.now
    ]
    return sorted(ahead, key=lambda s: s.start)


def _line(work: Work, session: Session) -> str:
    """Write a lesson, or a booking with what it is for, as a line of a list."""
    if session.service:
        return f"• {booking.line(work, session)}"
    return work.render("session_line", **moment(work, session)).text


def moment(work: Work, session: Session) -> dict[str, str]:
    """Return a lesson's day, time and coach as template values."""
    zone = work.desk.rules.zone
    return {
        "day_date": date_words(session.start, zone, work.language),
        "time": time_words(session.start, zone, work.language),
        "coach": session.coach,
    }


def due_words(work: Work, found: Invoice) -> str:
    """Write an invoice's due date."""
    noon = datetime.combine(found.due, time(12), work.desk.rules.zone).astimezone(UTC)
    return date_words(noon, work.desk.rules.zone, work.language)


BY_STUDENT: dict[str, Callable[[Work, StudentSnapshot], Rendered]] = {
    "next_session": next_session,
    "schedule_list": schedule,
    "quota_left": quota_left,
    "sessions_left": sessions_left,
    "package_expiry": sessions_left,
    "own_coach": own_coach,
    "running_late": running_late,
}
