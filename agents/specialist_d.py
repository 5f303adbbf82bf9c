"""D, reviewer of edge cases: risk, what B may offer, what not to say, notes for the coach. Owns nothing."""

from dataclasses import dataclass, replace

from agents.approval_request import recommended
from agents.second_look import in_words, spent
from agents.work import Proposal, Work
from casefile.packets import DReview, KbExcerpt
from policies.intents import POLICY_TOPICS
from policies.releasing import proved, wanted
from policies.second_look import joined
from ports.advice import Adviser, ReviewRequest
from ports.sources import Knowledge

NEVER_SAY = {
    "id": ("pasti bisa", "kami jamin", "refund sudah diproses"),
    "en": ("definitely", "we guarantee", "your refund is on its way"),
}
OPTIONS = {
    "REFUND": ("credit", "pause"),
    "RESCHEDULE_EXCEPTION": ("next_month", "other_slot"),
    "PRIVACY": ("verify_again",),
    "OTHER_EXCEPTION": ("call_back",),
    "ORDER_REVIEW": (),
}


@dataclass(frozen=True, slots=True)
class SpecialistSources:
    """What D may reach: published knowledge, and a model that reviews beside it, if the desk has one."""

    knowledge: Knowledge
    adviser: Adviser


async def propose(work: Work, sources: SpecialistSources) -> Proposal:
    """Review the case before a person is asked."""
    page = await policy_page(work, sources.knowledge)
    verdict = work.verdict
    failing = [p for p in work.matter.proofs if p.value != "true"]
    lane = work.desk.lanes.language
    notes = [p.words_id if lane == "id" else p.words_en for p in failing]
    review = DReview(
        case_id=work.case.id,
        risk="HIGH" if verdict.urgent else "MED" if verdict.tier == "R3" else "LOW",
        tier_recommendation="R3" if verdict.tier == "R3" else "R2",
        recommended_outcome=_recommended(work),
        allowed_options=OPTIONS[verdict.approval_kind or "OTHER_EXCEPTION"],
        must_not_say=NEVER_SAY[work.language],
        notes_for_coach="; ".join(notes),
    )
    facts = work.facts.model_copy(update={"excerpt": page}) if page else None
    review = await _seconded(replace(work, facts=facts or work.facts), review, sources.adviser)
    return Proposal("D", work.case, facts=facts, review=review)


async def _seconded(work: Work, review: DReview, adviser: Adviser) -> DReview:
    """Let a strong model add to the review."""
    if spent(work):
        return review
    case = in_words(work)
    opinion = await adviser.reviewed(ReviewRequest(case=case, review=review))
    known = (case.request, case.policy, *case.checked, review.recommended_outcome)
    return joined(review, opinion, known, work.desk.lanes.language, work.desk.rules.limits)


def _recommended(work: Work) -> str:
    action = wanted(work.verdict, work.case, work.facts)
    unproved = action is not None and not proved(action, work.facts.identity)
    return recommended(work, action, unproved)


async def policy_page(work: Work, knowledge: Knowledge) -> KbExcerpt | None:
    """Return the published page that states the policy this request is about."""
    topics = [POLICY_TOPICS[s] for s in work.verdict.signals if s in POLICY_TOPICS]
    if not topics:
        return None
    return await knowledge.excerpt(topics[0], work.desk.lanes.language, work.now)
