"""Served consoles, masked and revealed, and a browser where there is one."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from console_scenes import Desk

from tests.support.browser import BROWSER

collect_ignore = [] if BROWSER else ["test_console_page.py"]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """Masked, as it is anywhere but in the sandbox."""
    opened = Desk(tmp_path, reveal=False)
    await opened.start()
    yield opened
    await opened.stop()
    opened.database.close()


@pytest.fixture
async def open_desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """Revealed, as it is in the sandbox."""
    opened = Desk(tmp_path, reveal=True)
    await opened.start()
    yield opened
    await opened.stop()
    opened.database.close()


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=10, trust_env=False) as client:
        yield client


@pytest.fixture
def browser_path() -> str:
    assert BROWSER is not None
    return BROWSER
