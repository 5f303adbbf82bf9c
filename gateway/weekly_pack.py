"""The weekly pack: E counts last week from what was recorded, A posts it in the ops lane."""

from datetime import datetime

from agents.work import Desk
from casefile.effects import PostToLane
from casefile.weekly import WeeklyPack
from gateway.auditing import SIZE, Sampler
from gateway.faults import faults_in
from policies.sampling import WEEK, span, week_of
from policies.weekly import pack_of
from ports.auditing import AuditBook
from ports.journal import Journal
from ports.weekly import WeekBook
from prompts.weekly import post_lines


class WeeklyPacks:
    """Makes the pack of any week there are records of."""

    def __init__(self, weeks: WeekBook, audit: AuditBook, desk: Desk) -> None:
        self._weeks = weeks
        self._audit = audit
        self._desk = desk

    async def made(self, week: str) -> WeeklyPack:
        """Count a week (BadInput for what is no week); one that is not over yet as far as it has come."""
        begins, ends = span(week, self._desk.rules.zone)
        faults = await faults_in(await self._audit.sample(week), self._audit, self._desk)
        stopped = await self._audit.stopped(begins, ends)
        return pack_of(week, await self._weeks.raw(begins, ends), stopped, faults)


class WeeklyPost:
    """Posts the pack of the week that is over."""

    def __init__(self, weeks: WeekBook, audit: AuditBook, journal: Journal, desk: Desk) -> None:
        self._packs = WeeklyPacks(weeks, audit, desk)
        self._sampler = Sampler(audit, desk.rules.desk, desk.rules.zone)
        self._journal = journal
        self._desk = desk

    async def post(self, slot: datetime, now: datetime) -> bool:
        """Post it once, whoever looks; the sample is picked first, for the pack says what running it again finds."""
        rules, lanes = self._desk.rules, self._desk.lanes
        week = week_of(slot - WEEK, rules.zone)
        await self._sampler.picked(week, SIZE, now)
        pack = await self._packs.made(week)
        html = lanes.post("weekly_pack", {"week": week, "figures": "\n".join(post_lines(pack, lanes))})
        thread = f"weekly:{rules.desk}:{week}"
        await self._journal.announce(
            PostToLane(key=thread, lane="ops", thread=thread, html=html), "", "", now
        )
        return True
