import pytest

from policies.prospects import asks_availability


@pytest.mark.parametrize(
    "words",
    [
        "ada slot kosong sabtu ?",
        "les nya bisa weekend tidak",
        "is there a free slot on saturday ?",
        "do you have evening classes ?",
        "kelas sore masih ada ?",
    ],
)
def test_these_ask_when_lessons_could_be(words: str) -> None:
    assert asks_availability(words)


@pytest.mark.parametrize(
    "words",
    [
        "les saya bisa sabtu tidak",
        "bisa pindah ke slot sabtu tidak",
        "jadwalku sabtu jam berapa ?",
        "can i move my lesson to saturday ?",
        "harga kelas berapa ?",
        "sabtu jam 10",
    ],
)
def test_what_is_about_a_lesson_of_ones_own_does_not(words: str) -> None:
    assert not asks_availability(words)
