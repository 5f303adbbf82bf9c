"""The weekly pack: each measure of spec 4 against a small week that was counted by hand."""

from datetime import UTC, datetime, timedelta

from casefile.auditing import Count
from casefile.weekly import CallSum, Decided, Event, Faults, RawWeek, Spread, TierCases, TierWeek, WeeklyPack
from policies.weekly import pack_of, spread

BEGINS = datetime(2026, 11, 22, 17, tzinfo=UTC)
ENDS = BEGINS + timedelta(days=7)
HOUR = timedelta(hours=1)


def event(name: str, value: float = 1.0, detail: str = "", case: str = "SCH-1", hours: float = 1) -> Event:
    return Event(name=name, case_id=case, at=BEGINS + hours * HOUR, value=value, detail=detail)


def pack(*events: Event, **raw: object) -> WeeklyPack:
    week = RawWeek.model_validate({"begins": BEGINS, "ends": ENDS, "events": events, **raw})
    return pack_of("2026-W48", week, (), Faults())


def test_half_and_nine_tenths_stay_within_a_value_that_was_there() -> None:
    assert spread([]) == Spread()
    assert spread([7.0]) == Spread(count=1, p50=7.0, p90=7.0)
    assert spread([40, 10, 30, 20]) == Spread(count=4, p50=20, p90=40)
    assert spread(range(1, 11)) == Spread(count=10, p50=5, p90=9)


def test_first_responses_and_resolutions_are_timed_apart_for_what_people_decide() -> None:
    found = pack(
        event("first_response", 30),
        event("first_response", 90),
        event("resolution", 600, "R0"),
        event("resolution", 1200, "R1"),
        event("resolution", 7200, "R3", case="SCH-2"),
    )
    assert found.first_response == Spread(count=2, p50=30, p90=90)
    assert found.resolution == Spread(count=2, p50=600, p90=1200)
    assert found.resolution_by_people == Spread(count=1, p50=7200, p90=7200)
    assert found.resolved == 3


def test_what_lies_outside_the_week_is_another_weeks() -> None:
    found = pack(event("first_response", 30, hours=-0.1), event("first_response", 60, hours=7 * 24))
    assert found.first_response == Spread()


def test_a_case_that_comes_back_counts_where_it_was_resolved_and_for_seven_days() -> None:
    late = [event("resolution", 60, "R0", case=f"SCH-{n}", hours=100) for n in (1, 2, 3)]
    back = [
        event("reopened", case="SCH-1", hours=100 + 7 * 24),
        event("reopened", case="SCH-2", hours=100 + 7 * 24 + 0.1),
        # Opened again before it was resolved this time, after an earlier week.
        event("reopened", case="SCH-3", hours=50),
        event("reopened", case="SCH-4", hours=110),
    ]
    found = pack(*late, *back)
    assert (found.reopened, found.resolved) == (1, 3)


def test_escalation_and_cost_stand_beside_the_cases_of_their_tier() -> None:
    found = pack(
        event("resolution", 60, "R1"),
        event("resolution", 60, "R3", case="SCH-2"),
        tiers=(TierCases(tier="R1", cases=4, escalated=1), TierCases(tier="R3", cases=2, escalated=2)),
        calls=(
            CallSum(tier="R1", task="draft", calls=5, strong=0, tokens=1000, cost=40),
            CallSum(tier="R3", task="review", calls=2, strong=2, tokens=500, cost=900),
            CallSum(tier="R3", task="qa", calls=3, strong=3, tokens=600, cost=100),
            CallSum(tier="", task="draft", calls=1, strong=0, tokens=9, cost=7),
        ),
    )
    assert found.tiers == (
        TierWeek(tier="R1", cases=4, escalated=1, resolved=1, calls=5, tokens=1000, cost=40),
        TierWeek(tier="R3", cases=2, escalated=2, resolved=1, calls=5, strong=5, tokens=1100, cost=1000),
        TierWeek(tier="", calls=1, tokens=9, cost=7),
    )
    assert found.strong_tasks == {"qa": 3, "review": 2}


def test_only_what_pre_send_qa_held_of_messages_is_a_mismatch() -> None:
    found = pack(
        event("held", detail="send_message QA.fact"),
        event("held", detail="send_message A.doubt"),
        event("held", detail="run_operation R2.quota"),
        event("messages_pruned", 3),
        messages=7,
    )
    assert (found.held, found.messages) == (1, 10)


def test_what_people_were_asked_and_how_long_they_took() -> None:
    found = pack(
        event("refund_asked"),
        event("refund_asked", case="SCH-2"),
        event("refund_approved"),
        event("exception_asked"),
        event("approval_time", 300),
        event("approval_time", 60),
        event("takeover"),
        event("conversation_takeover"),
        event("conversation_takeover"),
        event("unverified_action"),
    )
    assert found.refunds == Decided(asked=2, approved=1)
    assert found.exceptions == Decided(asked=1)
    assert found.approval == Spread(count=2, p50=60, p90=300)
    assert (found.handed_over, found.takeovers, found.unverified) == (1, 2, 1)


def test_moves_and_lessons_nobody_came_to() -> None:
    found = pack(event("reschedule_success", 1), event("reschedule_success", 0), sessions=20, consumed=3)
    assert (found.moved, found.moves, found.consumed, found.sessions) == (1, 2, 3, 20)


def test_a_bill_spoken_of_twice_is_one_and_what_was_paid_is_summed() -> None:
    found = pack(
        event("invoice_followed_up", detail="INV-1 before"),
        event("invoice_followed_up", detail="INV-1 due"),
        event("invoice_followed_up", detail="INV-2 due"),
        event("payment_recovered", 660_000, "INV-1"),
    )
    assert (found.followed_up, found.recovered, found.recovered_rupiah) == (2, 1, 660_000)


def test_minutes_down_are_summed_by_what_was_down() -> None:
    found = pack(
        event("dependency_down_minutes", 4, "whatsapp"),
        event("dependency_down_minutes", 6.5, "whatsapp"),
        event("dependency_down_minutes", 2, "model"),
        event("ledger_unknown"),
        event("retries_pruned", 2),
        retries=1,
    )
    assert found.down_minutes == {"model": 2, "whatsapp": 10.5}
    assert (found.retries, found.unknown) == (3, 1)


def test_what_the_audit_found_is_handed_on() -> None:
    stopped = (Count(what="denied", why="REFUND", count=2),)
    faults = Faults(cases=5, without_source=1)
    found = pack_of("2026-W48", RawWeek(begins=BEGINS, ends=ENDS), stopped, faults)
    assert (found.stopped, found.faults, found.tiers) == (stopped, faults, ())
