"""The gate's matrix: tier x identity x rollout mode x dependency x approval, every cell that can exist and no other."""

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import product
from typing import Literal, NamedTuple

import pytest

from casefile.approval import ApprovalRecord, ApprovalState
from casefile.case import Case
from casefile.events import CaseEvent
from casefile.facts import RolloutMode
from casefile.verdict import TIERS, Decision, Tier, Verdict
from policies.booking_intents import BOOKING
from policies.booking_rules import BOOKING_RULES
from policies.enrol_rules import ENROL_RULES
from policies.entering import admit_event
from policies.gate import request_of
from policies.intents import INTENTS
from policies.lead_rules import LEAD_RULES
from policies.matter import weigh
from policies.rollout import MODES
from policies.rules import RULES
from policies.shop_intents import SHOP
from policies.shop_rules import SHOP_RULES
from tests.policies.builders import contact, schedule, session, slot
from tests.policies.test_entering import MESSAGE, given, pending, timer
from tests.policies.worlds import (
    FAQ_INTENTS,
    IDENTITIES,
    STUDENTS,
    World,
    astray,
    at,
    case,
    confirmed,
    identity,
    page,
    reading,
    request,
    rules,
    snapshot,
    told,
    world,
)

Approval = Literal["none", "pending", "approved", "edited", "denied", "void"]
APPROVALS: tuple[Approval, ...] = ("none", "pending", "approved", "edited", "denied", "void")
DEPENDENCIES = (
    frozenset[str](),
    frozenset({"schedule"}),
    frozenset({"payments"}),
    frozenset({"schedule", "payments"}),
)
WHO = (*IDENTITIES, "locked")
# A shop's intents depend on other systems, and those of bookings on a desk that takes them: each have their own scenes.
OWN = tuple(name for name in INTENTS if name not in {**SHOP, **BOOKING})


class Cell(NamedTuple):
    """One place of the matrix."""

    mode: RolloutMode
    who: str
    down: str
    approval: Approval
    tier: Tier


# What a message may come to, per tier: of a verified person while everything answers.
VERIFIED: dict[Tier, set[Decision]] = {
    "R0": {"ANSWER", "ASK", "REFUSE", "HAND_OVER"},
    "R1": {"ANSWER", "ASK", "LOOK_UP"},
    "R2": {"ASK", "EXECUTE", "HAND_OVER"},
    "R3": {"ESCALATE_COACH", "ASK"},
}
# What cannot be read is not asked about either: whose schedule, which slot.
SCHEDULE_DOWN: dict[Tier, set[Decision]] = {
    **VERIFIED,
    "R1": {"ANSWER", "LOOK_UP", "DEGRADED_MODE"},
    "R2": {"EXECUTE", "HAND_OVER"},
    "R3": {"ESCALATE_COACH", "ASK", "DEGRADED_MODE"},
}
BY_DEPENDENCY: dict[str, dict[Tier, set[Decision]]] = {
    "up": VERIFIED,
    "schedule": SCHEDULE_DOWN,
    "payments": {**VERIFIED, "R1": {"ANSWER", "ASK", "LOOK_UP", "DEGRADED_MODE"}},
    "payments+schedule": {**SCHEDULE_DOWN, "R1": {"DEGRADED_MODE"}},
}
# Whoever is not verified hears nothing that an outage could take away.
UNVERIFIED: dict[Tier, set[Decision]] = {
    "R0": VERIFIED["R0"],
    "R1": {"NEED_VERIFICATION"},
    "R2": {"EXECUTE", "HAND_OVER"},
    "R3": {"ESCALATE_COACH", "NEED_VERIFICATION", "ASK"},
}
LOCKED: dict[Tier, set[Decision]] = {**UNVERIFIED, "R1": {"REFUSE"}, "R3": {"ESCALATE_COACH", "ASK"}}
# What a person may be asked about: R3 always, below it where the mode wants somebody behind A.
ASKED_OF_PEOPLE: dict[RolloutMode, tuple[Tier, ...]] = {
    "pilot": ("R1", "R2", "R3"),
    "hardening": ("R2", "R3"),
    "production": ("R3",),
}
WHILE_PENDING: set[Decision] = {"WAIT", "WITHDRAW", "RELEASE", "DECLINE", "ESCALATE_COACH"}


def legal(cell: Cell) -> set[Decision]:
    """Return what may be decided there; an empty set is a cell that cannot exist."""
    asked = cell.tier in ASKED_OF_PEOPLE[cell.mode]
    if cell.approval == "pending":
        return WHILE_PENDING if asked else set()
    if cell.who == "locked":
        afresh = LOCKED[cell.tier]
    elif cell.who in IDENTITIES[:2]:
        afresh = BY_DEPENDENCY[cell.down][cell.tier]
    else:
        afresh = UNVERIFIED[cell.tier]
    # Once it is settled, the next message is priced as if nothing had been asked, and a late press does nothing.
    return afresh | ({"SETTLE"} if cell.approval != "none" and asked else set())


def telling(words: str) -> World:
    """Return a world in which an enrolment is only told of."""
    w = world("enrol_request")
    return replace(w, request=w.request.model_copy(update={"text": words}))


