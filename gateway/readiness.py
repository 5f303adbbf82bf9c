"""The readiness list: what the shift should know as it begins."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from agents.work import Desk
from casefile.base import Language
from casefile.effects import PostToLane
from casefile.incident import Incident
from casefile.vitals import KnowledgeChange, Unreminded
from gateway.heartbeat import backlog_words
from policies.periodic import AtOpening, latest, same_day
from policies.privacy import mask_phone
from policies.words import date_words, moment_words, time_words
from ports.incidents import IncidentBook
from ports.journal import Journal
from ports.sources import Health
from ports.upkeep import Oversight, Releases
from prompts.tone import ToneRules

SHOWN = 10


class Readiness:
    """Writes the list, once a working day."""

    def __init__(
        self,
        journal: Journal,
        incidents: IncidentBook,
        oversight: Oversight,
        releases: Releases,
        health: Health,
        desk: Desk,
        tone: Mapping[Language, ToneRules],
    ) -> None:
        self._journal = journal
        self._book = incidents
        self._oversight = oversight
        self._releases = releases
        self._health = health
        self._desk = desk
        self._tone = tone

    async def list(self, slot: datetime, now: datetime) -> bool:
        """Post the list of a shift that began at `slot`; yesterday's is of no use any more."""
        rules, lanes = self._desk.rules, self._desk.lanes
        if not same_day(rules.hours, slot, now):
            return True
        tone = self._tone[lanes.language]
        earlier = latest(AtOpening(), rules.hours, slot - timedelta(microseconds=1))
        change = await self._releases.changed_since(earlier)
        html = lanes.post(
            "readiness",
            {
                "day": date_words(slot, rules.zone, lanes.language),
                "health": self._dependencies(await self._health.down()),
                "backlog": backlog_words(lanes, (await self._oversight.vitals(now)).cases, now),
                "incidents": self._incidents(await self._book.open()),
                "release": change.release if change else "-",
                "changes": self._changes(change),
                "unreminded": self._unreminded(await self._oversight.unreminded(now)),
                "tone_do": _bullets("✅", tone.do),
                "tone_dont": _bullets("🚫", tone.dont),
            },
        )
        thread = f"readiness:{slot.isoformat()}"
        await self._journal.announce(
            PostToLane(key=thread, lane="ops", thread=thread, html=html), "", "", now
        )
        return True

    def _dependencies(self, down: frozenset[str]) -> str:
        lanes = self._desk.lanes
        if not down:
            return lanes.word("vitals", "all_up")
        names = ", ".join(lanes.word("dependency", name) for name in sorted(down))
        return lanes.word("vitals", "down").format(names=names)

    def _incidents(self, incidents: tuple[Incident, ...]) -> str:
        lanes = self._desk.lanes
        if not incidents:
            return lanes.word("vitals", "no_incidents")
        zone, language = self._desk.rules.zone, lanes.language
        words = lanes.word("vitals", "incident")
        return "; ".join(
            words.format(
                name=lanes.word("dependency", one.name), since=moment_words(one.since, zone, language)
            )
            for one in incidents
        )

    def _changes(self, change: KnowledgeChange | None) -> str:
        lanes = self._desk.lanes
        parts = (
            [("added", change.added), ("changed", change.changed), ("removed", change.removed)]
            if change
            else []
        )
        said = [f"{lanes.word('vitals', name)}: {', '.join(pages)}" for name, pages in parts if pages]
        return "; ".join(said) or lanes.word("vitals", "unchanged")

    def _unreminded(self, sessions: tuple[Unreminded, ...]) -> str:
        """Name whom a person would have to remind: enough to find them in the schedule, and no more."""
        zone, language = self._desk.rules.zone, self._desk.lanes.language
        lines = [
            f"{date_words(one.start, zone, language)}, {time_words(one.start, zone, language)}"
            f" · {one.student.split()[0]} · {one.coach} · {mask_phone(one.phone) if one.phone else '-'}"
            for one in sessions[:SHOWN]
        ]
        if len(sessions) > SHOWN:
            lines.append(f"+{len(sessions) - SHOWN}")
        return _bullets("•", lines)


def _bullets(mark: str, lines: Iterable[str]) -> str:
    return "\n".join(f"{mark} {line}" for line in lines)
