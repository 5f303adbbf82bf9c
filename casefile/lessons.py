"""What people's corrections teach: a lesson, the change of words it proposes, and what was decided about it."""

from typing import Literal

from pydantic import AwareDatetime

from casefile.base import Frozen, Language
from casefile.packets import TemplateUpdate
from casefile.verdict import Tier

LessonKind = Literal["edit", "deny", "reply", "hold"]


class PageUpdate(Frozen):
    """A proposed change of a knowledge page; `changes` and `final_text` are those of TemplateUpdate.

    Where `final_text` is empty somebody has to write it.
    """

    page_id: str
    changes: tuple[str, ...]
    final_text: str


class Lesson(Frozen):
    """One correction: in which turn, by whom (`QA` for a hold), and why, in their words or by rule.

    `kind` is edit (words put in place of ours), deny (a no with its reason), reply (an answer by hand) or hold
    (words that pre-send QA kept back).
    """

    id: str
    kind: LessonKind
    case_id: str
    turn: int
    at: AwareDatetime
    language: Language
    tier: Tier
    intent: str
    by: str
    why: str = ""
    update: TemplateUpdate | PageUpdate | None = None


class LessonDecision(Frozen):
    """Who took a lesson up or threw it away."""

    lesson_id: str
    decision: Literal["accepted", "rejected"]
    by: str
    at: AwareDatetime
    why: str = ""
