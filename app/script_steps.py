"""The steps of a script: what people do, what happens to the world, and how time passes."""

import re
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from app.script_expect import Expect, Part, Words

Kind = Literal[
    "text", "image", "audio", "document", "video", "sticker", "location", "contacts", "unsupported"
]
Dependency = Literal["schedule", "payments", "knowledge", "model", "whatsapp", "telegram"]
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
DURATION = re.compile(r"(\d+)\s*([smhd])")
STRANGER = "stranger"
ACTIONS = ("say", "kind", "press", "coach", "ops", "advance", "break", "mend", "command", "fault", "payment")


def _duration(value: object) -> object:
    found = DURATION.findall(str(value))
    if not found or "".join(f"{n}{u}" for n, u in found) != str(value).replace(" ", ""):
        raise ValueError(f"{value!r} is no duration; write 90s, 45m, 2h, 1d or 1h 30m")
    return timedelta(**{UNITS[unit]: int(number) for number, unit in found})


def _acts(value: object) -> object:
    return tuple(value) if isinstance(value, list) else (value,)


class StaffAct(Part):
    """One person in a lane presses a button or replies; `by` is a staff id, or `stranger`.

    `match` finds the post by words in it; without it the latest one with buttons is meant.
    """

    press: str | None = None
    reply: str | None = None
    by: str | None = None
    match: str = ""

    @model_validator(mode="after")
    def _one(self) -> "StaffAct":
        if (self.press is None) == (self.reply is None):
            raise ValueError("give either press (a button) or reply (words)")
        return self


class Command(Part):
    """Something a person does by command instead of in a lane, on the latest case that waits for it.

    `confirm_payment` takes an invoice, and its evidence as `words`; `reply`, `task_done` and `task_off` what the
    customer is told; `pack`, `ship` (its tracking number as `words`) and `deliver` an order; `stock` a SKU and what
    was counted of it.
    """

    do: Literal[
        "approve",
        "deny",
        "edit",
        "confirm_payment",
        "reply",
        "task_done",
        "task_off",
        "pack",
        "ship",
        "deliver",
        "stock",
    ]
    by: str
    words: str = ""
    invoice: str | None = None
    order: str | None = None
    sku: str | None = None
    counted: int | None = Field(default=None, ge=0)


class Fault(Part):
    """A way an outside system misbehaves (docs/sandbox.md, Faults); ends by `mend`, or after `count` times."""

    target: Literal["whatsapp", "telegram"]
    mode: Literal[
        "429", "5xx", "cut", "slow", "timeout_after_effect", "half_body", "bad_json", "failed_status"
    ]
    count: int | None = Field(default=None, ge=1)
    seconds: float | None = None
    code: int | None = None


Acts = Annotated[tuple[StaffAct, ...], BeforeValidator(_acts)]


class Step(Part):
    """One thing that happens, and what is expected once everything has settled.

    `say` is a message, or several in a burst; with `kind` a file, `say` its caption. `times` is how often
    WhatsApp delivers the same message. `payment` is what becomes of the latest payment that was asked for at the
    provider. Several acts under `coach` or `ops` happen at once.
    """

    note: str = ""
    say: Words | None = None
    kind: Kind = "text"
    sender: str | None = Field(default=None, alias="from")
    name: str | None = None
    times: int = Field(default=1, ge=1, le=50)
    press: str | None = None
    coach: Acts = ()
    ops: Acts = ()
    advance: Annotated[timedelta, BeforeValidator(_duration)] | None = None
    broken: Dependency | None = Field(default=None, alias="break")
    mend: Dependency | None = None
    fault: Fault | None = None
    command: Command | None = None
    payment: Literal["pay", "deny", "expire", "refund", "chargeback"] | None = None
    expect: Expect | None = None

    @model_validator(mode="after")
    def _one_thing(self) -> "Step":
        speaks = self.say is not None or self.kind != "text"
        acts = (self.press, self.advance, self.broken, self.mend, self.fault, self.command, self.payment)
        happening = speaks + bool(self.coach) + bool(self.ops) + sum(act is not None for act in acts)
        if happening > 1:
            raise ValueError(
                f"one thing happens in a step: {', '.join(ACTIONS)} each take a step of their own"
            )
        if not happening and self.expect is None:
            raise ValueError(
                f"nothing happens here and nothing is expected; give one of {', '.join(ACTIONS)}"
            )
        return self

    @property
    def speaks(self) -> bool:
        """Say whether a customer sends something in this step."""
        return self.say is not None or self.kind != "text"
