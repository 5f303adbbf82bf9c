from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefile.facts import ScheduleFacts
from casefile.records import Contact, Session, Slot
from policies.limits import Cutoff, Limits
from policies.reschedule import WORDS, before_cutoff, next_scheduled, prove, quota_used_month, within_quota
from tests.policies.builders import NOW, WIB, contact, schedule, session, slot

HOUR = Cutoff(minutes=60)
LIMITS = Limits()
OVER = session(status="done")


def values(
    facts: ScheduleFacts | None,
    who: Contact | None,
    moved: Session | None,
    to: Slot | None,
    limits: Limits = LIMITS,
    now: datetime = NOW,
) -> dict[str, str]:
    return {proof.name: proof.value for proof in prove(facts, who, moved, to, limits, WIB, now)}


@pytest.mark.parametrize(("minutes", "may"), [(59, False), (60, True), (61, True)])
def test_sixty_minutes_before_the_start_is_the_last_moment(minutes: int, may: bool) -> None:
    assert before_cutoff(NOW + timedelta(minutes=minutes), NOW, HOUR, WIB) is may
    assert not before_cutoff(NOW + timedelta(minutes=60) - timedelta(microseconds=1), NOW, HOUR, WIB)


def test_calendar_days_count_the_desks_days() -> None:
    day_before = Cutoff(calendar_days=1)
    start = datetime(2026, 2, 12, 8, 0, tzinfo=WIB)
    assert before_cutoff(start, datetime(2026, 2, 11, 23, 59, tzinfo=WIB), day_before, WIB)
    assert not before_cutoff(start, datetime(2026, 2, 12, 0, 0, tzinfo=WIB), day_before, WIB)
    assert not before_cutoff(start, datetime(2026, 2, 11, 0, 0, tzinfo=WIB), Cutoff(calendar_days=2), WIB)
    # 00:30 WIB is still the day before in UTC: the desk's calendar decides.
    assert not before_cutoff(start, datetime(2026, 2, 11, 17, 30, tzinfo=UTC), day_before, WIB)


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_waiting_longer_never_opens_the_cutoff_again(earlier: int, later: int) -> None:
    start = NOW + timedelta(days=5)
    first, second = sorted((earlier, later))
    for cutoff in (HOUR, Cutoff(calendar_days=1), Cutoff(calendar_days=3)):
        then, now = NOW + timedelta(minutes=first), NOW + timedelta(minutes=second)
        assert before_cutoff(start, then, cutoff, WIB) or not before_cutoff(start, now, cutoff, WIB)


def test_two_changes_a_month_are_free_and_the_third_is_not() -> None:
    assert [within_quota(used, LIMITS) for used in (0, 1, 2, 3)] == [True, True, False, False]
    assert not within_quota(0, Limits(free_reschedules=0))


def test_the_month_that_counts_is_the_desks_and_as_configured() -> None:
    now = datetime(2026, 1, 31, 17, 30, tzinfo=UTC)  # 1 February, 00.30 WIB
    start = datetime(2026, 3, 2, tzinfo=UTC)
    assert quota_used_month(now, start, LIMITS, WIB) == (2026, 2)
    assert quota_used_month(now, start, Limits(quota_month="session"), WIB) == (2026, 3)


def test_next_session_is_the_earliest_still_ahead() -> None:
    gone, near = session(NOW, id="gone"), session(NOW + timedelta(minutes=1), id="near")
    moved = session(NOW + timedelta(seconds=1), id="moved", status="moved")
    assert next_scheduled((session(), gone, moved, near), NOW) == near
    assert next_scheduled((gone, moved), NOW) is None


def test_everything_proved() -> None:
    proofs = prove(schedule(), contact(), session(), slot(), LIMITS, WIB, NOW)
    assert {proof.value for proof in proofs} == {"true"}
    names = "session_known same_student before_cutoff within_quota future_slot slot_free not_vip"
    assert " ".join(proof.name for proof in proofs) == names
    assert all(proof.ref and proof.words_id and proof.words_en for proof in proofs)
    assert len(WORDS) == 3 * len(proofs)


