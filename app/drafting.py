"""Drafting: no model at all, or the words a model is asked with."""

from app.briefing import Briefing
from ports.models import Ask, Model
from ports.sources import DraftRequest
from prompts.asking import draft_words
from prompts.pack import ROLES


class NoDrafter:
    """Implements ports.sources.Drafter for `model: none`: templates say everything."""

    async def draft(self, request: DraftRequest) -> None:
        """Return no draft."""


class ModelDrafter:
    """Implements ports.sources.Drafter over a model."""

    def __init__(self, model: Model, briefing: Briefing) -> None:
        self._model = model
        self._briefing = briefing

    async def draft(self, request: DraftRequest) -> str | None:
        """Return a draft, or None when there is none."""
        return await self._model.text(prompt_for(request, self._briefing))


def prompt_for(request: DraftRequest, briefing: Briefing) -> Ask:
    """Word a draft request: B's prompt for the task, then this one case's words as data."""
    return Ask(
        task=request.task,
        role=ROLES[request.role],
        prompt=(
            ("system", briefing.system(request.role, request.task, request.language)),
            ("user", draft_words(request)),
        ),
        case_id=request.case_id,
        contact_id=request.contact_id,
    )
