"""What people read of an incident: one post kept up to date, the question to the person on call, the post-mortem."""

from datetime import datetime
from zoneinfo import ZoneInfo

from agents.work import Desk
from casefile.base import Language
from casefile.effects import Button, PostToLane
from casefile.incident import Incident
from casefile.records import StaffMember
from policies.incidents import Integrity, integrity_of
from policies.sla import deadline, window_words
from policies.words import moment_words
from ports.incidents import IncidentBook
from ports.sources import Staffing
from prompts.postmortem import Line, Postmortem

STATE: dict[Language, tuple[str, str]] = {"id": ("terputus", "pulih"), "en": ("down", "back")}
BY_ITSELF = "breaker"
# A press on it carries the incident's id.
TELL, WAIT = "it:", "iw:"


class IncidentPosts:
    """Writes for one desk's lanes."""

    def __init__(self, book: IncidentBook, staffing: Staffing, desk: Desk) -> None:
        self._book = book
        self._staffing = staffing
        self._desk = desk
        self._lanes = desk.lanes
        self._language: Language = desk.lanes.language

    def why(self, failures: int) -> str:
        """Say why a breaker has opened."""
        return self._lanes.word("opened", "breaker").format(n=failures)

    def year(self, now: datetime) -> int:
        """Return the year that an incident is numbered in."""
        return now.astimezone(self._zone).year

    async def show(self, incident: Incident, now: datetime) -> None:
        """Bring the incident's one post up to date."""
        names = await self._names()
        ended = incident.ended_at is not None
        told = self._lanes.word("told", incident.told) if incident.told else ""
        html = self._lanes.post(
            "incident",
            {
                "mark": "🟢" if ended else "🔴",
                "id": incident.id,
                "name": self._lanes.word("dependency", incident.name),
                "level": self._lanes.word("level", incident.level),
                "state": STATE[self._language][ended],
                "since": self._moment(incident.since),
                "until": self._moment(incident.ended_at) if incident.ended_at else "",
                "why": incident.why,
                "by": ""
                if incident.opened_by == BY_ITSELF
                else names.get(incident.opened_by, incident.opened_by),
                "cases": str(incident.cases),
                "paused": "" if ended else self._lanes.word("paused", incident.name),
                "integrity": await self._integrity(incident),
                "told": told.format(who=names.get(incident.told_by, incident.told_by)),
                "report": f"loket degraded show {incident.id}" if ended else "",
            },
        )
        thread = f"incident:{incident.name}:{incident.id}"
        post = PostToLane(key=f"{thread}:{incident.rev}", lane="incident", thread=thread, html=html)
        await self._book.post(incident, post, now)

    async def ask(self, incident: Incident, now: datetime) -> None:
        """Ask the person on call whether the customers it touches are told first."""
        texts = {language: self.notice(incident, language, now) for language in ("id", "en")}
        html = self._lanes.post(
            "incident_ask",
            {
                "id": incident.id,
                "name": self._lanes.word("dependency", incident.name),
                "who": ", ".join(p.name for p in await self._staffing.staff() if "oncall" in p.roles) or "-",
                "since": self._moment(incident.since),
                "cases": str(incident.cases),
                "integrity": await self._integrity(incident),
                "text_id": texts["id"],
                "text_en": texts["en"],
                "how": f"loket degraded tell {incident.id}",
            },
        )
        buttons = (
            Button(label=self._lanes.word("press", "tell"), value=f"{TELL}{incident.id}"),
            Button(label=self._lanes.word("press", "wait"), value=f"{WAIT}{incident.id}"),
        )
        thread = f"incident-ask:{incident.id}"
        post = PostToLane(key=thread, lane="incident", thread=thread, html=html, buttons=buttons)
        await self._book.ask(incident.id, post, now)

    def notice(self, incident: Incident, language: Language, now: datetime) -> str:
        """Return what a customer whose case entered now would be told, in F's words."""
        rules = self._desk.rules
        due = deadline(rules.hours, "R1", False, now, rules.limits)
        values = {
            "outage": self._desk.templates.label(f"outage.{incident.name}", language),
            "time_window": window_words(rules.hours, now, due, language),
        }
        return self._desk.templates.render("incident_notice", language, values).text

    async def knowledge_old(self, incident: Incident, released: datetime, now: datetime) -> None:
        """Alert the ops lane, once, that answers come from a release that has grown old."""
        html = self._lanes.post("knowledge_old", {"id": incident.id, "released": self._moment(released)})
        thread = f"incident-age:{incident.id}"
        await self._book.alert(PostToLane(key=thread, lane="ops", thread=thread, html=html), now)

    async def report(self, incident: Incident) -> None:
        """Write and keep the post-mortem of an incident that has ended."""
        await self._book.report(incident.id, await self.postmortem(incident))

    async def postmortem(self, incident: Incident) -> str:
        """Return the post-mortem stub as Markdown."""
        names = await self._names()
        steps = await self._book.steps(incident.id)
        ended = incident.ended_at
        page = Postmortem(
            id=incident.id,
            name=self._lanes.word("dependency", incident.name),
            level=self._lanes.word("level", incident.level),
            began=self._moment(incident.since),
            ended=self._moment(ended) if ended else "",
            minutes=round((ended - incident.since).total_seconds() / 60) if ended else None,
            why=incident.why,
            paused=self._lanes.word("paused", incident.name),
            integrity=await self._integrity(incident),
            cases=await self._book.cases(incident.id),
            timeline=tuple(
                Line(self._moment(s.at), names.get(s.actor, s.actor), s.what, s.detail) for s in steps
            ),
        )
        return page.markdown(self._language)

    async def _integrity(self, incident: Incident) -> str:
        found: Integrity = integrity_of(await self._book.unknown(incident))
        return self._lanes.word("integrity", found)

    async def _names(self) -> dict[str, str]:
        people: tuple[StaffMember, ...] = await self._staffing.staff()
        return {person.id: person.name for person in people}

    def _moment(self, at: datetime) -> str:
        return moment_words(at, self._zone, self._language)

    @property
    def _zone(self) -> ZoneInfo:
        return self._desk.rules.zone
