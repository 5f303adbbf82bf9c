"""A school with its records loaded."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from services_scenes import School

from tests.support.postgres import Opener


@pytest.fixture
async def school(open_database: Opener, tmp_path: Path) -> AsyncIterator[School]:
    opened = await School(open_database()).open(tmp_path / "records")
    yield opened
    opened.database.close()
