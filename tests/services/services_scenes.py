"""A small school: one adult, one parent of two, a VIP; and a clock that tests set."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from casefile.approval import Alternative, ApprovalRequest
from casefile.case import Case
from casefile.effects import CloseApproval, OpenApproval, RunOperation
from casefile.events import Client, InboundMessage, MessageReceived
from casefile.packets import CTask
from gateway.watched import Stored
from policies.limits import Limits
from ports.journal import TurnCommit
from services.operations import GuardedOperations
from store.database import Database
from store.facts import Reading
from store.journal import SqlJournal
from store.records_load import load_records, read_records
from store.sources import SqlSources

ZONE = ZoneInfo("Asia/Jakarta")
NOW = datetime(2026, 2, 10, 3, 0, tzinfo=UTC)  # a Tuesday, ten in the morning
READING = Reading(ZONE)


def on_weekdays(day: date) -> bool:
    """Say whether the small school works on a day: on every day but Sunday."""
    return day.weekday() != 6


FILES = {
    "coaches": "- {id: co_s, name: Sinta}\n- {id: co_b, name: Bima}\n",
    "contacts": """
- {id: ct_rina, aliases: [{kind: phone, value: "+6281200001001"}], email: Rina@Example.com, full_name: Rina}
- {id: ct_maya, aliases: [{kind: phone, value: "+6281200001003"}], full_name: Maya}
- {id: ct_vina, aliases: [{kind: phone, value: "+6281200001005"}], full_name: Vina, vip: true}
""",
    "students": """
- {id: st_rina, name: Rina, own_contact: ct_rina, package: {name: Privat, sessions_left: 5, expires_day_offset: 9}}
- {id: st_alya, name: Alya, guardians: [ct_maya]}
- {id: st_kenzo, name: Kenzo, guardians: [ct_maya]}
- {id: st_vina, name: Vina, own_contact: ct_vina}
""",
    "sessions": """
- {id: ss_rina_1, student: st_rina, coach: Sinta, day_offset: 3, at: 16:00, minutes: 60}
- {id: ss_rina_2, student: st_rina, coach: Sinta, day_offset: 6, at: "16:00", minutes: 60}
- {id: ss_rina_3, student: st_rina, coach: Sinta, day_offset: 8, at: "16:00", minutes: 60}
- {id: ss_today, student: st_alya, coach: Sinta, day_offset: 0, at: "11:00", minutes: 60}
- {id: ss_kenzo, student: st_kenzo, coach: Bima, day_offset: 3, at: "16:00", minutes: 60}
- {id: ss_vina, student: st_vina, coach: Bima, day_offset: 4, at: "16:00", minutes: 60}
""",
    "slots": """
- {id: sl_1, coach: Sinta, day_offset: 2, at: "10:00", minutes: 60}
- {id: sl_2, coach: Sinta, day_offset: 2, at: "13:00", minutes: 60}
- {id: sl_3, coach: Sinta, day_offset: 9, at: "10:00", minutes: 60}
- {id: sl_4, coach: Sinta, day_offset: 9, at: "13:00", minutes: 60}
- {id: sl_b, coach: Bima, day_offset: 2, at: "10:00", minutes: 60}
- {id: sl_past, coach: Sinta, day_offset: -1, at: "10:00", minutes: 60}
- {id: sl_clash, coach: Bima, day_offset: 3, at: "16:30", minutes: 60}
- {id: sl_sunday, coach: Sinta, day_offset: 5, at: "10:00", minutes: 60}
""",
    "reschedules": "- {student: st_kenzo, month_offset: 0, count: 1, source: customer}\n"
    "- {student: st_kenzo, month_offset: 0, count: 4, source: school}\n"
    "- {student: st_kenzo, month_offset: -1, count: 2, source: customer}\n",
    "invoices": """
- number: INV-2026-0201-001
  contact: ct_rina
  amount: 1200000
  due_day_offset: 3
  status: unpaid
  payment: {state: PENDING, source: invoice}
- number: INV-2026-0101-001
  contact: ct_rina
  amount: 1200000
  due_day_offset: -30
  status: paid
  payment: {state: CONFIRMED, source: staff, confirmed_by: sf_tari, evidence: SK-1, paid_day_offset: -31}
