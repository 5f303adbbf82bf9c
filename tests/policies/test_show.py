from datetime import date, time

import pytest

from casefile.base import Language
from policies.booking_rules import BOOKING_RULES
from policies.lead_rules import LEAD_RULES
from policies.limits import Cutoff, Limits
from policies.rules import RULES
from policies.shop_rules import SHOP_RULES
from policies.show import decision_table, show
from policies.sla import Hours
from tests.policies.booking_worlds import SERVICES
from tests.policies.lead_worlds import LEADS
from tests.policies.worlds import rules

TODAY = date(2026, 2, 10)
HOURS = Hours(
    zone="Asia/Jakarta",
    week={"mon": (time(9), time(20)), "sun": None},
    holidays=frozenset({date(2026, 2, 9), date(2026, 2, 17), date(2026, 3, 19)}),
    closed=frozenset({date(2026, 2, 10)}),
)


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("cutoff", [Cutoff(minutes=60), Cutoff(calendar_days=1)])
def test_every_row_is_shown_once_and_no_line_is_too_wide(language: Language, cutoff: Cutoff) -> None:
    limits = Limits(cutoff=cutoff)
    every = rules(
        limits=limits, hours=HOURS, a_approval="human", sells=True, leads=LEADS, appointments=SERVICES
    )
    text = show(every, language, TODAY)
    assert max(len(line) for line in text.splitlines()) <= 110
    for rule in RULES:
        assert sum(line.startswith(f"  {rule.id} ") for line in text.splitlines()) == 1
    assert "{" not in text and text.endswith("\n")


def test_tiers_stand_strictest_first() -> None:
    lines = show(rules(), "en", TODAY).splitlines()
    places = [
        next(i for i, line in enumerate(lines) if line.startswith(f"{t}: ")) for t in ("R3", "R2", "R1", "R0")
    ]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("limits", "language", "words"),
    [
        (Limits(), "en", "60 minutes before the start (not the day before)"),
        (Limits(), "id", "60 menit sebelum sesi mulai (bukan sehari sebelumnya)"),
        (Limits(cutoff=Cutoff(calendar_days=1)), "en", "(H-1 = the day before)"),
        (Limits(cutoff=Cutoff(calendar_days=1)), "id", "(H-1 = sehari sebelumnya)"),
        (
            Limits(),
            "en",
            "2 per student a calendar month; counted in the month the change is made (Asia/Jakarta)",
        ),
        (Limits(quota_month="session"), "id", "dihitung di bulan sesi yang dipindah"),
        (Limits(free_reschedules=5), "id", "5 kali per siswa per bulan"),
        (Limits(verification_attempts=4), "en", "4 failed attempts lock it for 60 minutes"),
        (Limits(snapshot_ttl_minutes=90), "en", "at most 90 minutes"),
        (Limits(max_turns=7), "en", "after 7 turns"),
        (Limits(messages_per_minute=20), "id", "20 per percakapan"),
        (Limits(first_response_minutes=7), "en", "first reply 7 minutes, R0/R1 settled 30 minutes"),
        (Limits(), "id", "Refund tidak ada"),
    ],
)
def test_the_limits_in_force_are_said_in_plain_words(limits: Limits, language: Language, words: str) -> None:
    assert words in flat(show(rules(limits=limits), language, TODAY))


@pytest.mark.parametrize("mode", ["pilot", "hardening", "production"])
def test_only_the_mode_in_force_is_marked(mode: str) -> None:
    text = show(rules().model_copy(update={"mode": mode}), "en", TODAY)
    assert [line.split()[1] for line in text.splitlines() if line.startswith("  > ")] == [mode, "mode"]
    assert f"mode in force: {mode}" in text


def test_hours_and_the_next_days_off() -> None:
    text = flat(show(rules(hours=HOURS), "id", TODAY))
    assert "Senin 09.00-20.00 Selasa tutup" in text and "Minggu tutup" in text
    assert "Selasa, 10 Februari 2026 Selasa, 17 Februari 2026 Kamis, 19 Maret 2026" in text
    assert "9 Februari" not in text.replace("19 Maret", "")
    assert "none on record" in show(rules(), "en", TODAY)


def test_what_is_urgent_and_where_it_goes_is_said() -> None:
    text = flat(show(rules(), "en", TODAY))
    assert "harassment or abuse is reported a person decides (coach lane), urgent" in text


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_decision_table_is_what_is_shown_without_the_days(language: Language) -> None:
    told = rules(limits=Limits(free_reschedules=3), hours=HOURS)
    table = decision_table(told, language)
    # The words of a prompt must not change with the day they are asked for.
    assert flat(table) in flat(show(told, language, TODAY))
    assert {"id": "Hari libur berikutnya", "en": "Next days off"}[language] not in table
    elsewhere = (*SHOP_RULES, *LEAD_RULES, *BOOKING_RULES)
    assert all((rule.id in table) == (rule not in elsewhere) for rule in RULES)


@pytest.mark.parametrize(("sells", "there", "not_there"), [
    (True, "above Rp 1,000,000 a person looks", "Free reschedules"),
    (False, "Free reschedules", "above Rp"),
])  # fmt: skip
def test_each_kind_of_desk_shows_its_own_limits(sells: bool, there: str, not_there: str) -> None:
    text = show(rules(sells=sells), "en", TODAY)
    assert there in text and not_there not in text
