"""Small builders for the store's tests."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from casefile.approval import ApprovalRequest
from casefile.case import Case
from casefile.effects import Effect, PostToLane, RunOperation, SendMessage
from casefile.events import Client, DeliveryStatus, InboundMessage, MessageReceived
from casefile.packets import CTask
from casefile.records import Alias
from ports.journal import TurnCommit
from store.database import Database
from store.journal import SqlJournal

NOW = datetime(2026, 2, 10, 3, 0, tzinfo=UTC)
ACCOUNT = "628001"


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def journal(database: Database) -> SqlJournal:
    numbers = count(1)
    return SqlJournal(database, {ACCOUNT: "school"}, lambda: f"{next(numbers):012x}")


def message(
    external_id: str,
    text: str = "halo",
    *,
    phone: str | None = "+6281200001001",
    aliases: tuple[Alias, ...] = (),
    seconds: float = 0,
    name: str | None = None,
) -> MessageReceived:
    return MessageReceived(
        account=ACCOUNT,
        received_at=at(seconds),
        sent_at=at(seconds - 1),
        client=Client(phone=phone, display_name=name, aliases=aliases),
        message=InboundMessage(id=external_id, kind="text", text=text),
    )


def status(
    name: Any, *, provider_id: str = "wamid.1", key: str | None = None, seconds: float = 5
) -> DeliveryStatus:
    return DeliveryStatus(
        account=ACCOUNT, received_at=at(seconds), provider_id=provider_id, key=key, status=name
    )


def case(case_id: str = "SCH-2026-0001", conversation_id: str = "wa-628001-ct_1", **changes: Any) -> Case:
    return Case(
        id=case_id,
        desk="school",
        conversation_id=conversation_id,
        contact_id="ct_1",
        language="id",
        opened_at=NOW,
        updated_at=NOW,
    ).with_(**changes)


def send(key: str, conversation_id: str = "wa-628001-ct_1", text: str = "Halo Kak") -> SendMessage:
    return SendMessage(
        key=key,
        conversation_id=conversation_id,
        text=text,
        language="id",
        template="hello@1",
        purpose="answer",
    )


def post(key: str, thread: str = "SCH-2026-0001") -> PostToLane:
    return PostToLane(key=key, lane="ops", thread=thread, html="<b>hi</b>")


def operation(key: str, task_key: str | None = None) -> RunOperation:
    return RunOperation(
        key=key,
        task=CTask(
            case_id="SCH-2026-0001",
            action="OPT_OUT",
            subject="ct_1",
            verification_status="OK",
            idempotency_key=task_key or key,
        ),
    )


def approval(approval_id: str = "ap1", digest: str = "d1", **changes: Any) -> ApprovalRequest:
    return ApprovalRequest(
        id=approval_id,
        case_id="SCH-2026-0001",
        kind="REFUND",
        token=f"tok-{approval_id}",
        digest=digest,
        customer_masked="+62…1001",
        language="id",
        asks="uang kembali",
        policy="tidak ada refund",
        checked=(),
        suggested="tolak",
        text="Baik Kak",
        deny_text="Mohon maaf Kak",
        requested_at=NOW,
        deadline=at(7200),
    ).model_copy(update=changes)


def turn(
    turn_id: str,
    *,
    inbox_ids: tuple[int, ...] = (),
    effects: tuple[Effect, ...] = (),
    cases: tuple[Case, ...] | None = None,
    conversation_id: str = "wa-628001-ct_1",
    seconds: float = 0,
    **rest: Any,
) -> TurnCommit:
    told = (case(conversation_id=conversation_id),) if cases is None else cases
    fields: dict[str, Any] = {"transcript": (), "measures": (), "records": (), **rest}
    return TurnCommit(
        turn_id=turn_id,
        conversation_id=conversation_id,
        at=at(seconds),
        inbox_ids=inbox_ids,
        cases=told,
        effects=tuple((told[0].id if told else "", effect) for effect in effects),
        **fields,
    )
