"""A real database per test: a SQLite file, and a PostgreSQL database."""

from collections.abc import Iterator

import pytest

from store.database import Database
from tests.support.postgres import Opener


@pytest.fixture
def database(open_database: Opener) -> Iterator[Database]:
    opened = open_database()
    yield opened
    opened.close()
