"""What every test runs under: the libraries' switches, and how hypothesis searches."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import settings

from app.cli.main import ENVIRONMENT
from tests.support.browser import BROWSER, BROWSERS
from tests.support.postgres import Opener, Postgres

os.environ.update(ENVIRONMENT)

# Time is not what these tests measure; a busy machine must not fail one.
settings.register_profile("loket", deadline=None, print_blob=True)
settings.load_profile("loket")


@pytest.fixture(autouse=True)
def own_log() -> Iterator[None]:
    """Let no test leave its log behind: a command's goes to the standard error that the test's end closes."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """A PostgreSQL server that every process of this run shares."""
    base = tmp_path_factory.getbasetemp()
    run = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    # Beside pytest's own folder, which only its owner may enter: under root the server is somebody else.
    started = Postgres(Path(tempfile.gettempdir()) / f"loket-postgres-{run.name}")
    yield started
    started.close()


@pytest.fixture(params=["sqlite", "postgres"])
def open_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opener]:
    """Opens databases, of the one kind and of the other."""
    opener = Opener(tmp_path, request.getfixturevalue("postgres") if request.param == "postgres" else None)
    yield opener
    opener.close()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say it loudly when the pages were not tested; here, because with xdist only this file is loaded in time."""
    if BROWSER is None:
        terminalreporter.section("NO BROWSER", red=True, bold=True)
        terminalreporter.write_line(
            f"The demo's and the console's pages were NOT tested: none of {', '.join(BROWSERS)} is installed."
        )
