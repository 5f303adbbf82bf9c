"""What a model is given of one case, after its prompt: each piece between tags of its own, all of it data."""

from collections.abc import Iterable

from ports.advice import CaseInWords, QaRequest, ReviewRequest
from ports.sources import DraftRequest

# What somebody wrote can close no tag and open none.
DISARMED = str.maketrans("<>", "‹›")


def draft_words(request: DraftRequest) -> str:
    """Word what is to be phrased: what the customer wrote, the text that is right, and what must stay as it is."""
    return tagged(
        ("customer_message", request.customer_message),
        *(("page", excerpt) for excerpt in request.excerpts),
        ("copy_exactly", "\n".join(request.facts)),
        ("held_reply", request.earlier),
        ("found_in_it", "\n".join(request.found)),
        ("safe_text", request.safe_text),
    )


def qa_words(request: QaRequest) -> str:
    """Word a reply that is to be looked at, and what it rests on."""
    return tagged(
        *_case(request.case),
        ("operation", request.operation),
        ("safe_text", request.plain or request.reply),
        ("reply", request.reply),
    )


def review_words(request: ReviewRequest) -> str:
    """Word a case that a person will decide, and the review made by rule."""
    return tagged(*_case(request.case), ("review", request.review.model_dump_json(exclude={"case_id"})))


def _case(case: CaseInWords) -> tuple[tuple[str, str], ...]:
    return (
        ("customer_message", case.request),
        ("tier", case.tier),
        ("policy", case.policy),
        ("checked", "\n".join(case.checked)),
    )


def tagged(*pieces: tuple[str, str]) -> str:
    """Put pieces between tags; an empty one is left out."""
    return "\n".join(_tagged(pieces))


def _tagged(pieces: Iterable[tuple[str, str]]) -> Iterable[str]:
    for tag, words in pieces:
        if words:
            yield f"<{tag}>\n{words.translate(DISARMED)}\n</{tag}>"
