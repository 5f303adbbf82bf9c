"""The weekly sample: picked once a week from what has arrived, and announced in the ops lane."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo

from agents.work import Desk
from casefile.auditing import Answer, Sample
from casefile.effects import PostToLane, SendMessage
from graph.record import TurnRecord, unpacked
from policies.sampling import WEEK, pick, span, week_of
from ports.auditing import AuditBook
from ports.journal import Journal

SIZE = 20
DAY = timedelta(days=1)
# What asks, or asks to write again, says nothing that could be wrong.
SAYS_SOMETHING = frozenset({"answer", "notify", "release", "acknowledge", "refuse"})


class Sampler:
    """Picks what people look at of a week's answers of one desk."""

    def __init__(self, book: AuditBook, desk: str, zone: tzinfo) -> None:
        self._book = book
        self._desk = desk
        self._zone = zone

    async def picked(self, week: str, size: int, now: datetime) -> Sample:
        """Return a week's sample; it is picked when nobody has done so before."""
        found = await self._book.sample(week)
        if found is not None:
            return found
        answers = await self._answers(week)
        chosen = pick(answers, size, f"{self._desk}:{week}")
        if await self._book.keep(week, len(answers), chosen, now):
            return Sample(week=week, sent=len(answers), answers=chosen)
        return await self._book.sample(week) or Sample(week=week, sent=0, answers=())

    async def _answers(self, week: str) -> list[Answer]:
        """Return the answers of a week that arrived and were B's own."""
        begins, ends = span(week, self._zone)
        arrived = await self._book.arrived(begins, ends)
        found: list[Answer] = []
        while begins < ends:
            # A day at a time, beside the loop: a week of records may be large.
            records = await self._book.records(begins, min(begins + DAY, ends))
            found += await asyncio.to_thread(_said, records, arrived)
            begins += DAY
        return found


class WeeklySample:
    """Has last week's sample ready as the desk opens, and says so in the ops lane."""

    def __init__(self, book: AuditBook, journal: Journal, desk: Desk) -> None:
        self._sampler = Sampler(book, desk.rules.desk, desk.rules.zone)
        self._journal = journal
        self._desk = desk

    async def announce(self, slot: datetime, now: datetime) -> bool:
        """Pick and post; whatever day of a week is the first, both happen once in it."""
        week = week_of(slot - WEEK, self._desk.rules.zone)
        sample = await self._sampler.picked(week, SIZE, now)
        if sample.answers:
            values = {"week": week, "count": str(len(sample.answers)), "sent": str(sample.sent)}
            thread = f"audit:{self._desk.rules.desk}:{week}"
            html = self._desk.lanes.post("audit_sample", values)
            post = PostToLane(key=thread, lane="ops", thread=thread, html=html)
            await self._journal.announce(post, "", "", now)
        return True


def _said(records: tuple[bytes, ...], arrived: frozenset[str]) -> list[Answer]:
    return [answer for body in records for answer in answers_of(unpacked(body)) if answer.key in arrived]


def answers_of(record: TurnRecord) -> Iterator[Answer]:
    """Yield what B said in a turn that can be right or wrong; a person's words are theirs to answer for."""
    for effect in record.effects:
        if isinstance(effect, SendMessage) and effect.by == "B" and effect.purpose in SAYS_SOMETHING:
            yield Answer(
                key=effect.key,
                case_id=record.case_id,
                turn=record.turn,
                tier=record.verdict.tier,
                language=effect.language,
                drafted=bool(effect.plain),
            )
