"""A second look by a strong model: what it is given of one case, and who gives it."""

from typing import Protocol

from casefile.base import Frozen, Language
from casefile.opinion import QaOpinion, ReviewOpinion
from casefile.packets import DReview
from casefile.verdict import Tier


class CaseInWords(Frozen):
    """One case as a model is told of it: what is asked, which policy applies, what was checked and what it showed."""

    case_id: str
    contact_id: str
    language: Language
    tier: Tier
    request: str
    policy: str
    checked: tuple[str, ...]


class QaRequest(Frozen):
    """A reply that is about to leave, with the template's words where a model phrased it, and C's task beside it."""

    case: CaseInWords
    reply: str
    plain: str
    operation: str


class ReviewRequest(Frozen):
    """A case before a person decides, with the review made by rule."""

    case: CaseInWords
    review: DReview


class Adviser(Protocol):
    """A model that looks a second time; it may raise a doubt, and nothing it says releases anything."""

    async def checked(self, request: QaRequest) -> QaOpinion | None:
        """Return what it makes of a reply, None where no model has the task."""
        ...

    async def reviewed(self, request: ReviewRequest) -> ReviewOpinion | None:
        """Return what it adds to a review, None where no model has the task."""
        ...
