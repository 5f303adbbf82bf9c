"""What a desk may call the properties of its students' databases, and what it has to say of them."""

from typing import Any

import pytest
from pydantic import ValidationError

from adapters.notion_fields import COLUMNS, named
from app.desk_settings import RecordsConfig
from casefile.errors import BadInput


def test_a_property_is_called_as_the_desk_calls_it_else_as_ours_are() -> None:
    names = named("reschedule", {"made": "Dicatat"})
    assert (names["made"], names["source"]) == ("Dicatat", "Source")
    assert set(names) == set(COLUMNS["reschedule"])


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"teacher": "Guru"}, "the sessions have no teacher; there are title"),
        ({"coach": "Time"}, "the same name"),
    ],
)
def test_what_there_is_not_is_said(told: dict[str, str], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        named("session", told)


def test_every_database_has_to_be_named() -> None:
    told: dict[str, Any] = {"source": "notion", "students": {"database_id": "1"}}
    with pytest.raises(ValidationError, match="database_id of sessions, reschedules is missing"):
        RecordsConfig.model_validate(told)
    assert RecordsConfig().source == "store"
