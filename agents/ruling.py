"""A's ruling in the words of its contract (spec 4, ADecision), and what a person decided, for the audit trail."""

from typing import Any

from agents.checklist import Checklist, evaluate
from agents.work import Work
from casefile.effects import SendMessage, WriteAudit
from casefile.packets import ADecision, AuditEntry
from casefile.verdict import Decision

CANDIDATE = "exception:candidate"
DECIDED = {"approved": "APPROVE", "edited": "EDIT", "denied": "DENY"}


def documented(work: Work) -> WriteAudit:
    """Put A's ruling on the case into the audit trail; where a person decided, in that person's name."""
    ruling = decision(work)
    entry = {
        "at": work.now,
        "case_id": work.case.id,
        "actor": "A",
        "service": "case",
        "action": "rule",
        "result": "success",
        "reason": ruling.reason,
        "tier": ruling.tier,
        "decision": ruling.decision,
        "approver": "COACH" if ruling.next_step == "ASK_COACH" else "A",
        "policy_refs": ruling.audit_tags,
        **by_person(work),
    }
    key = work.key("ruling")
    # A rules twice in a turn when something it let go was refused on its way out.
    again = any(effect.key == key for effect in work.effects)
    return WriteAudit(key=f"{key}:again" if again else key, entry=AuditEntry.model_validate(entry))


def by_person(work: Work) -> dict[str, Any]:
    """Return who decided what this turn carries out, with which words, and whether it may become policy.

    Decided in this turn, or in the one that sent the operation off which has come back now; empty otherwise.
    """
    given, record = work.approval(), work.facts.approval
    if record is None or (given is None and record.state not in DECIDED):
        return {}
    how = given.decision if given else DECIDED[record.state]
    who = given.by if given else record.decided_by
    words = given.conditions if given else record.why
    marked = given.candidate if given else CANDIDATE in work.case.tags
    request = record.request
    rules = "; ".join(hit.id for hit in work.verdict.rules)
    said: dict[str, Any] = {
        "decision": how,
        "approver": who,
        "reason": f"{request.kind}: {words or rules}" if how == "DENY" else f"{request.kind}: {rules}",
        "policy_refs": (*(hit.id for hit in work.verdict.rules), *request.cited),
    }
    if how == "DENY":
        return said
    exception = request.lane == "coach"
    scope = ("candidate for policy" if marked else "one-off") if exception else ""
    return {**said, "notes": words, "scope": scope}


def decision(work: Work) -> ADecision:
    """Say A's ruling on a packet in its contract's words."""
    tier, hits = work.verdict.tier, work.verdict.rules
    ruling: dict[Decision, str] = {
        "NEED_VERIFICATION": "NEED_VERIFICATION",
        "ESCALATE_COACH": "ESCALATE_COACH",
        "DEGRADED_MODE": "DEGRADED_MODE",
        "ASK": "ASK",
    }
    checklist = _checked(work)
    if checklist is not None and checklist.outcome != "APPROVED":
        drafts = [e for e in work.effects if isinstance(e, SendMessage)]
        return ADecision(
            tier=tier,
            decision="EDIT" if checklist.passed else "ESCALATE_COACH",
            reason="; ".join(hit.words for hit in checklist.found) or hits[0].words,
            customer_reply=drafts[0].text if drafts and checklist.passed else None,
            audit_tags=tuple(hit.id for hit in (*hits, *checklist.found)),
        )
    return ADecision.model_validate(
        {
            "tier": tier,
            "decision": ruling.get(work.verdict.decision, "APPROVE"),
            "reason": hits[0].words,
            "next_step": "ASK_COACH" if work.verdict.decision == "ESCALATE_COACH" else "NONE",
            "required_fields": (work.verdict.missing,) if work.verdict.missing else (),
            "audit_tags": tuple(hit.id for hit in hits),
        }
    )


def _checked(work: Work) -> Checklist | None:
    return evaluate(work) if work.verdict.a_approval != "none" else None
