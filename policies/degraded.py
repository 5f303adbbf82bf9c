"""What needs which dependency: what waits while it is down, and which cases that touches."""

import re
from collections.abc import Iterable
from typing import Literal, NamedTuple

from casefile.case import Case
from casefile.effects import Effect, OpenApproval, PostToLane, RunOperation, SendMessage
from casefile.incident import Level
from casefile.payment_effects import ClosePayment, RefundPayment, RequestPayment

DEPENDENCIES = ("schedule", "payments", "knowledge", "model", "embeddings", "whatsapp", "telegram")
# The record an operation is carried out in.
NEEDS = {
    **dict.fromkeys(
        ("RESCHEDULE", "ORDER_CREATE", "ORDER_AMEND", "ORDER_CANCEL", "ADDRESS_UPDATE", "SIZE_EXCHANGE"),
        "schedule",
    ),
    **dict.fromkeys(("REFUND", "INVOICE_RESEND"), "payments"),
}
TAG = "degraded:"
COMMAND = re.compile(
    r"\s*/?degraded\b(?:@\w+)?(?:\s+(?P<what>\S+))?(?:\s+(?P<name>\S+))?(?P<rest>.*)", re.S | re.I
)


def needs(effect: Effect) -> str | None:
    """Return the dependency an effect leaves by, or None."""
    match effect:
        case SendMessage():
            return "whatsapp"
        case PostToLane() | OpenApproval():
            return "telegram"
        case RequestPayment() | RefundPayment() | ClosePayment():
            return "payments"
        case RunOperation(task=task):
            return NEEDS.get(task.action)
        case _:
            return None


def touched(case: Case, effects: Iterable[Effect], down: frozenset[str]) -> Case:
    """Return the case tagged with every dependency whose outage it has met in this turn."""
    met = {needs(effect) for effect in effects} & down
    if case.pending_dependency is not None:
        met.add(case.pending_dependency)
    tags = tuple(sorted({f"{TAG}{name}" for name in met} - set(case.tags)))
    return case.with_(tags=(*case.tags, *tags)) if tags else case


def is_down(name: str) -> str:
    """Say why an effect is held back; what comes back finds its own by it."""
    return f"{name} is down"


class Asked(NamedTuple):
    """What a person asks for with `degraded on DEP [minor|major] why`, `degraded off DEP` or `degraded list`."""

    what: Literal["on", "off", "list", "unclear"]
    name: str = ""
    level: Level | None = None
    why: str = ""


def asked(text: str) -> Asked | None:
    """Read a person's words in a lane; None when they are about something else."""
    found = COMMAND.fullmatch(text)
    if found is None:
        return None
    what, name = (found["what"] or "").lower(), (found["name"] or "").lower()
    if what == "list":
        return Asked("list")
    if not name or what not in {"on", "off"}:
        return Asked("unclear")
    if what == "off":
        return Asked("off", name)
    why = found["rest"].strip()
    first, _, left = why.partition(" ")
    graded = first.lower().rstrip(":")
    if graded in {"minor", "major"}:
        return Asked("on", name, "major" if graded == "major" else "minor", left.strip())
    return Asked("on", name, None, why)
