"""A console on a real port over a real SQLite file, with cases written as turns write them."""

import asyncio
import socket
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from adapters.clock import ManualClock
from casefile.approval import ApprovalRequest
from casefile.case import Case
from casefile.effects import Effect, OpenApproval, PostToLane, SendMessage
from casefile.events import Client, InboundMessage, MessageReceived
from casefile.reading import Reading, Request
from casefile.verdict import RuleHit, Verdict
from console.app import build_console
from graph.record import TurnRecord
from graph.tape import Read
from policies.privacy import mask_phone
from ports.journal import TurnCommit
from store.database import Database
from store.journal import SqlJournal
from store.views import Views

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
PHONE = "+6281200001001"
ACCOUNT = "628001"
STAGE = "http://127.0.0.1:9999"
SECRET_WORDS = "uang saya tolong kembalikan rahasia"
REFUND = RuleHit(id="R3.refund", words="Asks for money back")


class Server(uvicorn.Server):
    """Says when it is up."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()


class Desk:
    """A store, and a console served from it."""

    def __init__(self, path: Path, reveal: bool) -> None:
        ids = count(1)
        self.clock = ManualClock(NOW)
        self.database = Database.open(path / "loket.db")
        self.journal = SqlJournal(self.database, {ACCOUNT: "school"}, lambda: f"{next(ids):012x}")
        views = Views(self.database, mask_phone)
        console = build_console(
            views, self.clock, ZoneInfo("Asia/Jakarta"), reveal=reveal, framed_by=(STAGE,)
        )
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self._server = Server(
            uvicorn.Config(
                Starlette(routes=[Mount("/console", console)]),
                log_level="warning",
                access_log=False,
                ws="none",
            )
        )
        self._running: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    async def start(self) -> None:
        self._running = asyncio.create_task(self._server._serve([self._socket]))
        await self._server.up.wait()

    async def stop(self) -> None:
        if self._running is None:
            return
        self._server.should_exit = True
        await self._running
        self._running = None

    async def writes(self, phone: str, text: str) -> str:
        """A customer writes; return the conversation."""
        [received] = await self.journal.receive([message(text, phone)])
        return received.conversation_id

    async def turn(self, case: Case, *effects: Effect, record: TurnRecord | bytes | None = None) -> None:
        """Commit one turn of a case."""
        body = record.packed() if isinstance(record, TurnRecord) else record
        records = ((case.id, case.turn, body),) if body else ()
        await self.journal.commit(
            TurnCommit(
                f"{case.id}:{case.turn}",
                case.conversation_id,
                case.updated_at,
                (),
                (case,),
                tuple((case.id, effect) for effect in effects),
                (),
                (),
                records,
            )
        )


def message(text: str, phone: str = PHONE) -> MessageReceived:
    return MessageReceived(
        account=ACCOUNT,
        received_at=NOW,
        sent_at=NOW,
        client=Client(phone=phone, display_name="Rina"),
        message=InboundMessage(id=f"wamid.{phone}.{text[:9]}", kind="text", text=text),
    )


def case(case_id: str, conversation: str, minutes: float = 0, **changes: Any) -> Case:
    at = NOW + timedelta(minutes=minutes)
    return Case(
        id=case_id,
        desk="school",
        conversation_id=conversation,
        contact_id="ct_1",
        language="id",
        opened_at=at,
        updated_at=at,
    ).with_(**{"turn": 1, **changes})


def say(case: Case, text: str, key: str = "send") -> SendMessage:
    return SendMessage(
        key=f"{case.id}:{case.turn}:{key}",
        conversation_id=case.conversation_id,
        text=text,
        language="id",
        template="refund_received@1",
        purpose="acknowledge",
    )


def record(case: Case, text: str, *effects: Effect, **changes: Any) -> TurnRecord:
    """A turn that asked a coach: B spoke, D reviewed, A opened an approval and had a promise held back."""
    keys = [effect.key for effect in effects]
    fields: dict[str, Any] = {
        "turn_id": f"{case.id}:{case.turn}",
        "case_id": case.id,
        "turn": case.turn,
        "now": case.updated_at,
        "events": (message(text),),
        "reading": Reading(
            language="id",
            normalized=text,
            requests=(Request(intent="refund_request", confidence=0.93, text=text),),
            signals=("refund",),
        ),
        "reads": (Read("collect", "Books.payments", ["ct_1"], None, "payments"),),
        "verdict": Verdict(
            intent="refund_request",
            signals=("refund",),
            floor="R3",
            tier="R3",
            decision="ESCALATE_COACH",
            rules=(REFUND,),
        ),
        "effects": effects,
        "steps": (
            _step("frontline_b", keys[:1], "triaged", [["send_message", ["QA.commitment", "JUDGE.undone"]]]),
            _step("specialist_d", [], "triaged"),
            _step("orchestrator_a", keys[1:], "awaiting_approval"),
        ),
        "config": "c1",
        "before": None,
        "after_digest": "d1",
    }
    return TurnRecord(**{**fields, **changes})


def _step(node: str, keys: list[str], state: str, held: Any = ()) -> dict[str, Any]:
    return {
        "node": node,
        "decision": "ESCALATE_COACH",
        "effects": keys,
        "held": list(held),
        "state": state,
    }


def approval(case: Case, asks: str) -> OpenApproval:
    request = ApprovalRequest(
        id=f"{case.id}-1",
        case_id=case.id,
        kind="REFUND",
        token=f"tok-{case.id}",
        digest="abcdef0123456789",
        customer_masked="+62…1001",
        language="id",
        asks=asks,
        policy="Asks for money back",
        checked=("identity: WA_MATCH", "rina@example.com"),
        suggested=asks,
        text="Disetujui ya Kak",
        deny_text="Mohon maaf Kak",
        requested_at=NOW,
        deadline=NOW + timedelta(hours=2),
    )
    return OpenApproval(key=f"{case.id}:open", request=request)


async def refund(desk: Desk, text: str = SECRET_WORDS) -> Case:
    """A refund request that waits for a coach."""
    conversation = await desk.writes(PHONE, text)
    asked = case(
        "SCH-2026-0001",
        conversation,
        state="awaiting_approval",
        owner="coach",
        tier="R3",
        intent="refund_request",
        request=text,
        approval_id="SCH-2026-0001-1",
        due_at=NOW + timedelta(minutes=10),
    )
    post = PostToLane(key="post", lane="coach", thread=asked.id, html=f"<b>{text}</b>")
    effects = (say(asked, f"Kami cek ya Kak: {text}"), approval(asked, text), post)
    await desk.turn(asked, *effects, record=record(asked, text, *effects))
    return asked
