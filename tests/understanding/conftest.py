"""One reader of the school desk, trained once for all tests of this folder."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from casefile.base import Language
from casefile.reading import Reading
from understanding.reader import Reader
from understanding.settings import ReaderSettings

ROOT = Path(__file__).resolve().parents[2]
SHARED, DESK = ROOT / "understanding" / "data", ROOT / "desks" / "school" / "understanding"
ZONE = ZoneInfo("Asia/Jakarta")
WEDNESDAY = dt.datetime(2026, 2, 11, 10, 0, tzinfo=ZONE)
Read = Callable[..., Reading]


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("understanding")


@pytest.fixture(scope="session")
def reader(cache: Path) -> Reader:
    return Reader.load(SHARED, DESK, ReaderSettings(), cache)


@pytest.fixture(scope="session")
def read(reader: Reader) -> Read:
    def one(text: str, language: Language | None = None, names: tuple[str, ...] = ()) -> Reading:
        return reader.read(text, now=WEDNESDAY, zone=ZONE, conversation_language=language, names=names)

    return one