def scenes() -> Iterator[World]:
    """Yield one world for every combination that can matter to a decision."""
    waiting, yes = confirmed()
    for intent, read, students in product(OWN, (snapshot(), snapshot(181)), (STUDENTS[:1], STUDENTS)):
        known = students[0] if len(students) == 1 else None
        yield world(intent, snapshot=read, students=students, student=known)
    for intent, excerpt, signals, question in product(
        FAQ_INTENTS,
        (None, page("refund_policy"), page("price_list")),
        ((), ("refund",), ("reschedule",), ("exception",)),
        (False, True),
    ):
        yield world(intent, *signals, is_question=question, excerpt=excerpt)
    yield world("withdrawal", "withdrawal", "refund")
    yield world("unclear", "unsure")
    yield world("attachment", "payment_claim")
    yield telling("aku belum daftar")
    yield world("injection", "injection", "payment_claim")
    yield world("reschedule", slots=at(slot()))
    yield astray()
    yield told("belum daftar")
    yield world("renewal_request", contact=contact(vip=True))
    for used, sessions in product((0, 2), ((session(),), ())):
        plan = schedule(reschedules_this_month=used, sessions=sessions)
        yield world("reschedule", schedule=plan)
        yield world("affirm", on=waiting, slots=yes, schedule=plan)


def verdict_in(w: World, event: CaseEvent, on: Case) -> Verdict:
    """Admit an event to a case as the turn does."""
    return admit_event(
        on, w.facts, event, weigh(on, w.facts, request_of(on, w.facts.reading), w.rules), w.rules
    )


def messages(seen: Iterable[World], approval: Approval) -> Iterator[Verdict]:
    """Price a message in every world, beside an approval that is settled or was never asked for."""
    for w in seen:
        verdict = verdict_in(w, MESSAGE, w.case)
        if approval != "none":
            beside = w.with_facts(approval=settled(approval))
            assert verdict_in(beside, MESSAGE, w.case) == verdict
        yield verdict


def settled(state: Approval) -> ApprovalRecord:
    """Return the approval as it stands."""
    states: dict[Approval, ApprovalState] = {"none": "void", "pending": "pending", "approved": "approved",
                                            "edited": "edited", "denied": "denied", "void": "void"}  # fmt: skip
    return pending(state=states[state])


def people(w: World, mode: RolloutMode, approval: Approval) -> Iterator[Verdict]:
    """Let everything happen that can happen around an approval: words, decisions, a deadline."""
    for tier in ASKED_OF_PEOPLE[mode]:
        waits = approval == "pending"
        state = "awaiting_approval" if waits else "answered"
        on = case(intent="refund_request", tier=tier, state=state, approval_id="a1" if waits else None)
        asked = w.with_facts(approval=settled(approval), excerpt=page())
        for event in (given(), given("EDIT", text="Ya, Kak."), given("DENY"), given(approval_id="a0")):
            yield verdict_in(asked, event, on)
        if not waits:
            continue
        for intent, signals in (
            ("greeting", ()),
            ("withdrawal", ("withdrawal",)),
            ("refund_request", ("refund",)),
        ):
            said = asked.with_facts(reading=reading(request(intent, *signals)))
            yield verdict_in(said, MESSAGE, on)
        yield verdict_in(asked, timer("approval"), on)
        yield verdict_in(asked.with_facts(excerpt=page(content_hash="changed")), given(), on)


def test_every_cell_that_can_exist_is_reached_and_no_other(capsys: pytest.CaptureFixture[str]) -> None:
    hits: dict[Cell, dict[Decision, int]] = defaultdict(lambda: defaultdict(int))
    fired: set[str] = set()
    drawn = list(scenes())
    for mode, who, down in product(MODES, WHO, DEPENDENCIES):
        known = identity("WA_MATCH", locked=True) if who == "locked" else identity(who)
        by = rules(mode)
        worlds = [World(w.case, w.facts, w.request, by) for w in drawn]
        worlds = [w.with_facts(identity=known, mode=mode, down=down) for w in worlds]
        # One world for each outcome is enough beside an approval: what differs there is the approval.
        outcomes = {(v.tier, v.decision): w for w, v in zip(worlds, messages(worlds, "none"), strict=True)}
        for approval in APPROVALS:
            seen = worlds if approval == "none" else list(outcomes.values())
            found = [] if approval == "pending" else list(messages(seen, approval))
            found += [] if approval == "none" else list(people(worlds[0], mode, approval))
            for verdict in found:
                cell = Cell(mode, who, "+".join(sorted(down)) or "up", approval, verdict.tier)
                hits[cell][verdict.decision] += 1
                fired |= {hit.id for hit in verdict.rules}
    with capsys.disabled():
        sys.stdout.write(f"\n{coverage(hits)}\n")
    everywhere = [
        Cell(mode, who, "+".join(sorted(down)) or "up", approval, tier)
        for mode, who, down, approval, tier in product(MODES, WHO, DEPENDENCIES, APPROVALS, TIERS)
    ]
    for cell in everywhere:
        assert set(hits.get(cell, {})) == legal(cell), cell
    elsewhere = (*SHOP_RULES, *LEAD_RULES, *BOOKING_RULES, *ENROL_RULES)
    assert {rule.id for rule in RULES if rule not in elsewhere} <= fired


def coverage(hits: dict[Cell, dict[Decision, int]]) -> str:
    """Render the matrix with how often each decision was reached; what agrees shares a line."""
    alike: dict[tuple[str, Tier, str], list[Cell]] = defaultdict(list)
    for cell, found in hits.items():
        decisions = "  ".join(f"{decision} {count}" for decision, count in sorted(found.items()))
        alike[cell.down, cell.tier, decisions].append(cell)
    lines = [f"{len(hits)} cells: dependency down, tier; decisions reached; approvals; modes; identities"]
    for (down, tier, decisions), cells in sorted(alike.items()):
        named = [(cell.approval, cell.mode, cell.who) for cell in cells]
        shared = [",".join(dict.fromkeys(names)) for names in zip(*named, strict=True)]
        lines.append(f"{down:<18}{tier:<4}{decisions}   [{'; '.join(shared)}]")
    return "\n".join(lines)
