"""What every test runs under: the libraries' switches, and how hypothesis searches."""

import os
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import settings

from app.cli.main import ENVIRONMENT
from tests.support.browser import BROWSER, BROWSERS

os.environ.update(ENVIRONMENT)

# Time is not what these tests measure; a busy machine must not fail one.
settings.register_profile("loket", deadline=None, print_blob=True)
settings.load_profile("loket")


@pytest.fixture(autouse=True)
def own_log() -> Iterator[None]:
    """Let no test leave its log behind: a command's goes to the standard error that the test's end closes."""
    yield
    structlog.reset_defaults()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say it loudly when the pages were not tested; here, because with xdist only this file is loaded in time."""
    if BROWSER is None:
        terminalreporter.section("NO BROWSER", red=True, bold=True)
        terminalreporter.write_line(
            f"The demo's and the console's pages were NOT tested: none of {', '.join(BROWSERS)} is installed."
        )
