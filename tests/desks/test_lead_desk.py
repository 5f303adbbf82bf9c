"""A desk that qualifies prospects is a folder too: it passes its own scripts, and none of it is Python."""

from app.play import play, scripts_of
from app.settings import ROOT
from tests.desks.deployment import software


async def test_a_desk_that_qualifies_prospects_passes_its_own_scripts() -> None:
    lines = list[str]()
    settings = software()
    failed = await play(scripts_of(settings, "all"), settings=settings, json=False, out=lines.append)
    assert failed == 0, "\n".join(lines)


def test_a_desk_is_data() -> None:
    assert list((ROOT / "desks").rglob("*.py")) == []
