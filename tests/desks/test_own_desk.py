"""A desk is a folder: one that was written by somebody else boots and passes its own scripts."""

import pytest

from app.play import play, scripts_of, sorted_scripts
from casefile.errors import BadInput
from tests.desks.deployment import BARBER, two_desks


async def test_a_desk_somebody_else_wrote_passes_its_own_scripts() -> None:
    settings, lines = two_desks().alone("barber"), list[str]()
    failed = await play(scripts_of(settings, "all"), settings=settings, json=False, out=lines.append)
    assert failed == 0, "\n".join(lines)


def test_a_script_is_played_at_the_desk_it_belongs_to() -> None:
    def found(*asked: str) -> dict[str, list[str]]:
        sorted_out = sorted_scripts(two_desks(), asked)
        return {s.desks[0][1].name: [path.stem for path in paths] for s, paths in sorted_out}

    assert found("faq", "price") == {"school": ["faq"], "barber": ["price"]}
    assert found(str(BARBER / "scripts" / "price.yaml")) == {"barber": ["price"]}
    assert set(found("all")) == {"school", "barber"}
    with pytest.raises(BadInput, match="there is no script 'no-such'"):
        found("no-such")
