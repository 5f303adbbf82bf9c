import pytest

from casefile import errors
from casefile.errors import DependencyDown, LoketError, PaymentRefused, SendLater, SendRefused


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (DependencyDown("schedule", "timed out after 2 s"), "schedule is not answering: timed out after 2 s"),
        (
            SendRefused("131026", "not on WhatsApp"),
            "the channel refused the message (131026): not on WhatsApp",
        ),
        (PaymentRefused("406", "used before"), "the payment provider refused (406): used before"),
        (SendLater("pair rate", 6.0, "recipient"), "the channel asks to wait 6 s: pair rate"),
    ],
)
def test_a_fault_says_what_is_wrong(error: LoketError, words: str) -> None:
    assert str(error) == words


def test_what_a_caller_needs_to_act_is_on_the_fault() -> None:
    assert DependencyDown("payments", "5xx").name == "payments"
    assert SendRefused("131047", "window closed").code == "131047"
    assert PaymentRefused("taken", "used before").code == "taken"
    later = SendLater("throughput", 1.5)
    assert (later.seconds, later.scope) == (1.5, "account")


def test_one_family_so_that_the_edges_can_tell_ours_from_a_bug() -> None:
    ours = [e for e in vars(errors).values() if isinstance(e, type) and issubclass(e, Exception)]
    assert all(issubclass(e, LoketError) for e in ours)
    assert all(e.__doc__ for e in ours)
