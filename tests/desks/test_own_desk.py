"""A desk is a folder: one that was written by somebody else boots and passes its own scripts."""

from app.play import play, scripts_of
from tests.desks.deployment import two_desks


async def test_a_desk_somebody_else_wrote_passes_its_own_scripts() -> None:
    settings, lines = two_desks().alone("barber"), list[str]()
    failed = await play(scripts_of(settings, "all"), settings=settings, json=False, out=lines.append)
    assert failed == 0, "\n".join(lines)
