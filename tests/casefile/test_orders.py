"""What C brings back that is still a person's to do, and the words a command carries."""

import pytest

from casefile.events import OperatorCommand
from casefile.packets import CResult
from tests.policies.builders import NOW


@pytest.mark.parametrize(
    ("state", "who"),
    [
        ({"state": "due", "assignee": "sf_tari"}, "sf_tari"),
        ({"state": "due", "assignee": ""}, None),
        ({"state": "done", "assignee": "sf_tari"}, None),
        ({"start": "2026-02-10T03:00:00Z"}, None),
    ],
)
def test_an_order_names_who_carries_it_out(state: dict[str, str], who: str | None) -> None:
    result = CResult.model_validate(
        {"case_id": "c", "status": "SUCCESS", "action": "ENROL", "details": "", "new_state": state}
    )
    assert result.due_from == who


def test_a_command_without_words_says_nothing() -> None:
    command = OperatorCommand(at=NOW, case_id="c", command="done", by="sf_tari")
    assert command.words == ""
    assert command.model_copy(update={"args": {"text": "Sudah ya, Kak."}}).words == "Sudah ya, Kak."