def test_nothing_read_proves_nothing() -> None:
    assert set(values(None, None, None, None).values()) == {"unknown"}


@pytest.mark.parametrize(
    ("name", "value", "facts", "who", "moved", "to"),
    [
        ("session_known", "unknown", schedule(), contact(), None, slot()),
        ("session_known", "false", schedule(sessions=()), contact(), None, slot()),
        ("session_known", "false", schedule(sessions=()), contact(), session(), slot()),
        ("session_known", "false", schedule(), contact(), session(NOW + timedelta(days=2)), slot()),
        ("session_known", "false", schedule(sessions=(OVER,)), contact(), OVER, None),
        ("same_student", "false", schedule(), contact(), session(student_id="st2"), slot()),
        ("before_cutoff", "false", schedule(), contact(), session(NOW + timedelta(minutes=59)), slot()),
        ("before_cutoff", "true", schedule(), contact(), session(NOW + timedelta(minutes=60)), slot()),
        ("within_quota", "true", schedule(reschedules_this_month=1), contact(), session(), slot()),
        ("within_quota", "false", schedule(reschedules_this_month=2), contact(), session(), slot()),
        ("within_quota", "unknown", schedule(read_at=NOW - timedelta(days=30)), contact(), session(), slot()),
        ("future_slot", "false", schedule(), contact(), session(), slot(NOW)),
        ("future_slot", "unknown", schedule(), contact(), session(), None),
        ("slot_free", "false", schedule(free_slots=()), contact(), session(), slot()),
        ("slot_free", "false", schedule(), contact(), session(), slot(NOW + timedelta(days=5))),
        ("slot_free", "unknown", None, contact(), session(), slot()),
        ("not_vip", "false", schedule(), contact(vip=True), session(), slot()),
        ("not_vip", "unknown", schedule(), None, session(), slot()),
    ],
)  # fmt: skip
def test_each_condition_stands_on_its_record(
    name: str,
    value: str,
    facts: ScheduleFacts | None,
    who: Contact | None,
    moved: Session | None,
    to: Slot | None,
) -> None:
    assert values(facts, who, moved, to)[name] == value


def test_a_count_of_this_month_proves_nothing_about_the_sessions_month() -> None:
    by_session = Limits(quota_month="session")
    assert values(schedule(), contact(), session(), slot(), by_session)["within_quota"] == "true"
    march = session(datetime(2026, 3, 2, 9, tzinfo=UTC))
    assert values(schedule(), contact(), march, slot(), by_session)["within_quota"] == "unknown"


@given(
    used=st.integers(0, 5),
    minutes=st.integers(-120, 240),
    vip=st.booleans(),
    free=st.booleans(),
    mine=st.booleans(),
)
def test_all_true_exactly_when_every_rule_holds(
    used: int, minutes: int, vip: bool, free: bool, mine: bool
) -> None:
    moved = session(NOW + timedelta(minutes=minutes), student_id="st1" if mine else "st2")
    facts = schedule(sessions=(moved,), free_slots=(slot(),) if free else (), reschedules_this_month=used)
    proved = set(values(facts, contact(vip=vip), moved, slot()).values()) == {"true"}
    assert proved == (used < 2 and minutes >= 60 and not vip and free and mine)


def test_what_the_school_must_move_knows_no_quota_and_no_cutoff() -> None:
    theirs = session(NOW + timedelta(minutes=5), must_move=True)
    used = schedule(sessions=(theirs,), reschedules_this_month=9)
    found = values(used, contact(), theirs, slot())
    assert (found["before_cutoff"], found["within_quota"]) == ("true", "true")
    own = theirs.model_copy(update={"must_move": False})
    found = values(used.model_copy(update={"sessions": (own,)}), contact(), own, slot())
    assert (found["before_cutoff"], found["within_quota"]) == ("false", "false")
    assert values(None, contact(), theirs, slot())["within_quota"] == "unknown"
