"""What other systems of a desk's say in its conversations, as events."""

from typing import Literal

from pydantic import AwareDatetime, JsonValue

from casefile.base import Frozen


class OutsideReply(Frozen):
    """Another system of the desk's answers in a conversation; `by` is its service key's name."""

    type: Literal["outside_reply"] = "outside_reply"
    at: AwareDatetime
    case_id: str
    by: str
    text: str
    metadata: dict[str, JsonValue] = {}
