"""A desk that qualifies prospects is a folder too: it passes its own scripts, and none of it is Python."""

import pytest

from app.desk import desk_for
from app.play import play, scripts_of
from app.settings import ROOT
from casefile.errors import BadInput
from tests.desks.deployment import software


async def test_a_desk_that_qualifies_prospects_passes_its_own_scripts() -> None:
    lines = list[str]()
    settings = software()
    failed = await play(scripts_of(settings, "all"), settings=settings, json=False, out=lines.append)
    assert failed == 0, "\n".join(lines)


def test_a_desk_is_data() -> None:
    assert list((ROOT / "desks").rglob("*.py")) == []


def test_a_question_that_no_template_asks_is_refused() -> None:
    [(home, config)] = software().desks
    assert config.leads is not None
    first, *others = config.leads.questions
    unasked = config.leads.model_copy(
        update={"questions": (first.model_copy(update={"template": "faq_answer"}), *others)}
    )
    with pytest.raises(BadInput, match=r"need: there is no template 'faq_answer' without placeholders"):
        desk_for(home, config.model_copy(update={"leads": unasked}), 2026)
