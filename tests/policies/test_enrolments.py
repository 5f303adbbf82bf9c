import pytest

from policies.enrolments import gives_details, lacks, not_yet, only_tells


@pytest.mark.parametrize(
    ("intent", "words", "lacking"),
    [
        ("trial_request", "mau trial", ("who", "when")),
        ("trial_request", "mau trial buat Tania, 25 tahun", ("when",)),
        ("trial_request", "i'd like a trial on Saturday", ("who",)),
        ("trial_request", "trial dong, nama Tania, sabtu jam 10", ()),
        ("enrol_request", "Tania, 25, monday 4pm", ()),
        ("renewal_request", "mau perpanjang", ()),
        ("next_session", "jadwalku kapan", ()),
    ],
)
def test_a_lead_lacks_what_was_not_said(intent: str, words: str, lacking: tuple[str, ...]) -> None:
    assert lacks(intent, words) == lacking


def test_details_tell_who_it_is_for_and_ask_nothing() -> None:
    assert gives_details("nama tania , 25 tahun")
    assert gives_details("tania , 25 , saturday ioam")
    assert gives_details("my name is claire , i'm 36")
    assert not gives_details("umur berapa boleh ikut ?")
    assert not gives_details("hi, is there an age limit")
    assert not gives_details("sabtu jam 10")


@pytest.mark.parametrize(
    "words",
    [
        "oh aku belum daftar",
        "aku udah perpanjang kok",
        "I haven't enrolled yet",
        "saya sudah pernah ikut trial",
    ],
)
def test_a_statement_enrols_nobody(words: str) -> None:
    assert only_tells(words)


@pytest.mark.parametrize(
    "words", ["mau daftar", "belum daftar, bisa bantu?", "trial dong", "I want to enrol"]
)
def test_a_wish_is_no_statement(words: str) -> None:
    assert not only_tells(words)


def test_what_has_not_been_done_yet_can_be_offered() -> None:
    assert not_yet("oh aku belum daftar") and not_yet("I haven't enrolled")
    assert not not_yet("aku udah perpanjang")
