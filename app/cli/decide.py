"""`loket approve`, `deny`, `edit`, `reply`, `tasks`, `cases resolve` and `confirm-payment`: people, by command.

Each writes to the database the server runs on; a running server takes it up within seconds, a stopped one when it
starts.
"""

import argparse
import asyncio
import hashlib

from app.cli.common import person, say, settings_of
from app.cli.wiring import wired
from app.wire import Wired, decisions_for
from casefile.errors import BadInput
from casefile.events import OperatorCommand
from casefile.packets import CTask
from casefile.records import StaffMember
from policies.approvals import Decision

DECISIONS: dict[str, Decision] = {"approve": "APPROVE", "deny": "DENY", "edit": "EDIT"}


def run(args: argparse.Namespace) -> int:
    """Carry one decision to the database; 0 when it was taken, 1 when it was refused."""
    return asyncio.run(_run(args))


async def _run(args: argparse.Namespace) -> int:
    async with wired(settings_of(args)) as parts:
        by = person(await parts.stored.staff(), args.by)
        if args.action == "confirm-payment":
            return await _paid(parts, args.invoice, by, args.evidence)
        if args.action in {"reply", "done", "cancel"}:
            return await _said(parts, args, by)
        if args.action == "resolve":
            return await _resolve(parts, args.case, by)
        return await _decide(parts, args.case, by, DECISIONS[args.action], args.words)


async def _decide(parts: Wired, case_id: str, by: StaffMember, decision: Decision, words: str) -> int:
    if await parts.journal.conversation_of(case_id) is None:
        raise BadInput(f"there is no case {case_id!r}; `loket cases list` shows them")
    record = await parts.journal.pending_approval_of(case_id)
    if record is None:
        raise BadInput(
            f"{case_id} is not waiting for a decision; `loket cases show {case_id}` says how it stands"
        )
    taken: list[str] = []
    decisions, _ = decisions_for(parts, taken.append)
    say(await decisions.decide(record, by, decision, words, None, f"cli:{by.id}"))
    return 0 if taken else 1


async def _said(parts: Wired, args: argparse.Namespace, by: StaffMember) -> int:
    taken: list[str] = []
    _, replies = decisions_for(parts, taken.append)
    if args.action == "reply":
        say(await replies.answer(args.case, by, args.words, f"cli:{by.id}"))
    else:
        settle = replies.cancel if args.action == "cancel" else replies.done
        say(await settle(args.task, by, args.words, f"cli:{by.id}"))
    return 0 if taken else 1


async def _resolve(parts: Wired, case_id: str, by: StaffMember) -> int:
    conversation = await parts.journal.conversation_of(case_id)
    if conversation is None:
        raise BadInput(f"there is no case {case_id!r}; `loket cases list` shows them")
    now = parts.clock.now()
    case = next((c for c in await parts.stored.open_cases(conversation, now) if c.id == case_id), None)
    if case is None:
        say(f"{case_id} is settled already.")
        return 1
    if case.approval_id is not None:
        raise BadInput(f"{case_id} waits for a decision; `loket approve` or `loket deny` it first")
    event = OperatorCommand(at=now, case_id=case_id, command="resolve", by=by.id)
    await parts.journal.submit(conversation, event, f"cli:resolve:{case_id}:{case.turn}", now)
    say(f"{case_id} will be resolved, by {by.name}.")
    return 0


async def _paid(parts: Wired, invoice: str, by: StaffMember, evidence: str) -> int:
    number = invoice.strip().upper()
    # The same words by the same person are the same confirmation, however often they are typed.
    said = hashlib.sha256(f"{by.id}\n{evidence}".encode()).hexdigest()[:12]
    task = CTask(
        case_id="",
        action="PAYMENT_CONFIRM_MANUAL",
        subject=number,
        params={"staff_id": by.id, "evidence": evidence},
        verification_status="OK",
        idempotency_key=f"cli:paid:{number}:{said}",
    )
    result = await parts.operations.execute(task)
    say(f"{result.status}: {result.details}")
    return 0 if result.status == "SUCCESS" else 1
