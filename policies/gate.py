"""The gate, first half: admit a request before any role works on it.

What else enters a case is admitted by `policies.entering`; what the roles then propose is judged by
`policies.judge`.
"""

from casefile.case import Case
from casefile.facts import Facts
from casefile.reading import Reading, Request
from casefile.verdict import ApprovalKind, Decision, RuleHit, Tier, Verdict, strictest
from policies.conditions import START_HIGH, asks_only_about_policy
from policies.desk import Rules
from policies.matter import Matter, weigh
from policies.rollout import treatment
from policies.rule import Rule
from policies.rules import matching

WORKED_BY_A: frozenset[Decision] = frozenset({"ANSWER", "LOOK_UP", "EXECUTE"})


def admit(case: Case, facts: Facts, request: Request, rules: Rules) -> Verdict:
    """Price one request: floor, proofs, rollout mode. A model's suggestion can only raise the tier."""
    return verdict_of(weigh(case, facts, request, rules), rules)


def plain(case: Case, decision: Decision, rule: str, words: str) -> Verdict:
    """Return a verdict that leaves the case's tier as it is."""
    return Verdict(
        intent=case.intent,
        floor=case.tier,
        tier=case.tier,
        decision=decision,
        rules=(RuleHit(id=rule, words=words),),
    )


def verdict_of(matter: Matter, rules: Rules) -> Verdict:
    """Apply the table to a matter; the strictest matching row decides."""
    hits = matching(matter)
    first = hits[0]
    tier = strictest(first.tier, matter.model_tier)
    decision, lane, kind, missing = first.decision, first.lane, _kind(hits), first.missing
    extra: tuple[RuleHit, ...] = ()
    if tier != first.tier:
        extra = (RuleHit(id="MODEL.raise", words="A model saw more risk than the rules; it may only raise"),)
        if tier == "R3":
            decision, lane, missing = "ESCALATE_COACH", "coach", None
            kind = "RESCHEDULE_EXCEPTION" if matter.intent == "reschedule" else "OTHER_EXCEPTION"
    handled = treatment(rules.mode, tier, rules.a_approval)
    return Verdict(
        intent=matter.intent,
        signals=tuple(sorted(matter.signals)),
        floor=floor(matter),
        tier=tier,
        decision=decision,
        rules=(*(_hit(r) for r in hits), *extra),
        missing=missing,
        approval_kind=kind,
        lane=lane,
        urgent=any(r.urgent for r in hits),
        a_approval=handled.needs_a if decision in WORKED_BY_A else "none",
        dependency=matter.dependency if decision == "DEGRADED_MODE" else None,
    )


def _kind(hits: tuple[Rule, ...]) -> ApprovalKind | None:
    """Return what a person is asked about; an exception to the reschedule rule is asked as exactly that."""
    moved = any(rule.kind == "RESCHEDULE_EXCEPTION" for rule in hits)
    return "RESCHEDULE_EXCEPTION" if hits[0].id == "R3.exception" and moved else hits[0].kind


def floor(matter: Matter) -> Tier:
    """Return where a message starts: R3 when it so much as mentions what can hurt, else its own row's tier."""
    if matter.signals & START_HIGH:
        return "R3"
    return matching(matter)[0].tier


def came_down_by(matter: Matter) -> str | None:
    """Say what brought a message below its floor: a page, or proof from records; None when nothing did."""
    if not matter.signals & START_HIGH or matching(matter)[0].tier == "R3":
        return None
    return "page" if asks_only_about_policy(matter) else "records"


def request_of(case: Case, reading: Reading | None) -> Request:
    """Return the request of a reading that is this case's own, else its first, else an unclear one.

    Without a reading it is the case's own.
    """
    if reading is None:
        # What comes back without a word of the customer is still about what the case is about.
        return Request(intent=case.intent or "unclear", confidence=0.0, text="")
    for request in reading.requests:
        if request.intent == case.intent:
            return request
    if reading.requests:
        return reading.requests[0]
    return Request(intent="unclear", confidence=0.0, text=reading.normalized, signals=reading.signals)


def _hit(rule: Rule) -> RuleHit:
    return RuleHit(id=rule.id, words=rule.words)
