"""Lessons as data: what was proposed comes back as what it was."""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from casefile.lessons import Lesson, LessonDecision, PageUpdate
from casefile.packets import TemplateUpdate

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
TEMPLATE = TemplateUpdate(template_id="refund_approved", changes=("- a", "+ b"), final_text="b")
PAGE = PageUpdate(page_id="parking", changes=("+ di basement",), final_text="di basement")


@pytest.mark.parametrize("update", [TEMPLATE, PAGE, None])
def test_a_lesson_keeps_whether_it_changes_a_template_or_a_page(
    update: TemplateUpdate | PageUpdate | None,
) -> None:
    lesson = Lesson(
        id="SCH-2026-0001:2:edit",
        kind="edit",
        case_id="SCH-2026-0001",
        turn=2,
        at=NOW,
        language="id",
        tier="R3",
        intent="refund_request",
        by="sf_sinta",
        update=update,
    )
    again = Lesson.model_validate_json(lesson.model_dump_json())
    assert again == lesson and type(again.update) is type(update)


def test_there_is_no_third_thing_to_decide() -> None:
    with pytest.raises(ValidationError):
        LessonDecision.model_validate({"lesson_id": "x", "decision": "later", "by": "sf_sinta", "at": NOW})
