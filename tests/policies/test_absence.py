import pytest

from policies.absence import cannot_come, sick


@pytest.mark.parametrize(
    "words",
    [
        "maaf saya sakit hari ini tidak bisa les",
        "anak sakit , kamis tidak bisa masuk",
        "besok saya izin ya kakak",
        "im sick and cant come on thursday",
        "i will not make it today",
    ],
)
def test_who_says_they_cannot_come_is_heard(words: str) -> None:
    assert cannot_come(words)


@pytest.mark.parametrize(
    "words",
    [
        "kalau sakit tidak bisa masuk bagaimana ?",
        "if im sick and cannot come , what happens",
        "saya lagi sakit , sesi hari ini bagaimana",
        "anak saya sakit",
        "tidak bisa bayar",
    ],
)
def test_a_question_or_half_of_it_states_nothing(words: str) -> None:
    assert not cannot_come(words)


def test_being_ill_is_heard() -> None:
    assert sick("saya demam") and sick("im not feeling well")
    assert not sick("saya di luar kota")
