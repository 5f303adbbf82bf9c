"""A desk that takes bookings is a folder without a line of Python, and its conversations end as they should."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.desk import load_desk
from app.play import play, play_all, scripts_of
from app.script import load_scripts
from app.stage import cache_of
from store.database import Backend
from tests.desks.deployment import salon
from tests.support.postgres import Postgres

# Booked first of all, taken in between, moved, given back, and by a person's yes.
ON_POSTGRESQL = {"book-new.id", "taken.id", "move.id", "cancel.id", "cancel-late.id"}
BEHAVIOURS = {
    "book-new", "book-stated", "cancel", "cancel-late", "free", "move", "others", "price", "reminder", "taken", "which",
}  # fmt: skip


async def test_a_desk_that_takes_bookings_passes_its_own_scripts() -> None:
    lines = list[str]()
    failed = await play(scripts_of(salon(), "all"), settings=salon(), json=False, out=lines.append)
    assert failed == 0, "\n".join(lines)


async def test_bookings_end_the_same_on_postgresql(postgres: Postgres) -> None:
    @contextmanager
    def lent() -> Iterator[Backend]:
        name = postgres.lend()
        yield postgres.backend(name)
        postgres.take_back(name)

    settings = salon()
    scripts = [one for one in load_scripts(scripts_of(settings, "all")) if one.name in ON_POSTGRESQL]
    assert {one.name for one in scripts} == ON_POSTGRESQL
    shown = play_all(scripts, settings=settings, loaded=load_desk(settings, cache_of(settings)), lending=lent)
    played = [(one, lines) async for one, lines in shown]
    assert all(one.ok for one, _ in played), "\n".join(line for _, lines in played for line in lines)


def test_every_behaviour_has_a_conversation_in_both_languages() -> None:
    spoken: dict[str, set[str]] = {}
    for named in load_scripts(scripts_of(salon(), "all")):
        spoken.setdefault(named.path.stem, set()).add(named.script.language)
    assert spoken.keys() >= BEHAVIOURS
    assert {stem for stem, languages in spoken.items() if languages != {"id", "en"}} == set()
