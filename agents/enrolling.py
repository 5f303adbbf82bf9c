"""B's questions on the way to a trial, an enrolment or a renewal, and the task for C."""

from agents.offering import after_offer, hour_buttons, slot_lines, yes_no_buttons
from agents.shop_words import how_to_pay, money
from agents.work import Work
from casefile.case import Case
from casefile.effects import Button, SendMessage
from casefile.enrolments import PackageOffer
from casefile.packets import CTask
from policies.enrol_matter import EnrolMatter, task_params
from policies.intents import spec
from policies.words import moment_words
from prompts.render import Rendered


def asked(work: Work) -> tuple[Case, SendMessage] | None:
    """Ask what is still open of who is to be signed up; None for anything else that is asked."""
    made = work.matter.enrol
    if made is None or work.verdict.missing not in {"who", "package", "enrol_slot", "enrol_confirm"}:
        return None
    match work.verdict.missing:
        case "who":
            case = work.case.with_(waiting_for="who", signup=made.signup, wish=_wish(work, made))
            return case, work.say(_who(work, made), "ask")
        case "package":
            lines = "\n".join(_package_line(work, n, o) for n, o in enumerate(made.fitting, 1))
            case = work.case.with_(waiting_for="package", signup=made.signup)
            rendered = work.render("enrol_packages", student=called(work, made), lines=lines)
            return case, work.say(rendered, "ask")
        case "enrol_slot":
            return _hours(work, made)
        case _:
            return _confirm(work, made)


def task(work: Work, key: str, approval_id: str | None = None) -> CTask:
    """Write the task that records what was agreed to; the same agreement always gives the same task."""
    made, action = work.matter.enrol, spec(work.verdict.intent).action
    if made is None or made.price is None or action is None:
        raise AssertionError("only what was agreed to is recorded")
    return CTask(
        case_id=work.case.id,
        action=action,
        subject=work.facts.identity.contact_id or work.case.contact_id,
        params=task_params(made),
        constraints={"total": made.price.total},
        verification_status="OK",
        idempotency_key=key,
        approval_id=approval_id,
    )


def released(work: Work, approval_id: str) -> tuple[CTask, str] | None:
    """Return what a person's yes lets go of somebody's enrolment, and its words; None where it lets nothing go."""
    made = work.matter.enrol
    reviewed = work.verdict.approval_kind == "ORDER_REVIEW"
    if made is None or not reviewed or not made.settled or made.offer is None or made.price is None:
        return None
    text = work.render(
        "enrol_review_approved",
        package=made.offer.called(work.language),
        student=called(work, made),
        total=money(work, made.price.total),
        how_to_pay=how_to_pay(work),
    ).text
    return task(work, work.key("approved"), approval_id), text


def let_go(case: Case) -> Case:
    """Return a case whose sign-up is over: recorded, or taken back by the customer."""
    return (
        case if case.signup is None else case.with_(signup=None, chosen=None, offered=(), shown=(), wish=None)
    )


def called(work: Work, made: EnrolMatter) -> str:
    """Return how who is signed up is called: as "you" where it is the writer, else by the first name."""
    return work.label("word.you") if made.signup.own else made.signup.name.split()[0]


def _who(work: Work, made: EnrolMatter) -> Rendered:
    signup = made.signup
    if made.kind == "trial" and not signup.name and signup.age is None and _wish(work, made) is None:
        return work.render("trial_info")
    part = (
        "enrol.who"
        if not signup.name and signup.age is None
        else "enrol.age"
        if signup.name
        else "enrol.name"
    )
    return work.render("enrol_who", missing=work.label(part))


def _wish(work: Work, made: EnrolMatter) -> object:
    """Keep the hour that was wished for before it was known for whom."""
    return (made.choice.wish if made.choice else None) or work.case.wish


def _hours(work: Work, made: EnrolMatter) -> tuple[Case, SendMessage]:
    choice, offer, costs = made.choice, made.offer, made.price
    if choice is None or offer is None or costs is None:
        raise AssertionError("hours are offered only for a trial that is priced")
    missed = choice.state in {"no_slot", "taken"} or work.result() is not None
    rendered = work.render(
        "trial_no_slot" if missed else "trial_offer",
        student=called(work, made),
        minutes=str(offer.minutes),
        price=_sum(work, costs.total),
        lines=slot_lines(work, choice.offers),
    )
    signup = made.signup.with_(shown=costs.total)
    case = after_offer(work, choice.offers, signup=signup, wish=_wish(work, made))
    return case, work.say(rendered, "ask", buttons=hour_buttons(work, choice.offers))


def _confirm(work: Work, made: EnrolMatter) -> tuple[Case, SendMessage]:
    offer, costs = made.offer, made.price
    if offer is None or costs is None:
        raise AssertionError("only what is priced is confirmed")
    case = work.case.with_(waiting_for="confirm", signup=made.signup.with_(shown=costs.total))
    if made.slot is not None and made.choice is not None:
        new = moment_words(made.slot.start, work.desk.rules.zone, work.language)
        rendered = work.render(
            "trial_confirm",
            student=called(work, made),
            new=new,
            coach=made.slot.coach,
            minutes=str(offer.minutes),
            price=_sum(work, costs.total),
        )
        case = case.with_(chosen=made.slot, offered=made.choice.offers, wish=_wish(work, made))
        return case, work.say(rendered, "ask", buttons=_buttons(work, "button.yes", "button.other_hour"))
    rendered = work.render(
        "renewal_confirm" if made.kind == "renew" else "enrol_confirm",
        student=called(work, made),
        lines="\n".join(_price_lines(work, made, offer)),
        total=money(work, costs.total),
    )
    return case, work.say(rendered, "ask", buttons=_buttons(work, "button.bill", "button.other_package"))


def _buttons(work: Work, yes: str, no: str) -> list[Button]:
    labels = (work.label(yes), work.label(no))
    return [
        button.model_copy(update={"label": label})
        for button, label in zip(yes_no_buttons(work), labels, strict=True)
    ]


def _price_lines(work: Work, made: EnrolMatter, offer: PackageOffer) -> list[str]:
    costs = made.price
    if costs is None:
        return []
    parts = [(offer.called(work.language), money(work, costs.package))]
    parts += (
        [(work.label("price.registration"), money(work, costs.registration))] if costs.registration else []
    )
    off = (("price.sibling", costs.sibling), ("price.trial", costs.trial))
    parts += [(work.label(name), f"-{money(work, amount)}") for name, amount in off if amount]
    return [work.render("price_line", what=what, amount=amount).text for what, amount in parts]


def _package_line(work: Work, number: int, offer: PackageOffer) -> str:
    package, price = offer.called(work.language), _sum(work, offer.price)
    return work.render("package_line", number=str(number), package=package, price=price).text


def _sum(work: Work, amount: int) -> str:
    return money(work, amount) if amount else work.label("price.free")
