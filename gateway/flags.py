"""What people say about dependencies: flagged and unflagged by hand, and whether customers are told first."""

import re
from typing import Literal

from agents.work import Desk
from casefile.base import Lane, Language
from casefile.incident import Incident, Level
from casefile.records import StaffMember
from gateway.acting import Action, actor, note_blocked
from gateway.incident_posts import TELL, WAIT
from policies.degraded import DEPENDENCIES, Asked, asked
from policies.words import moment_words
from ports.clock import Clock
from ports.incidents import IncidentBook, Opening
from ports.journal import Journal
from ports.sources import Staffing

BUTTON = re.compile(rf"({TELL}|{WAIT})(INC-\d+-\d+)")
# The coach lane is for decisions about customers.
LANES: tuple[Lane, ...] = ("ops", "incident")
Told = Literal["yes", "no"]
SAID: dict[str, dict[Language, str]] = {
    "on": {
        "id": "{name} ditandai terganggu ({id}). Tidak pulih sendiri: kirim degraded off {key} kalau sudah beres.",
        "en": "{name} is flagged as down ({id}). It does not heal by itself: degraded off {key} when it is back.",
    },
    "off": {
        "id": "{name} ditandai pulih ({id}). Yang tertahan jalan lagi, pelanggan yang menunggu dikabari.",
        "en": "{name} is flagged as back ({id}). What was held goes on, and waiting customers are told.",
    },
    "not_down": {"id": "{name} sedang tidak terganggu.", "en": "{name} is not down."},
    "none_open": {"id": "Tidak ada yang terganggu.", "en": "Nothing is down."},
    "unknown": {
        "id": "Tidak ada yang bernama {key}. Yang ada: {known}.",
        "en": "There is no {key}. There are: {known}.",
    },
    "why": {
        "id": "Tulis alasannya juga: degraded on {key} alasannya.",
        "en": "Please say why as well: degraded on {key} and the reason.",
    },
    "unclear": {
        "id": "Tulis: degraded on NAMA alasan, degraded off NAMA, atau degraded list. Namanya: {known}.",
        "en": "Write: degraded on NAME and why, degraded off NAME, or degraded list. The names: {known}.",
    },
    "not_allowed": {
        "id": "Maaf, ini hanya bisa dilakukan oleh operator yang terdaftar.",
        "en": "Sorry, only a listed operator can do this.",
    },
    "not_on_call": {
        "id": "Maaf, ini keputusan petugas jaga yang terdaftar.",
        "en": "Sorry, this is for a listed person on call to decide.",
    },
    "told_yes": {
        "id": "Baik, pelanggan yang terdampak segera dikabari.",
        "en": "All right, the customers touched will hear at once.",
    },
    "told_no": {
        "id": "Baik, pelanggan menunggu sampai pulih.",
        "en": "All right, customers wait until it is back.",
    },
    "over": {
        "id": "Gangguan ini sudah pulih, atau sudah diputuskan sebelumnya.",
        "en": "This incident is over, or it was decided before.",
    },
    "no_incident": {"id": "Tidak ada gangguan {key}.", "en": "There is no incident {key}."},
}


class Flags:
    """Takes flags from lanes and from the command line; every process sees them at its next look."""

    def __init__(
        self, book: IncidentBook, journal: Journal, staffing: Staffing, desk: Desk, clock: Clock
    ) -> None:
        self._book = book
        self._journal = journal
        self._staffing = staffing
        self._desk = desk
        self._clock = clock
        self._language: Language = desk.lanes.language

    async def act(self, action: Action) -> str | None:
        """Take what a person did in a lane; returns what they are told, None when it is about something else."""
        pressed = BUTTON.fullmatch(action.token or "") if action.kind == "press" else None
        said = asked(action.text) if action.kind != "press" else None
        if (pressed is None and said is None) or action.lane not in LANES:
            return None
        person, who = await actor(self._staffing, action)
        if pressed is not None:
            return await self.tell(pressed[2], "yes" if pressed[1] == TELL else "no", person, who)
        return await self._taken(said, person, who) if said is not None else None

    async def on(self, name: str, why: str, level: Level | None, person: StaffMember | None, who: str) -> str:
        """Flag a dependency by hand; it stays so until a person takes the flag away."""
        if name not in DEPENDENCIES:
            return self._say("unknown", key=name)
        if person is None or "operator" not in person.roles:
            return await self._blocked("not_allowed", "on", name, who)
        if not why.strip():
            return self._say("why", key=name)
        now = self._clock.now()
        opening = Opening(name, why.strip(), person.id, level)
        year = now.astimezone(self._desk.rules.zone).year
        incident = await self._book.begin(opening, year, now)
        return self._say("on", key=name, incident=incident.id)

    async def off(self, name: str, person: StaffMember | None, who: str) -> str:
        """Take a flag away, whoever or whatever has set it."""
        if name not in DEPENDENCIES:
            return self._say("unknown", key=name)
        if person is None or "operator" not in person.roles:
            return await self._blocked("not_allowed", "off", name, who)
        incident = await self._book.incident(name)
        if incident is None or not await self._book.end(incident.id, person.id, self._clock.now()):
            return self._say("not_down", key=name)
        return self._say("off", key=name, incident=incident.id)

    async def tell(self, incident_id: str, told: Told, person: StaffMember | None, who: str) -> str:
        """Take the decision whether the customers an incident touches are told first."""
        incident = await self._book.incident(incident_id)
        if incident is None:
            return self._say("no_incident", key=incident_id)
        if person is None or "oncall" not in person.roles:
            return await self._blocked("not_on_call", "tell", incident_id, who)
        first = await self._book.decide(incident.id, told, person.id, self._clock.now())
        return self._say(f"told_{told}" if first else "over")

    async def listed(self) -> str:
        """Say what is down, one a line."""
        lines = [self._line(incident) for incident in await self._book.open()]
        return "\n".join(lines) or self._say("none_open")

    async def _taken(self, said: Asked, person: StaffMember | None, who: str) -> str:
        match said.what:
            case "on":
                return await self.on(said.name, said.why, said.level, person, who)
            case "off":
                return await self.off(said.name, person, who)
            case "list":
                return await self.listed() if person is not None else self._say("not_allowed")
            case "unclear":
                return self._say("unclear")

    def _line(self, incident: Incident) -> str:
        lanes = self._desk.lanes
        since = moment_words(incident.since, self._desk.rules.zone, self._language)
        name, level = lanes.word("dependency", incident.name), lanes.word("level", incident.level)
        return f"{incident.id} · {name} · {level} · {since} · {incident.why}"

    async def _blocked(self, why: str, action: str, about: str, who: str) -> str:
        await note_blocked(self._journal, self._clock.now(), who, "degraded", action, why, about=about)
        return self._say(why)

    def _say(self, said: str, *, key: str = "", incident: str = "") -> str:
        name = self._desk.lanes.word("dependency", key)
        known = ", ".join(DEPENDENCIES)
        return SAID[said][self._language].format(id=incident, name=name, known=known, key=key)
