"""Flows as scripts: what somebody does on one line, what leaves because of it on the next."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from casefile.case import Case
from casefile.effects import (
    AttachEvidence,
    CloseApproval,
    ForgetWaiting,
    NoteGap,
    OpenApproval,
    PostToLane,
    PushDelta,
    Remember,
    RunOperation,
    SendMessage,
    StartTimer,
    StopTimer,
    WriteAudit,
)
from casefile.events import ApprovalGiven, Media
from casefile.payment_effects import ClosePayment, RefundPayment, RequestPayment
from tests.graph.whole import World, phone_of

# A desk whose people arrange trials and enrolments, and write the bills.
BY_PEOPLE: dict[str, Any] = {"enrols": False, "payments": {"provider": "none"}}
SHORT: dict[type, Callable[[Any], str]] = {
    SendMessage: lambda e: f"say {e.template.partition('@')[0]}",
    PostToLane: lambda e: f"post {e.lane}:{e.thread.partition(':')[0]}",
    RunOperation: lambda e: f"run {e.task.action}",
    ClosePayment: lambda e: f"close {e.reference}",
    RefundPayment: lambda e: f"give back {e.reference}",
    RequestPayment: lambda e: f"request {e.invoice_number}",
    StartTimer: lambda e: f"timer {e.timer}",
    StopTimer: lambda e: f"stop {e.key.rpartition(':')[2]}",
    OpenApproval: lambda e: f"ask {e.request.kind}",
    CloseApproval: lambda e: f"settle {e.state}",
    Remember: lambda e: f"remember {' '.join(sorted(e.changes))}",
    PushDelta: lambda e: "delta",
    AttachEvidence: lambda e: "evidence",
    ForgetWaiting: lambda e: "forget",
    WriteAudit: lambda e: f"audit {e.entry.action}",
    NoteGap: lambda e: "gap",
}


@dataclass(slots=True)
class Flow:
    """One customer's story at the desk; `who` is a sample contact's id, or a number nobody knows."""

    world: World
    who: str
    _seen: int = field(default=0)
    _turns: int = field(default=0)

    async def says(self, *texts: str, button: str | None = None) -> list[str]:
        """Let the customer write a burst, or press a button; return what left."""
        phone = self.who if self.who.startswith("+") else phone_of(self.who)
        await self.world.hears(phone, *texts, button=button)
        return self.out()

    async def shows(self, caption: str = "") -> list[str]:
        """Let the customer send a picture; return what left."""
        photo = Media(id=f"media{self.world.messages}", mime="image/jpeg", caption=caption)
        await self.world.hears(phone_of(self.who), caption, media=photo)
        return self.out()

    async def presses(self, value: str) -> list[str]:
        """Let the customer press a button under one of our messages."""
        return await self.says("x", button=value)

    async def waits(self, *, hours: float = 0, minutes: float = 0) -> list[str]:
        """Let time go by; return what left because of it."""
        await self.world.passes(int(hours * 60 + minutes))
        return self.out()

    async def decided(self, decision: str, by: str = "sf_sinta", **more: Any) -> list[str]:
        """Let a person decide what this customer's case is waiting for."""
        (row,) = self.world.rows("SELECT id, case_id FROM approvals WHERE state = 'pending'")
        event = ApprovalGiven.model_validate(
            {
                "at": self.world.clock.now(),
                "case_id": row["case_id"],
                "approval_id": row["id"],
                "decision": decision,
                "by": by,
                **more,
            }
        )
        conversation = await self.world.wired.journal.conversation_of(row["case_id"])
        assert conversation is not None
        now = self.world.clock.now()
        await self.world.wired.journal.submit(conversation, event, f"approval:{row['id']}", now)
        await self.world.run(conversation)
        return self.out()

    def out(self) -> list[str]:
        """Return what left since it was last asked; A's ruling, which every visit of A leaves, goes unsaid."""
        new = [SHORT[type(effect)](effect) for _, effect in self.world.effects[self._seen :]]
        new = [words for words in new if words != "audit rule"]
        self._seen = len(self.world.effects)
        return new

    def roles(self) -> list[str]:
        """Return the nodes that the last turn went through."""
        record, _ = self.world.effects[-1]
        return [step["node"] for step in record.steps]

    def last(self) -> str:
        """Return the words the customer heard last."""
        return self.world.said[-1].effect.text

    def case(self, number: int = -1) -> Case:
        """Return a case of the customer, the newest unless told otherwise."""
        rows = self.world.rows("SELECT body FROM cases ORDER BY opened_at, id")
        return Case.model_validate_json(rows[number]["body"])
