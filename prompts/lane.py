"""What the staff read, written from the packets the roles hand each other."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from pydantic import JsonValue

from casefile.approval import Alternative, ApprovalRequest
from casefile.base import Language
from casefile.packets import CasePacket, CResult, CTask
from casefile.verdict import Verdict
from prompts.lane_templates import LaneTemplates

DAY = 24 * 60


class LaneVoice(NamedTuple):
    """Lane templates in the language a lane is set to; `labels` are the words for what the packets name."""

    templates: LaneTemplates
    language: Language
    labels: Mapping[tuple[str, Language], str]

    def word(self, group: str, value: str) -> str:
        """Return the words for a name out of a packet; the name itself, legible, where there are none."""
        return self.labels.get((f"{group}.{value}", self.language), value.replace("_", " "))

    def request_words(self, intent: str) -> str:
        """Return what a case is about in words; a question is named after the topic it asks for."""
        kind, dot, topic = intent.partition(".")
        if dot:
            return f"{self.word('intent', kind)}: {topic.replace('_', ' ')}"
        known = self.labels.get((f"choice.{intent}", self.language))
        return known or self.word("intent", intent)

    def operation(self, task: CTask) -> str:
        """Write an operation with everything that identifies what it would change."""
        parts = (self.word("action", task.action), task.subject, self._pairs(task.params))
        return " ".join(part for part in parts if part)

    def _starts(self, minutes: int | None) -> str:
        """Say how far off a session is, more than a day in whole hours; one that has begun is past."""
        if minutes is None:
            return ""
        if minutes <= 0:
            return self.word("starts", "past")
        if minutes >= DAY:
            minutes = round(minutes / 60) * 60
        days, rest = divmod(minutes, DAY)
        units = (("day", days), ("hour", rest // 60), ("minute", rest % 60))
        counted = [f"{n} {self.word('unit', unit if n == 1 else f'{unit}s')}" for unit, n in units if n]
        return self.word("starts", "in").format(span=" ".join(counted))

    def case_packet(
        self,
        packet: CasePacket,
        verdict: Verdict,
        *,
        hooks: str,
        operation: CTask | None,
        due: str,
        qa: tuple[str, str] = ("", ""),
    ) -> str:
        """Write a case's card: `hooks` are the limits that matter to it, `due` its clock, both in words.

        `qa` is the outcome of A's checklist and its points, both empty where there was nothing to check.
        """
        return self._post(
            "case_packet",
            case_id=packet.case_id,
            tier=verdict.tier,
            decision=self.word("decision", verdict.decision),
            customer=packet.wa_number,
            identity=self.word("identity", packet.identity),
            request=self.request_words(packet.request),
            rules=_bullets(hit.words for hit in verdict.rules),
            hooks=hooks,
            starts=self._starts(packet.minutes_to_session),
            moves=_number(packet.reschedules_this_month),
            customer_message=packet.customer_message,
            draft_reply=packet.draft_reply,
            operation=self.operation(operation) if operation else "",
            qa=qa[0],
            qa_points=qa[1],
            approval=self._approval(verdict),
            due=due,
        )

    def approval_request(self, request: ApprovalRequest, *, deadline: str) -> str:
        """Write what a person must see to decide; what APPROVE, DENY or an alternative releases is never cut.

        `deadline` is the decide-by time in words. While a yes has nothing to release, it says so instead.
        """
        offered = request.operation is not None or request.wants is None
        return self._post(
            "approval_request",
            urgent=self.word("approval", "urgent") if request.urgent else "",
            kind=self.word("kind", request.kind),
            approval_id=request.id,
            case_id=request.case_id,
            customer=request.customer_masked,
            asks=request.asks,
            policy=request.policy,
            checked=_bullets(request.checked),
            suggested=request.suggested,
            notes=request.notes,
            operation=self.operation(request.operation) if request.operation else "",
            text=request.text,
            approve="APPROVE" if offered else "",
            if_approved=self.word("approval", "yes") if offered else "",
            unproved="" if offered else self.word("action", request.wants or ""),
            deny_text=request.deny_text,
            alternatives=_bullets(self._alternative(item) for item in request.alternatives),
            cited=", ".join(_short(item) for item in request.cited),
            additions=_bullets(request.additions),
            deadline=deadline,
        )

    def approval_decided(
        self, request: ApprovalRequest, *, who: str, when: str, outcome: str, why: str
    ) -> str:
        """Write the post of an approval over, once it is decided; `why` are conditions or a reason, if any."""
        return self._about(request, "approval_decided", who=who, when=when, outcome=outcome, why=why)

    def approval_void(self, request: ApprovalRequest, *, why: str) -> str:
        """Write the post of an approval over, once it is void."""
        return self._about(request, "approval_void", why=why)

    def approval_added(self, request: ApprovalRequest, *, addition: str) -> str:
        """Tell the approvers what the customer added meanwhile."""
        return self._about(request, "approval_added", addition=addition)

    def approval_reminder(self, request: ApprovalRequest, *, deadline: str, who: str) -> str:
        """Remind `who` of an approval that is still open."""
        return self._about(request, "approval_reminder", deadline=deadline, who=who)

    def operations_task(self, task: CTask, *, customer: str, constraints: str) -> str:
        """Write an operation that has been ordered; `constraints` are the limits it has to keep, in words."""
        return self._post(
            "operations_task",
            case_id=task.case_id,
            customer=customer,
            operation=self.operation(task),
            constraints=constraints,
            verification=self.word("verification", task.verification_status),
            approval_id=task.approval_id or "",
            key=task.idempotency_key,
        )

    def operations_return(self, result: CResult) -> str:
        """Write how an operation came back."""
        return self._post(
            "operations_return",
            case_id=result.case_id,
            action=self.word("action", result.action),
            status=self.word("result", result.status),
            details=result.details,
            old=self._pairs(result.old_state),
            new=self._pairs(result.new_state),
            refs=self._pairs(result.refs),
            rev=str(result.rev),
            next=result.next_recommendation,
        )

    def post(self, template_id: str, values: Mapping[str, str]) -> str:
        """Write any other lane message; see LaneTemplates.post."""
        return self.templates.post(template_id, self.language, values)

    def _about(self, request: ApprovalRequest, template_id: str, **values: str) -> str:
        return self._post(
            template_id,
            kind=self.word("kind", request.kind),
            case_id=request.case_id,
            customer=request.customer_masked,
            asks=request.asks,
            **values,
        )

    def _post(self, template_id: str, **values: str) -> str:
        return self.templates.post(template_id, self.language, values)

    def _alternative(self, item: Alternative) -> str:
        operation = f" [{self.operation(item.operation)}]" if item.operation else ""
        return f"{item.label}{operation}: {item.text}"

    def _approval(self, verdict: Verdict) -> str:
        if verdict.approval_kind is not None:
            return f"{self.word('kind', verdict.approval_kind)} ({verdict.lane or 'coach'})"
        return {"none": "", "role": "A", "human": "A + ops"}[verdict.a_approval]

    def _pairs(self, values: Mapping[str, JsonValue]) -> str:
        return ", ".join(f"{self.word('param', name)}={_written(value)}" for name, value in values.items())


def _written(value: JsonValue) -> str:
    """Write a parameter for people: goods by number and name, and of an address only its place."""
    if isinstance(value, list):
        return "; ".join(_written(each) for each in value)
    if not isinstance(value, dict):
        return str(value)
    return f"{value['qty']} x {value['sku']}" if "sku" in value else str(value.get("city", value))


def _short(cited: str) -> str:
    """Shorten a citation for reading: the page, its language and the first of its hash."""
    page, _, content = cited.partition("#")
    return f"{page}#{content[:8]}"


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"• {line}" for line in lines)


def _number(value: int | None) -> str:
    return "" if value is None else str(value)
