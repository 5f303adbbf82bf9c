"""A second look by a strong model: none at all, or the words it is asked with."""

from app.briefing import Briefing
from casefile.base import Role
from casefile.opinion import QaOpinion, ReviewOpinion
from ports.advice import CaseInWords, QaRequest, ReviewRequest
from ports.models import Ask, Model
from prompts.asking import qa_words, review_words
from prompts.pack import ROLES


class NoAdviser:
    """Implements ports.advice.Adviser without a model: the rules stand alone."""

    async def checked(self, request: QaRequest) -> None:
        """Return no opinion."""

    async def reviewed(self, request: ReviewRequest) -> None:
        """Return no opinion."""


class ModelAdviser:
    """Implements ports.advice.Adviser over a model."""

    def __init__(self, model: Model, briefing: Briefing) -> None:
        self._model = model
        self._briefing = briefing

    async def checked(self, request: QaRequest) -> QaOpinion | None:
        """Return what A's model makes of a reply, or None."""
        return await self._model.structured(self._ask("A", "qa", request.case, qa_words(request)), QaOpinion)

    async def reviewed(self, request: ReviewRequest) -> ReviewOpinion | None:
        """Return what D's model adds to a review, or None."""
        ask = self._ask("D", "review", request.case, review_words(request))
        return await self._model.structured(ask, ReviewOpinion)

    def _ask(self, role: Role, task: str, case: CaseInWords, words: str) -> Ask:
        system = self._briefing.system(role, task, case.language)
        return Ask(
            task=task,
            role=ROLES[role],
            prompt=(("system", system), ("user", words)),
            case_id=case.case_id,
            contact_id=case.contact_id,
        )
