"""What a model's second look may change: it can raise a doubt, and can release, lower or take away nothing."""

from collections.abc import Sequence
from typing import Literal

from casefile.base import Language
from casefile.effects import SendMessage
from casefile.opinion import QaOpinion, ReviewOpinion
from casefile.packets import DReview
from casefile.verdict import TIERS, RuleHit, Tier, Verdict
from policies.limits import Limits
from policies.presend import DELICATE
from policies.promises import check

Doubt = Literal["none", "words", "person"]
# What people read of it stays a remark: a phrase to avoid, a few lines of notes.
MOST_PHRASES, PHRASE_CHARS, NOTE_CHARS = 5, 60, 300
RISKS = ("LOW", "MED", "HIGH")
# A note may warn of anything, but what it states has to stand in the case.
STATES = ("fact", "name", "paid", "status", "commitment", "guarantee", "exception", "internal")


def wants_look(verdict: Verdict, drafted: Sequence[SendMessage], found: Sequence[RuleHit]) -> bool:
    """Say whether A asks a strong model: where a change or a person's matter is at stake, or checks disagree."""
    a_decides = verdict.decision in {"ANSWER", "EXECUTE"} and verdict.a_approval != "none"
    delicate = verdict.tier in DELICATE
    return (a_decides and (delicate or bool(found))) or (delicate and any(m.plain for m in drafted))


def doubt_of(opinion: QaOpinion | None, tier: Tier) -> Doubt:
    """Read an opinion for the only thing it can do: hold the words back, or have a person look."""
    if opinion is None:
        return "none"
    raised = TIERS.index(opinion.tier) > TIERS.index(tier)
    if opinion.decision == "ESCALATE_COACH" or raised:
        return "person"
    return "words" if opinion.decision == "EDIT" else "none"


def reason_of(opinion: QaOpinion) -> str:
    """Return why, as one short line for the staff."""
    return _line(opinion.reason, NOTE_CHARS)


def joined(
    review: DReview, opinion: ReviewOpinion | None, known: Sequence[str], language: Language, limits: Limits
) -> DReview:
    """Add an opinion to a review: a higher risk or tier, phrases to avoid, notes that state only what is `known`."""
    if opinion is None:
        return review
    phrases = (_line(words, PHRASE_CHARS) for words in opinion.must_not_say[:MOST_PHRASES])
    notes = (_line(words, NOTE_CHARS) for words in opinion.notes_for_coach.splitlines())
    sound = [words for words in notes if words and not _stated(words, known, language, limits)][:3]
    return review.model_copy(
        update={
            "risk": max(review.risk, opinion.risk, key=RISKS.index),
            "tier_recommendation": max(
                review.tier_recommendation, opinion.tier_recommendation, key=TIERS.index
            ),
            "must_not_say": tuple(dict.fromkeys((*review.must_not_say, *filter(None, phrases)))),
            "notes_for_coach": "\n".join(filter(None, (review.notes_for_coach, *sound))),
        }
    )


def _stated(words: str, known: Sequence[str], language: Language, limits: Limits) -> bool:
    found = check(words, language, known, (), (), False, None, False, frozenset(), limits)
    return any(finding.rule.startswith(STATES) for finding in found)


def _line(text: str, chars: int) -> str:
    return " ".join(text.split())[:chars]
