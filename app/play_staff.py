"""What staff enter by command in a script, as the task their command line would give."""

from datetime import datetime

from pydantic import JsonValue

from app.script_steps import Command
from casefile.packets import Action, CTask

# What each command writes, and what of it is named.
ACTIONS: dict[str, Action] = {
    "confirm_payment": "PAYMENT_CONFIRM_MANUAL",
    "pack": "ORDER_STATUS",
    "ship": "ORDER_STATUS",
    "deliver": "ORDER_STATUS",
    "stock": "STOCK_SET",
}
STATUS = {"pack": "processing", "ship": "shipped", "deliver": "delivered"}


def staff_task(command: Command, at: datetime) -> CTask | None:
    """Return the task of a command; None for one that answers or decides a case."""
    action = ACTIONS.get(command.do)
    if action is None:
        return None
    details: dict[str, JsonValue] = {"evidence": command.words}
    if action == "ORDER_STATUS":
        details = {"status": STATUS[command.do], "tracking": command.words or None}
    elif action == "STOCK_SET":
        details = {"stock": command.counted}
    subject = command.invoice or command.order or command.sku or ""
    return CTask(
        case_id="",
        action=action,
        subject=subject,
        params={"staff_id": command.by, **details},
        verification_status="OK",
        idempotency_key=f"{command.do}:{subject}:{at.isoformat()}",
    )
