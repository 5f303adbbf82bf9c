"""A school with its records loaded."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from services_scenes import School
from shop_scenes import Shop

from tests.support.postgres import Opener


@pytest.fixture
async def school(open_database: Opener, tmp_path: Path) -> AsyncIterator[School]:
    opened = await School(open_database()).open(tmp_path / "records")
    yield opened
    opened.database.close()


@pytest.fixture
async def shop(open_database: Opener, tmp_path: Path) -> AsyncIterator[Shop]:
    opened = await Shop(open_database()).open(tmp_path / "records")
    yield opened
    opened.database.close()
