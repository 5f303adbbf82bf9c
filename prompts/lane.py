"""What the staff read, written from the packets the roles hand each other."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from pydantic import JsonValue

from casefile.approval import Alternative, ApprovalRequest
from casefile.base import Language
from casefile.packets import CasePacket, CResult, CTask
from casefile.verdict import Verdict
from prompts.lane_templates import LaneTemplates


class LaneVoice(NamedTuple):
    """Lane templates in the language a lane is set to."""

    templates: LaneTemplates
    language: Language

    def case_packet(
        self, packet: CasePacket, verdict: Verdict, *, hooks: str, operation: CTask | None, due: str
    ) -> str:
        """Write a case's card; `hooks` are the limits that matter to it, `due` its clock, both in words."""
        return self._post(
            "case_packet",
            case_id=packet.case_id,
            tier=verdict.tier,
            decision=verdict.decision,
            customer=packet.wa_number,
            identity=packet.identity,
            request=packet.request,
            rules=_bullets(hit.words for hit in verdict.rules),
            hooks=hooks,
            minutes=_number(packet.minutes_to_session),
            moves=_number(packet.reschedules_this_month),
            customer_message=packet.customer_message,
            draft_reply=packet.draft_reply,
            operation=operation_words(operation) if operation else "",
            approval=_approval(verdict),
            due=due,
        )

    def approval_request(self, request: ApprovalRequest, *, deadline: str) -> str:
        """Write what a person must see to decide; what APPROVE, DENY or an alternative releases is never cut.

        `deadline` is the decide-by time in words.
        """
        return self._post(
            "approval_request",
            urgent="!" if request.urgent else "",
            kind=request.kind,
            approval_id=request.id,
            case_id=request.case_id,
            customer=request.customer_masked,
            asks=request.asks,
            policy=request.policy,
            checked=_bullets(request.checked),
            suggested=request.suggested,
            operation=operation_words(request.operation) if request.operation else "",
            text=request.text,
            deny_text=request.deny_text,
            alternatives=_bullets(_alternative(item) for item in request.alternatives),
            cited=", ".join(_short(item) for item in request.cited),
            additions=_bullets(request.additions),
            deadline=deadline,
        )

    def approval_decided(self, request: ApprovalRequest, *, who: str, when: str, outcome: str) -> str:
        """Write the post of an approval over, once it is decided."""
        return self._about(request, "approval_decided", who=who, when=when, outcome=outcome)

    def approval_void(self, request: ApprovalRequest, *, why: str) -> str:
        """Write the post of an approval over, once it is void."""
        return self._about(request, "approval_void", why=why)

    def approval_added(self, request: ApprovalRequest, *, addition: str) -> str:
        """Tell the approvers what the customer added meanwhile."""
        return self._about(request, "approval_added", addition=addition)

    def approval_reminder(self, request: ApprovalRequest, *, deadline: str, who: str) -> str:
        """Remind `who` of an approval that is still open."""
        return self._about(request, "approval_reminder", deadline=deadline, who=who)

    def operations_task(self, task: CTask, *, customer: str) -> str:
        """Write an operation that has been ordered."""
        return self._post(
            "operations_task",
            case_id=task.case_id,
            customer=customer,
            operation=operation_words(task),
            constraints=_pairs(task.constraints),
            verification=task.verification_status,
            approval_id=task.approval_id or "",
            key=task.idempotency_key,
        )

    def operations_return(self, result: CResult) -> str:
        """Write how an operation came back."""
        return self._post(
            "operations_return",
            case_id=result.case_id,
            action=result.action,
            status=result.status,
            details=result.details,
            old=_pairs(result.old_state),
            new=_pairs(result.new_state),
            refs=_pairs(result.refs),
            rev=str(result.rev),
            next=result.next_recommendation,
        )

    def post(self, template_id: str, values: Mapping[str, str]) -> str:
        """Write any other lane message; see LaneTemplates.post."""
        return self.templates.post(template_id, self.language, values)

    def _about(self, request: ApprovalRequest, template_id: str, **values: str) -> str:
        return self._post(
            template_id,
            kind=request.kind,
            case_id=request.case_id,
            customer=request.customer_masked,
            asks=request.asks,
            **values,
        )

    def _post(self, template_id: str, **values: str) -> str:
        return self.templates.post(template_id, self.language, values)


def operation_words(task: CTask) -> str:
    """Write an operation with everything that identifies what it would change."""
    return " ".join(part for part in (task.action, task.subject, _pairs(task.params)) if part)


def _short(cited: str) -> str:
    """Shorten a citation for reading: the page, its language and the first of its hash."""
    page, _, content = cited.partition("#")
    return f"{page}#{content[:8]}"


def _alternative(item: Alternative) -> str:
    operation = f" [{operation_words(item.operation)}]" if item.operation else ""
    return f"{item.label}{operation}: {item.text}"


def _approval(verdict: Verdict) -> str:
    if verdict.approval_kind is not None:
        return f"{verdict.approval_kind} ({verdict.lane or 'coach'})"
    return {"none": "", "role": "A", "human": "A + ops"}[verdict.a_approval]


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"• {line}" for line in lines)


def _pairs(values: Mapping[str, JsonValue]) -> str:
    return ", ".join(f"{name}={value}" for name, value in values.items())


def _number(value: int | None) -> str:
    return "" if value is None else str(value)
