"""How the desk is doing, as the store has it at one moment: counts and ids, nobody's data."""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime

from casefile.base import Frozen
from casefile.case import CaseState
from casefile.verdict import Tier


class OpenCase(Frozen):
    """A case that waits for us, as its clocks see it.

    `since` is when it came into its state; `promised` says whether its customer waits to hear.
    """

    id: str
    state: CaseState
    tier: Tier
    urgent: bool
    promised: bool
    opened_at: AwareDatetime
    updated_at: AwareDatetime
    since: AwareDatetime


class Standstill(Frozen):
    """Rows of one kind that should have moved on: how many, and since when the oldest of them stands."""

    count: int = 0
    oldest: AwareDatetime | None = None


class Vitals(Frozen):
    """What a heartbeat looks at.

    `unread`: events no turn has taken, `late`: effects that are due and not taken up, `unknown`: sends nobody can say
    arrived, past the time in which they prove themselves; `drifted`: contacts whose snapshot differed from the records.
    """

    down: frozenset[str] = frozenset()
    cases: tuple[OpenCase, ...] = ()
    unread: Standstill = Standstill()
    late: Standstill = Standstill()
    unknown: Standstill = Standstill()
    drifted: tuple[str, ...] = ()


class Unreminded(Frozen):
    """A session whose customer could not be reminded on WhatsApp; `phone` is on file, masked nowhere yet."""

    student: str
    coach: str
    start: AwareDatetime
    phone: str | None = None


class KnowledgeChange(Frozen):
    """The release in force, and the pages that differ from an earlier moment's, as `page_id.language`."""

    release: str
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


class ReviewedPage(Frozen):
    """A page in force, whose it is and when they last read it."""

    page: str
    owner: str
    last_reviewed: date


class WaitingPage(Frozen):
    """A page whose change waits for a person; `grave` says why: money, policy, taken_back."""

    page: str
    kind: Literal["added", "changed", "removed"]
    grave: tuple[str, ...] = ()


class PageNews(Frozen):
    """What a look at where pages are written found: the release in force now, what role A put in it, what waits.

    `problems` are pages that are not in order, in words.
    """

    release: str
    published: tuple[str, ...] = ()
    waiting: tuple[WaitingPage, ...] = ()
    problems: tuple[str, ...] = ()
