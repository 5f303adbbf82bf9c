"""A school with its records loaded."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from services_scenes import School


@pytest.fixture
async def school(tmp_path: Path) -> AsyncIterator[School]:
    opened = await School(tmp_path).open(tmp_path / "records")
    yield opened
    opened.database.close()
