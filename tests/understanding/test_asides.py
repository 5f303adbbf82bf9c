"""Talk of the world outside the desk raises nothing; what is asked of the desk beside it does."""

import pytest

from tests.understanding.conftest import DESK, SHARED, Read
from understanding.asides import build_asides
from understanding.corpus import load_rules

RULES = load_rules(SHARED, DESK)


@pytest.mark.parametrize(
    ("canonical", "left"),
    [
        ("my flight was cancel , how much is a lesson ?", ",, , how much is a lesson ?"),
        ("tiket kereta sudah beli , batalkan les saya", ",, , batalkan les saya"),
        ("rapat dibatalkan jadi saya luang", ",, jadi saya luang"),
        ("dosen marah marah . kelas buka jam berapa", ",, . kelas buka jam berapa"),
    ],
)
def test_a_stretch_about_something_outside_is_blanked(canonical: str, left: str) -> None:
    assert RULES.asides.without(canonical, people=True) == left


@pytest.mark.parametrize(
    "canonical",
    [
        "my flight was cancel and i want the lesson money back",
        "uang saya refund ke shopee saja ya",
        "gara gara rapat batal saja ya kakak",
        "konser murid dibatalkan",
        "toko sebelah bilang kalian penipu",
        "did the shop refund me ?",
    ],
)
def test_what_names_or_asks_something_of_ours_is_no_aside(canonical: str) -> None:
    assert RULES.asides.without(canonical, people=True) == canonical


def test_a_person_outside_has_moods_but_may_be_why_something_is_asked() -> None:
    text = "kucing minta refund"
    assert RULES.asides.without(text, people=False) == text
    assert RULES.asides.without(text, people=True) == ",,"
    assert RULES.signals(text) == {"refund"}
    assert RULES.signals("bos marah marah terus") == frozenset()


def test_a_story_goes_on_until_something_of_ours_is_named() -> None:
    story = "refund sepatu di mall lama banget , antri terus , akhirnya uang kembali"
    assert RULES.signals(story) == frozenset()
    assert "refund" in RULES.signals(f"{story} . les saya bagaimana , akhirnya uang kembali")


def test_safety_and_privacy_are_heard_in_every_stretch() -> None:
    assert "minors_safety" in RULES.signals("anak saya diculik di toko")
    assert "privacy_delete" in RULES.signals("hapus data saya dari toko")


def test_a_desk_without_asides_has_none() -> None:
    nothing = build_asides({}, {})
    text = "my flight was cancel"
    assert nothing.without(text, people=True) == text


@pytest.mark.parametrize(
    "text",
    [
        "Our restaurant reservation got cancelled, which age groups do you teach?",
        "konserku batal, refundnya lama banget dari promotor. kelas kpop hari apa aja kak",
        "tadi ribut sama kurir minta duit balik. jam berapa kalian buka hari sabtu?",
        "Lufthansa gave me finally a refund, so I am cheerful. Do you teach jazz?",
        "lagi nagih refund ke supplier dekorasi. kelas grup isinya berapa orang?",
        "pendakian kami dibatalkan, jadi ada waktu. kelas dewasa mulai dari apa?",
    ],
)
def test_trouble_elsewhere_before_a_question_is_the_question_alone(read: Read, text: str) -> None:
    got = read(text)
    assert got.signals == ()
    assert [request.intent.startswith("faq.") for request in got.requests] == [True]


@pytest.mark.parametrize(
    ("text", "signal"),
    [
        ("My flight home is booked, so please refund the rest of my package", "refund"),
        ("kereta saya batal, les besok juga batalin aja ya", "cancel"),
        ("abis dimarahin bos, eh coach kalian juga ngebentak aku", "abuse"),
        ("tiket konser udah kebeli, uang paketnya balikin ya", "refund"),
        ("minta refund buat beli kipas", "refund"),
    ],
)
def test_trouble_elsewhere_hides_none_of_ours(read: Read, text: str, signal: str) -> None:
    assert signal in read(text).signals
