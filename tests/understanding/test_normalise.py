from hypothesis import given
from hypothesis import strategies as st

from understanding.normalise import plain, spelled, tight, unmasked
from understanding.split import clauses


def test_folds_width_case_accents_invisibles_and_stretching() -> None:
    assert plain("Ｒefund  dong\u200bgggg") == "refund dong"
    assert plain("rеfund") == "refund"  # Cyrillic е
    assert plain("Café\r\n  YA") == "cafe\nya"


def test_reads_disguised_words() -> None:
    assert unmasked("r3fund dong jam 3") == "refund dong jam 3"
    assert unmasked("r.e.f.u.n.d") == "refund"
    assert unmasked("megang-megang") == "megang megang"
    assert tight("ref-und") == "refund"
    assert spelled("r e f u n d d o n g") == "refunddong"


def test_leaves_numbers_and_addresses_alone() -> None:
    assert unmasked("jam 10 siang") == "jam 10 siang"
    assert "inv" not in unmasked("inv-2026-0105-001 r3fund")


def test_reads_marks_and_figures_as_what_they_are() -> None:
    assert unmasked("morning! thanks!!") == "morning! thanks!!"
    assert unmasked("300k atau 50rb, 11pm") == "300k atau 50rb, 11pm"
    assert unmasked("b4l!k!n u4ngku!") == "balikin uangku!"


def test_cuts_where_a_second_request_may_begin() -> None:
    assert clauses("mau reschedule. terus sisa sesi berapa?") == ("mau reschedule", "terus sisa sesi berapa?")
    assert clauses("halo\nkak") == ("halo", "kak")
    assert clauses(" ?! ") == ()


@given(st.text(max_size=500))
def test_plain_is_stable(text: str) -> None:
    once = plain(text)
    assert plain(once) == once
    assert isinstance(unmasked(once) + tight(once) + spelled(once), str)
