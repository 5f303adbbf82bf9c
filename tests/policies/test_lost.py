import pytest

from casefile.case import Case
from policies.lost import says_lost, times_lost
from tests.policies.worlds import NOW, case


def asked(*lines: str, waiting: str | None = "identity") -> Case:
    found = case(waiting_for=waiting)
    for line in lines:
        found = found.said("B", "lupa?", NOW).said("customer", line, NOW)
    return found


@pytest.mark.parametrize(
    "words",
    [
        "lupa nomor invoicenya",
        "gak punya invoice kak",
        "I don't have it",
        "I can't find the invoice",
        "ilang kak",
    ],
)
def test_what_cannot_be_given_is_heard(words: str) -> None:
    assert says_lost(words)
    assert times_lost(asked("jadwalku kapan", words, words)) == 2


def test_only_what_we_asked_for_can_be_missing() -> None:
    assert not says_lost("INV-2026-1019-001 rina@example.com")
    assert times_lost(asked("lupa invoice", waiting=None)) == 0
