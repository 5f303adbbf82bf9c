"""B's words on what has come of an enrolment: recorded, paid, or kept no longer."""

from datetime import UTC, datetime, time

from agents.shop_words import how_to_pay, money
from agents.work import Work
from casefile.enrolments import Enrolment
from casefile.packets import CResult
from policies.words import date_words, moment_words, time_words
from prompts.render import Rendered


def reported(work: Work, result: CResult) -> Rendered | None:
    """Word what C has recorded; None where it is no enrolment of this kind."""
    made = work.facts.enrolling.done if work.facts.enrolling else None
    if made is None:
        return None
    if result.due_from is not None:
        return work.render("first_lessons", time_window=work.window())
    if made.invoice is None:
        return work.render("trial_booked", student=_named(work, made), **_hour(work, made))
    values = {"invoice": made.invoice, "amount": money(work, made.total), "student": _named(work, made)}
    if made.slot is None:
        package = made.offer.called(work.language)
        return work.render(
            "enrol_billed", **values, package=package, due=_due(work, made), how_to_pay=how_to_pay(work)
        )
    zone = work.desk.rules.zone
    return work.render(
        "trial_held",
        **values,
        new=moment_words(made.slot.start, zone, work.language),
        coach=made.slot.coach,
        until=moment_words(made.hold_until or made.slot.start, zone, work.language),
        how_to_pay=how_to_pay(work),
    )


def paid(work: Work, values: dict[str, str]) -> Rendered | None:
    """Word what a paid bill has brought; `values` are those of the payment. None where it is for something else."""
    made = work.facts.enrolling.done if work.facts.enrolling else None
    if made is None or made.state != "paid":
        return None
    student = _named(work, made)
    if made.slot is not None:
        return work.render("trial_paid", **values, student=student, **_hour(work, made))
    if made.kind == "renew" and made.standing is not None:
        noon = datetime.combine(made.standing.expires, time(12), work.desk.rules.zone).astimezone(UTC)
        expires = date_words(noon, work.desk.rules.zone, work.language)
        left = str(made.standing.sessions_left)
        return work.render("renewal_paid", **values, student=student, left=left, expires=expires)
    package = made.offer.called(work.language)
    return work.render("enrol_paid", **values, student=student, package=package)


def lapsed(work: Work) -> Rendered:
    """Say that the hour of a trial was kept no longer."""
    made = work.facts.enrolling.done if work.facts.enrolling else None
    if made is None or made.slot is None:
        raise AssertionError("only the bill of a trial lapses")
    new = moment_words(made.slot.start, work.desk.rules.zone, work.language)
    return work.render("trial_lapsed", student=_named(work, made), new=new)


def _named(work: Work, made: Enrolment) -> str:
    return work.label("word.you") if made.own else made.name.split()[0]


def _hour(work: Work, made: Enrolment) -> dict[str, str]:
    if made.slot is None:
        raise AssertionError("only a trial has an hour")
    zone = work.desk.rules.zone
    return {
        "day_date": date_words(made.slot.start, zone, work.language),
        "time": time_words(made.slot.start, zone, work.language),
        "coach": made.slot.coach,
    }


def _due(work: Work, made: Enrolment) -> str:
    bills = work.facts.payments.invoices if work.facts.payments else ()
    bill = next((b for b in bills if b.number == made.invoice), None)
    if bill is None:
        return ""
    noon = datetime.combine(bill.due, time(12), work.desk.rules.zone).astimezone(UTC)
    return date_words(noon, work.desk.rules.zone, work.language)
