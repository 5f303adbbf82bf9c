"""A lead: what a prospect has told of their need, budget and time, question by question."""

import datetime as dt
from typing import Literal

from casefile.base import Frozen

# What follows a lead: a time to meet, a page that serves them better, or a person of ours.
Outcome = Literal["slot", "page", "person"]


class Answer(Frozen):
    """One answer as it was given; `unknown` where they were asked and do not know, or would rather not say.

    `low` and `high` are rupiah or a count (None: open on that side); `since` and `until` are the first and last day
    meant; `options` are ids of what was chosen.
    """

    said: str
    low: int | None = None
    high: int | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    options: tuple[str, ...] = ()
    unknown: bool = False

    def same(self, other: "Answer | None") -> bool:
        """Say whether two answers come to the same, however they were put."""
        if other is None:
            return False
        mine, theirs = (answer.model_copy(update={"said": ""}) for answer in (self, other))
        return mine == theirs and (mine != Answer(said="") or self.said == other.said)


class Lead(Frozen):
    """An interview on its way.

    `asked` are the questions put last, `pressed` those that have been put twice; `noted` says that the note holds
    just these answers, `outcome` what it was decided to lead to, and `booked` that an hour to meet is.
    """

    answers: dict[str, Answer] = {}
    asked: tuple[str, ...] = ()
    pressed: tuple[str, ...] = ()
    noted: bool = False
    outcome: Outcome | None = None
    booked: bool = False
