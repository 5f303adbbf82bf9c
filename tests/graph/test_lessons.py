"""Lessons from what A did not let leave, told from the records of whole turns."""

from pathlib import Path

import pytest

from casefile.packets import TemplateUpdate
from graph.lessons import lessons_of
from graph.record import TurnRecord, unpacked
from ports.advice import QaOpinion
from tests.graph.test_drafting import Scripted
from tests.graph.test_second_looks import FINE, Opinionated, moved
from tests.graph.whole import World, open_world, phone_of


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lessons")


def records(world: World) -> list[TurnRecord]:
    return [unpacked(body) for commit in world.commits for _, _, body in commit.records]


async def test_what_a_stopped_is_a_hold_for_which_no_words_are_to_blame(folder: Path) -> None:
    doubt = QaOpinion(decision="ESCALATE_COACH", tier="R2", reason="Terdengar seperti orang lain.")
    world = await moved(folder, Opinionated(doubt))
    (lesson,) = lessons_of(records(world), world.wired.desk.templates)
    assert (lesson.kind, lesson.by, lesson.why, lesson.update) == ("hold", "QA", "A.stopped", None)
    world.wired.database.close()


async def test_a_draft_that_a_doubted_is_a_hold_beside_what_left(folder: Path) -> None:
    words = FINE.model_copy(update={"decision": "EDIT"})
    drafter = Scripted(["Kami mengerti ya, Kak. <safe>"])
    world = await open_world(folder, drafter=drafter, adviser=Opinionated(words))  # type: ignore[arg-type]
    await world.hears(phone_of("ct_rina"), "mau refund, uangku balikin")
    (lesson,) = lessons_of(records(world), world.wired.desk.templates)
    assert lesson.kind == "hold" and lesson.why.startswith("A.doubt: Kami mengerti ya, Kak. Permintaan")
    assert isinstance(lesson.update, TemplateUpdate)
    assert lesson.update.template_id == "refund_received"
    assert lesson.update.final_text == world.said[-1].effect.text
    world.wired.database.close()


async def test_where_a_is_content_there_is_nothing_to_learn(folder: Path) -> None:
    world = await moved(folder, Opinionated(FINE))
    assert lessons_of(records(world), world.wired.desk.templates) == ()
    world.wired.database.close()
