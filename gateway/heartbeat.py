"""The heartbeat: looks whether anything stands still, and keeps one post in the ops lane while something does."""

from datetime import datetime

from agents.work import Desk
from casefile.effects import PostToLane
from casefile.vitals import OpenCase, Standstill
from gateway.chores import RECORDS
from policies.vitals import Troubles, by_age, troubles
from policies.words import moment_words
from ports.journal import Journal
from ports.sources import Health
from ports.upkeep import Oversight, SnapshotKeeper
from prompts.lane import LaneVoice

SHOWN = 5


class Heartbeat:
    """Looks at everything that should move, and says so only when something does not."""

    def __init__(
        self, journal: Journal, oversight: Oversight, snapshots: SnapshotKeeper, health: Health, desk: Desk
    ) -> None:
        self._journal = journal
        self._oversight = oversight
        self._snapshots = snapshots
        self._health = health
        self._desk = desk

    async def beat(self, slot: datetime, now: datetime) -> bool:
        """Look once; the post of an earlier slot is written over while the trouble lasts, and when it is over."""
        down = await self._health.down()
        drifted = () if RECORDS & down else await self._snapshots.drifted(now)
        vitals = (await self._oversight.vitals(now)).model_copy(update={"down": down, "drifted": drifted})
        rules = self._desk.rules
        found = troubles(vitals, rules.hours, rules.limits, now)
        thread = await self._oversight.open_heartbeat()
        if found:
            thread = thread or f"heartbeat:{slot.isoformat()}"
            html = self._trouble(found, vitals.cases, thread, now)
            await self._post(f"{thread}:{slot.isoformat()}", thread, html, now)
        elif thread is not None:
            await self._post(f"{thread}:over", thread, self._over(thread, now), now)
        return True

    def _trouble(self, found: Troubles, cases: tuple[OpenCase, ...], thread: str, now: datetime) -> str:
        lanes = self._desk.lanes
        return lanes.post(
            "heartbeat",
            {
                "since": self._moment(_since(thread)),
                "at": self._moment(now),
                "down": ", ".join(lanes.word("dependency", name) for name in found.down),
                "stuck": _listed(found.stuck),
                "unread": self._standstill(found.unread),
                "late": self._standstill(found.late),
                "unknown": self._standstill(found.unknown),
                "drifted": _listed(found.drifted),
                "backlog": backlog_words(lanes, cases, now),
            },
        )

    def _over(self, thread: str, now: datetime) -> str:
        values = {"since": self._moment(_since(thread)), "at": self._moment(now)}
        return self._desk.lanes.post("heartbeat_over", values)

    def _standstill(self, still: Standstill) -> str:
        if still.oldest is None or not still.count:
            return ""
        words = self._desk.lanes.word("vitals", "standing")
        return words.format(count=still.count, since=self._moment(still.oldest))

    def _moment(self, at: datetime) -> str:
        return moment_words(at, self._desk.rules.zone, self._desk.lanes.language)

    async def _post(self, key: str, thread: str, html: str, now: datetime) -> None:
        await self._journal.announce(PostToLane(key=key, lane="ops", thread=thread, html=html), "", "", now)


def backlog_words(lanes: LaneVoice, cases: tuple[OpenCase, ...], now: datetime) -> str:
    """Say how many cases wait for us, by how old they are."""
    if not cases:
        return lanes.word("age", "none")
    counted = zip(("hour", "hours", "day", "older"), by_age(cases, now), strict=True)
    return " · ".join(f"{lanes.word('age', name)}: {count}" for name, count in counted if count)


def _since(thread: str) -> datetime:
    return datetime.fromisoformat(thread.partition(":")[2])


def _listed(names: tuple[str, ...]) -> str:
    more = f" +{len(names) - SHOWN}" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more
