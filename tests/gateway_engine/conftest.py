"""An engine over a real SQLite journal, with the sinks as in-memory twins and a clock that tests move."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog
import structlog.testing

from tests.gateway_engine.room import Room, open_room
from tests.graph.flows import BY_PEOPLE


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("engine") / "filled.db"


@pytest.fixture(autouse=True)
def log() -> Iterator[list[structlog.typing.EventDict]]:
    """What the engine logged; nothing is written out."""
    with structlog.testing.capture_logs() as lines:
        yield lines


@pytest.fixture
async def uninviting(filled: Path, tmp_path: Path) -> AsyncIterator[Room]:
    """A school without an approved message that invites customers to write again."""
    opened = await open_room(filled, tmp_path / "loket.db", desk={"reopen_template": None})
    yield opened
    await opened.close()


@pytest.fixture
async def by_people(filled: Path, tmp_path: Path) -> AsyncIterator[Room]:
    """A school whose people arrange trials and write the bills."""
    opened = await open_room(filled, tmp_path / "loket.db", desk=BY_PEOPLE)
    yield opened
    await opened.close()


@pytest.fixture
async def room(filled: Path, tmp_path: Path) -> AsyncIterator[Room]:
    opened = await open_room(filled, tmp_path / "loket.db")
    yield opened
    await opened.close()
