"""The limits of the outside systems that tests and the page can turn on and off."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Limits(BaseModel):
    """Which limits hold now.

    `window` says how a message outside the 24 hours is refused: at once, later as a failed status, or not.
    `pair_burst` is how many messages one customer may be sent before one per 6 s holds; None is no limit.
    `group_per_minute` is Telegram's limit per group; None is no limit.
    `statuses` are the delivery reports sent for an accepted message.
    `unreachable` numbers accept a send and then report it undeliverable.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    window: Literal["error", "status", "off"] = "error"
    pair_burst: int | None = Field(default=None, ge=1)
    group_per_minute: int | None = Field(default=None, ge=1)
    statuses: tuple[Literal["sent", "delivered", "read"], ...] = ("sent", "delivered", "read")
    unreachable: tuple[str, ...] = ()
