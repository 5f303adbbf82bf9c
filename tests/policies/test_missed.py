from datetime import date

import pytest

from policies.missed import Missed, missed

# A Tuesday.
TODAY = date(2026, 2, 10)
YESTERDAY, MONDAY, THURSDAY = date(2026, 2, 9), date(2026, 2, 9), date(2026, 2, 5)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("saya kelewat sesi kemarin", Missed(day=YESTERDAY, slipped=True)),
        ("saya tidak sempat datang kemarin , bisa dijadwal ulang ?", Missed(day=YESTERDAY, slipped=True)),
        ("kemarin lusa saya bolos", Missed(day=date(2026, 2, 8), slipped=True)),
        ("sesi tadi pagi terlewat", Missed(day=TODAY, slipped=True)),
        ("les tadi malam kelewatan", Missed(day=YESTERDAY, slipped=True)),
        ("kelas senin lalu saya tidak masuk", Missed(day=MONDAY, weekday=True, slipped=True)),
        ("sesi kamis kemarin kelewat", Missed(day=THURSDAY, weekday=True, slipped=True)),
        ("sesi minggu lalu kelewat", Missed(slipped=True)),
        (
            "could i move last thursdays session , i missed it",
            Missed(day=THURSDAY, weekday=True, slipped=True),
        ),
        ("i could not make it yesterday", Missed(day=YESTERDAY, slipped=True)),
        ("i missed my lesson", Missed(slipped=True)),
        ("hari minggu lalu saya tidak les", Missed(day=date(2026, 2, 8), weekday=True, slipped=True)),
        ("jadwal saya kelewat", Missed(slipped=True)),
        ("sesi saya yang kemarin bisa diganti ?", Missed(day=YESTERDAY)),
        ("can yesterdays lesson be moved ?", Missed(day=YESTERDAY)),
        ("sesi selasa lalu", Missed(day=date(2026, 2, 3), weekday=True)),
    ],
)
def test_a_lesson_gone_by_is_recognised(words: str, found: Missed) -> None:
    assert missed(words, TODAY) == found


@pytest.mark.parametrize(
    "words",
    [
        "mau pindah jadwal kamis ke jumat",
        "saya bakal kelewat sesi kamis",
        "i will miss my lesson on thursday",
        "saya tidak bisa datang besok",
        "invoice yang kemarin mana ?",
        "kemarin saya sudah transfer",
        "i missed your call",
        "minggu depan saya tidak masuk",
    ],
)
def test_what_is_to_come_or_is_no_lesson_is_none(words: str) -> None:
    assert missed(words, TODAY) is None
