"""Events of lessons that no customer asked about."""

from typing import Literal

from pydantic import AwareDatetime

from casefile.base import Frozen


class SessionMustMove(Frozen):
    """The school cannot give a session of this customer's; it opens a case of its own that offers other hours."""

    type: Literal["session_must_move"] = "session_must_move"
    at: AwareDatetime
    student_id: str
    session_id: str
    start: AwareDatetime
