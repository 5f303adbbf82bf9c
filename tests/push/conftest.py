"""A backbone of its own for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.push.backbone import Backbone, open_backbone, open_counter


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("push")


@pytest.fixture
async def backbone(folder: Path) -> AsyncIterator[Backbone]:
    opened = await open_backbone(folder)
    yield opened
    opened.close()


@pytest.fixture
async def counter(tmp_path: Path) -> AsyncIterator[Backbone]:
    opened = await open_counter(tmp_path)
    yield opened
    opened.close()
