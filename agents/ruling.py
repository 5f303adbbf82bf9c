"""A's ruling in the words of its contract (spec 4, ADecision), and its line in the audit trail."""

from agents.work import Work
from casefile.effects import WriteAudit
from casefile.packets import ADecision, AuditEntry
from casefile.verdict import Decision


def documented(work: Work) -> WriteAudit:
    """Put A's ruling on the case into the audit trail."""
    ruling = decision(work)
    entry = AuditEntry(
        at=work.now,
        case_id=work.case.id,
        actor="A",
        service="case",
        action="rule",
        result="success",
        reason=ruling.reason,
        tier=ruling.tier,
        decision=ruling.decision,
        approver="COACH" if ruling.next_step == "ASK_COACH" else "A",
        policy_refs=ruling.audit_tags,
    )
    return WriteAudit(key=work.key("ruling"), entry=entry)


def decision(work: Work) -> ADecision:
    """Say A's ruling on a packet in its contract's words."""
    tier, hits = work.verdict.tier, work.verdict.rules
    ruling: dict[Decision, str] = {
        "NEED_VERIFICATION": "NEED_VERIFICATION",
        "ESCALATE_COACH": "ESCALATE_COACH",
        "DEGRADED_MODE": "DEGRADED_MODE",
        "ASK": "ASK",
    }
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
