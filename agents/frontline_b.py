"""B, the only customer voice: turns a verdict into words. Every text is a template over facts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from agents import (
    asked_days,
    enrolling,
    inviting,
    lead_turns,
    moving,
    offers,
    questions,
    shop_goods,
    shop_turns,
    silence,
    small_talk,
    standing_words,
)
from agents.acknowledge import acknowledged, acknowledgement, asks_back, degraded, meanwhile, received
from agents.answers import account_answer
from agents.billing import of_a_bill, paper
from agents.drafting import mended, phrased
from agents.executing import execute
from agents.memory import evidence, gap, remembered, sla_timer
from agents.report import ahead, moved, report
from agents.standing import relayed, reported, settled
from agents.updates import deadline_passed, told_of_outage, updated
from agents.work import Proposal, Work
from casefile.effects import Citation, SendMessage
from casefile.events import DependencyChanged
from casefile.verdict import Decision, RuleHit
from policies.charging import bill_meant
from policies.identity import is_verified
from policies.intents import spec
from ports.sources import Drafter
from prompts.render import Rendered

RELEASED = "released@1"


@dataclass(frozen=True, slots=True)
class FrontlineSources:
    """What B may reach beside its facts: a model that phrases, if the desk has one."""

    drafter: Drafter


async def propose(work: Work, sources: FrontlineSources) -> Proposal:
    """Answer, ask, acknowledge or report as the verdict says; evidence and memory go along."""
    said = silence.heard(work) or SAYS[work.verdict.decision](work)
    proposal = offers.kept(work, silence.wordless(work, said))
    proposal = await phrased(work, proposal, sources.drafter)
    return proposal.also(*evidence(work), *remembered(work))


async def mend(
    work: Work, held: SendMessage, found: Sequence[RuleHit], sources: FrontlineSources
) -> SendMessage | None:
    """Have a draft that pre-send QA held written once more; None when the template should speak."""
    return await mended(work, held, found, sources.drafter)


def _answer(work: Work) -> Proposal:
    intent = work.verdict.intent
    kind = spec(intent).kind
    if kind == "faq":
        return settled(work, _page(work))
    if kind == "goods":
        return shop_goods.answer(work)
    if kind == "account":
        answer = account_answer(work)
        if any(isinstance(e, DependencyChanged) for e in work.events):
            answer = work.render("recovered", answer=answer)
        said = work.say(answer, "answer", account=True)
        bill = bill_meant(work.facts) if intent == "invoice_resend" else None
        return settled(work, said if bill is None else paper(work, said, bill.number))
    if intent == "case_status":
        return settled(work, work.say(standing_words.news(work), "answer"))
    return settled(work, work.say(small_talk.answer(work), "answer"))


def _page(work: Work) -> SendMessage:
    page = work.facts.excerpt
    if page is None:
        raise AssertionError("the gate answers only from a page that was found")
    cited = Citation(page_id=page.page_id, release=page.release, content_hash=page.content_hash)
    rendered = asked_days.opening(work) or work.render(
        "faq_answer", answer=page.excerpt, next_detail=page.next_detail
    )
    return work.say(rendered, "answer", citations=(cited,))


def _refuse(work: Work) -> Proposal:
    if work.verdict.missing == "identity":
        minutes = str(work.desk.rules.limits.verification_lock_minutes)
        refused = settled(work, work.say(work.render("verification_locked", minutes=minutes), "refuse"))
        # Still asked: the right pair, once the lock is over, goes with what they wanted.
        return replace(refused, case=refused.case.with_(waiting_for="identity"))
    return settled(work, work.say(work.render("injection_refused"), "refuse"))


def _report(work: Work) -> Proposal:
    event, reminder, order, bill = work.result(), work.reminder(), work.order_moved(), of_a_bill(work)
    if bill is not None:
        return settled(work, bill)
    if reminder is not None:
        return settled(work, work.say(ahead(work, reminder), "notify", account=True))
    if order is not None:
        return settled(work, work.say(moved(work, order), "notify", account=True))
    if event is None:
        raise AssertionError("the gate reports only an operation that came back")
    rendered, done = report(work, event.result)
    message = work.say(rendered, "notify", account=True, done=done, citations=lead_turns.cited(work))
    message = message.model_copy(update={"by": work.case.released_by or "B"})
    moved_on = moving.carried_out(enrolling.let_go(work.case), event.result)
    case = shop_turns.carried_out(moved_on, event.result)
    case = case.with_(task=None, release=None, released_by=None, lead=lead_turns.noted(case, event.result))
    return reported(replace(work, case=case), message)


def _acknowledge(work: Work) -> Proposal:
    if work.verdict.rules[0].id == "PILOT.redirect":
        # They are served elsewhere, so there is nothing here that they could wait for.
        return settled(work, work.say(acknowledgement(work), "acknowledge"))
    if asks_back(work):
        return settled(work, work.say(received(work), "acknowledge"))
    case = acknowledged(work)
    now = replace(work, case=case)
    stated = moving.exact(now) is not None
    message = now.say(acknowledgement(now), "acknowledge", account=stated)
    asked = work.verdict.decision == "ESCALATE_COACH"
    clock = (sla_timer(now),) if asked else ()
    return Proposal("B", standing_words.kept(now), (message, *gap(now), *clock))


def _degraded(work: Work) -> Proposal:
    tried_again = any(isinstance(e, DependencyChanged) for e in work.events)
    due = work.case.due_at if tried_again else None
    case = work.case.with_(pending_dependency=work.verdict.dependency, due_at=due or work.due(), owner="B")
    case = case.move("with_person", "B", work.now)
    if tried_again:
        # They have been told that it is being checked, and the clock runs on.
        return Proposal("B", case)
    now = replace(work, case=case)
    return Proposal("B", case, (now.say(degraded(now), "acknowledge"), sla_timer(now)))


def _wait(work: Work) -> Proposal:
    if work.message() is not None:
        return Proposal("B", standing_words.kept(work), (work.say(meanwhile(work), "acknowledge"),))
    return told_of_outage(work) or deadline_passed(work)


def _release(work: Work) -> Proposal:
    """Say exactly what a person approved or wrote; an operation has had its own turn before."""
    if work.case.release is None:
        raise AssertionError("the gate releases only what a person decided")
    rendered = Rendered(text=work.case.release, template=RELEASED)
    # A no says of nothing that it is done, also where it offers something else; only a yes does.
    given = work.approval()
    done = ("approved",) if given is not None and given.decision != "DENY" else ()
    message = work.say(rendered, "release", account=is_verified(work.facts.identity), done=done)
    message = message.model_copy(update={"by": work.case.released_by or "B"})
    case = work.case.with_(release=None, released_by=None, waiting_for=None)
    if case.state == "with_person":
        # The words promise an answer by a person, and the case is theirs until they have given it.
        return Proposal("B", case, (message,))
    return settled(replace(work, case=case), message)


def _relay(work: Work) -> Proposal:
    """Say exactly what a person (from the phone they have said it themselves) or another system answers."""
    if (outside := work.outside_reply()) is not None:
        return settled(work, work.say(Rendered(text=outside.text, template=RELEASED), "release"))
    command = work.command()
    if command is None:
        return relayed(work)
    message = work.say(Rendered(text=command.words, template=RELEASED), "release")
    return relayed(work, message.model_copy(update={"by": command.by}))


def _withdraw(work: Work) -> Proposal:
    if work.verdict.rules[0].id == "CASE.kept":
        return settled(work, work.say(moving.kept(work), "notify", account=True, done=("withdrawn",)))
    work = replace(work, case=enrolling.let_go(shop_turns.let_go(work.case)))
    return settled(work, work.say(work.render("withdrawal_done"), "notify", done=("withdrawn",)))


SAYS: dict[Decision, Callable[[Work], Proposal]] = {
    "ANSWER": _answer,
    "ASK": questions.ask,
    "NEED_VERIFICATION": questions.verify,
    "EXECUTE": execute,
    "ESCALATE_COACH": _acknowledge,
    "HAND_OVER": _acknowledge,
    "DEGRADED_MODE": _degraded,
    "REFUSE": _refuse,
    "REPORT": _report,
    "RELEASE": _release,
    "DECLINE": _release,
    "WAIT": _wait,
    "WITHDRAW": _withdraw,
    "RELAY": _relay,
    "INVITE": inviting.invite,
    "NUDGE": updated,
}