""",
    "staff": "- {id: sf_sinta, name: Sinta, telegram_user_id: 1, roles: [coach]}\n"
    "- {id: sf_tari, name: Tari, telegram_user_id: 2, roles: [operator]}\n",
}


class SetClock:
    """A clock that stands where a test puts it."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at

    async def wait_until(self, at: datetime, wake: asyncio.Event) -> None:
        self.at = max(self.at, at)


def write_files(folder: Path, **changed: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in {**FILES, **changed}.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


class School:
    """An open school with one case per contact."""

    def __init__(self, database: Database, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self.clock = SetClock()
        self.database = database
        self.journal = SqlJournal(self.database, {"628001": "school"}, lambda: "0" * 12)
        self.reading = Reading(ZONE, self.limits.quota_month, self.limits.snapshot_ttl_minutes)
        self.sources = SqlSources(self.database, self.reading)
        # What C reads of the schedule; tests put another in its place.
        self.book: Stored = self.sources
        self.operations = GuardedOperations(self.database, self.clock, self.limits, ZONE, "salt")
        self.turns = 0

    async def open(self, folder: Path) -> "School":
        records = read_records(write_files(folder))
        await self.database.submit(lambda tx: load_records(tx, records, self.reading, NOW, on_weekdays))
        for name in ("rina", "maya", "vina"):
            await self.commit(f"SCH-{name}", f"ct_{name}")
        return self

    async def commit(self, case_id: str, contact_id: str, *effects: Any) -> None:
        self.turns += 1
        case = Case(
            id=case_id,
            desk="school",
            conversation_id=f"wa-628001-{contact_id}",
            contact_id=contact_id,
            language="id",
            opened_at=NOW,
            updated_at=self.clock.at,
        )
        told = tuple((case_id, effect) for effect in effects)
        await self.journal.commit(
            TurnCommit(f"t{self.turns}", case.conversation_id, self.clock.at, (), (case,), told, (), (), ())
        )

    async def asked(self, task: CTask) -> None:
        """Have a turn ask for the operation, as C does."""
        contact_id = task.case_id.replace("SCH-", "ct_")
        await self.commit(task.case_id, contact_id, RunOperation(key=task.idempotency_key, task=task))

    async def approved(
        self,
        task: CTask,
        state: Any = "approved",
        alternatives: tuple[Alternative, ...] = (),
        why: str = "",
        lane: Any = "coach",
    ) -> CTask:
        """Have a coach decide on the operation; return the task that carries the approval."""
        approval_id = f"ap-{task.idempotency_key}"
        request = ApprovalRequest(
            id=approval_id,
            case_id=task.case_id,
            kind="OTHER_EXCEPTION",
            lane=lane,
            token=f"tok-{approval_id}",
            digest="d",
            customer_masked="+62…1001",
            language="id",
            asks="minta pengecualian",
            policy="kuota",
            checked=(),
            suggested="setuju",
            operation=task,
            text="Baik Kak",
            deny_text="Mohon maaf Kak",
            alternatives=alternatives,
            requested_at=NOW,
            deadline=NOW + timedelta(hours=2),
        )
        contact_id = task.case_id.replace("SCH-", "ct_")
        effects: list[Any] = [OpenApproval(key=f"o-{approval_id}", request=request)]
        if state != "pending":
            effects.append(
                CloseApproval(
                    key=f"c-{approval_id}", approval_id=approval_id, state=state, by="sf_sinta", why=why
                )
            )
        await self.commit(task.case_id, contact_id, *effects)
        return task.model_copy(update={"approval_id": approval_id})


def task(action: Any, subject: str, key: str = "k1", case: str = "rina", **params: Any) -> CTask:
    return CTask(
        case_id=f"SCH-{case}",
        action=action,
        subject=subject,
        params=params,
        verification_status="OK",
        idempotency_key=key,
    )


def move(key: str = "k1", session: str = "ss_rina_1", slot: str = "sl_1", **rest: Any) -> CTask:
    return task("RESCHEDULE", rest.pop("subject", "st_rina"), key, session_id=session, slot_id=slot, **rest)


def first_message(phone: str, message_id: str = "m1") -> MessageReceived:
    return MessageReceived(
        account="628001",
        received_at=NOW,
        sent_at=NOW,
        client=Client(phone=phone),
        message=InboundMessage(id=message_id, kind="text", text="halo"),
    )
