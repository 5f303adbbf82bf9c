"""The base every noun shares: frozen, closed, plain data."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

Language = Literal["id", "en"]
Role = Literal["A", "B", "C", "D", "E", "F"]
Lane = Literal["ops", "coach", "incident"]


class Frozen(BaseModel):
    """Immutable data that refuses unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")
