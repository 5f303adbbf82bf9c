"""Incidents in the database: opened once, probed by one process at a time, ended once."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from casefile.effects import PostToLane
from casefile.incident import Breaker, Incident, IncidentStep, Level
from ports.incidents import Opening
from ports.ledger import OutboxRow
from store import incident_ledger, outbox
from store.database import Database
from store.incident_rows import audit, hold_row, incident_of, number, open_row, step, step_of, write_step
from store.measures import measure
from store.times import iso, iso_or_none, moment
from store.transaction import Tx

OPEN = "ended_at IS NULL"


class SqlIncidents:
    """Implements ports.incidents.IncidentBook."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(self) -> tuple[Incident, ...]:
        """Return the open incidents, oldest first."""
        return self._found(f"{OPEN} ORDER BY since, id")

    async def incident(self, named: str) -> Incident | None:
        """Return one by its id, or the open one of a dependency."""
        found = self._found(f"id = ? OR (name = ? AND {OPEN})", named, named)
        return found[0] if found else None

    async def latest(self, limit: int) -> tuple[Incident, ...]:
        """Return the open ones and the last ones, newest first."""
        return self._found(
            "1 = 1 ORDER BY CASE WHEN ended_at IS NULL THEN 0 ELSE 1 END, since DESC, id DESC LIMIT ?", limit
        )

    async def begin(self, opening: Opening, year: int, at: datetime) -> Incident:
        """Open an incident, or return the one that is open already; a person's word makes it theirs to end."""

        def work(tx: Tx) -> Incident:
            is_open = tx.one(f"SELECT id FROM incidents WHERE name = ? AND {OPEN}", (opening.name,))
            if is_open is None:
                incident_id = f"INC-{year}-{number(tx, year):04d}"
                if open_row(tx, incident_id, opening, at):
                    write_step(tx, incident_id, step(at, opening.by, "opened", opening.why))
                    audit(tx, incident_id, "on", opening.by, opening.why, at)
            elif opening.breaker is None:
                hold_row(tx, is_open["id"], opening)
                write_step(tx, is_open["id"], step(at, opening.by, "held", opening.why))
                audit(tx, is_open["id"], "hold", opening.by, opening.why, at)
            row = tx.one(f"SELECT * FROM incidents WHERE name = ? AND {OPEN}", (opening.name,))
            assert row is not None
            return incident_of(row)

        return await self._database.submit(work)

    async def move(self, incident: Incident, breaker: Breaker) -> bool:
        """Move an automatic one's breaker on; False when another process was first."""
        was = incident.breaker
        return await self._database.submit(
            lambda tx: bool(
                tx.execute(
                    "UPDATE incidents SET state = ?, probes = ?, probe_at = ? WHERE id = ? AND state = ?"
                    f" AND probe_at = ? AND {OPEN}",
                    (
                        breaker.state,
                        breaker.probes,
                        iso_or_none(breaker.probe_at),
                        incident.id,
                        was.state,
                        iso_or_none(was.probe_at),
                    ),
                )
            )
        )

    async def renew(self, incident: Incident, at: datetime) -> Incident:
        """Count the cases it has come to touch, and return it as it then is."""
        fresh = incident_ledger.untouched(self._database, incident)
        if not fresh:
            return incident

        def work(tx: Tx) -> Incident:
            tx.insert_many(
                "INSERT INTO incident_cases (incident_id, case_id, at) VALUES (?, ?, ?)"
                " ON CONFLICT (incident_id, case_id) DO NOTHING",
                [(incident.id, case_id, iso(at)) for case_id in fresh],
            )
            # Two processes may count at once; what is counted is what is there.
            counted = "(SELECT COUNT(*) FROM incident_cases WHERE incident_id = incidents.id)"
            tx.execute(
                f"UPDATE incidents SET cases = {counted}, rev = rev + 1 WHERE id = ? AND cases <> {counted}",
                (incident.id,),
            )
            row = tx.one("SELECT * FROM incidents WHERE id = ?", (incident.id,))
            assert row is not None
            return incident_of(row)

        return await self._database.submit(work)

    async def grade(self, incident_id: str, level: Level, at: datetime) -> bool:
        """Raise or lower its level; False when it has that level already or has ended."""

        def work(tx: Tx) -> bool:
            graded = tx.execute(
                f"UPDATE incidents SET level = ?, rev = rev + 1 WHERE id = ? AND level <> ? AND {OPEN}",
                (level, incident_id, level),
            )
            if graded:
                write_step(tx, incident_id, step(at, "A", "level", level))
            return bool(graded)

        return await self._database.submit(work)

    async def ask(self, incident_id: str, post: PostToLane, at: datetime) -> bool:
        """Put the question to the person on call, once."""

        def work(tx: Tx) -> bool:
            asked = tx.execute("UPDATE incidents SET asked = 1 WHERE id = ? AND asked = 0", (incident_id,))
            if asked:
                outbox.enqueue(tx, post, turn_id="", case_id="", conversation_id="", at=at)
                write_step(tx, incident_id, step(at, "A", "asked"))
            return bool(asked)

        return await self._database.submit(work)

    async def decide(self, incident_id: str, told: Literal["yes", "no"], by: str, at: datetime) -> bool:
        """Keep what was decided about the customers; the first decision counts."""

        def work(tx: Tx) -> bool:
            decided = tx.execute(
                "UPDATE incidents SET told = ?, told_by = ?, rev = rev + 1 WHERE id = ? AND told = ''"
                f" AND {OPEN}",
                (told, by, incident_id),
            )
            if decided:
                what: Literal["told", "not_told"] = "told" if told == "yes" else "not_told"
                write_step(tx, incident_id, step(at, by, what))
                audit(tx, incident_id, what, by, "", at)
            return bool(decided)

        return await self._database.submit(work)

    async def end(self, incident_id: str, by: str, at: datetime) -> bool:
        """End it and let what it held back go; False when it has ended already."""

        def work(tx: Tx) -> bool:
            ended = tx.execute(
                f"UPDATE incidents SET ended_at = ?, ended_by = ?, state = 'closed', rev = rev + 1 WHERE id = ?"
                f" AND {OPEN}",
                (iso(at), by, incident_id),
            )
            row = tx.one("SELECT name, since FROM incidents WHERE id = ?", (incident_id,))
            if not ended or row is None:
                return False
            write_step(tx, incident_id, step(at, by, "closed"))
            audit(tx, incident_id, "off", by, "", at)
            minutes = (at - moment(row["since"])).total_seconds() / 60
            measure(tx, "dependency_down_minutes", at, value=minutes, detail=row["name"])
            incident_ledger.release(tx, row["name"], at)
            return True

        return await self._database.submit(work)

    async def release(self, name: str, at: datetime) -> None:
        """Let what was held back for a dependency go now."""
        if incident_ledger.holds_back(self._database, name, at):
            await self._database.submit(lambda tx: incident_ledger.release(tx, name, at))

    async def unposted(self) -> tuple[Incident, ...]:
        """Return those whose post does not show them as they are."""
        return self._found("posted < rev ORDER BY since, id")

    async def post(self, incident: Incident, post: PostToLane, at: datetime) -> bool:
        """Queue the post of an incident as it is at this `rev`; once."""

        def work(tx: Tx) -> bool:
            posted = tx.execute(
                "UPDATE incidents SET posted = ? WHERE id = ? AND posted < ?",
                (incident.rev, incident.id, incident.rev),
            )
            if posted:
                outbox.enqueue(tx, post, turn_id="", case_id="", conversation_id="", at=at)
            return bool(posted)

        return await self._database.submit(work)

    async def alert(self, post: PostToLane, at: datetime) -> None:
        """Queue a post that tells of an incident beside its own; once per key."""
        there = "SELECT 1 FROM outbox WHERE key = ?"

        def work(tx: Tx) -> None:
            if tx.one(there, (post.key,)) is None:
                outbox.enqueue(tx, post, turn_id="", case_id="", conversation_id="", at=at)

        # Asked without the writer first: it is asked at every look.
        if self._database.read_one(there, (post.key,)) is None:
            await self._database.submit(work)

    async def unreported(self) -> tuple[Incident, ...]:
        """Return ended ones whose post-mortem has not been written."""
        return self._found("ended_at IS NOT NULL AND report = '' ORDER BY since, id")

    async def report(self, incident_id: str, text: str) -> None:
        """Keep the post-mortem; the first one stays."""
        await self._database.submit(
            lambda tx: tx.execute(
                "UPDATE incidents SET report = ? WHERE id = ? AND report = ''", (text, incident_id)
            )
        )

    async def steps(self, incident_id: str) -> tuple[IncidentStep, ...]:
        """Return the timeline."""
        rows = self._database.read(
            "SELECT * FROM incident_steps WHERE incident_id = ? ORDER BY seq", (incident_id,)
        )
        return tuple(step_of(row) for row in rows)

    async def cases(self, incident_id: str) -> tuple[str, ...]:
        """Return the cases it touched, in the order it did."""
        rows = self._database.read(
            "SELECT case_id FROM incident_cases WHERE incident_id = ? ORDER BY at, case_id", (incident_id,)
        )
        return tuple(str(row["case_id"]) for row in rows)

    async def untold(self, incident: Incident) -> Sequence[tuple[str, str]]:
        """Return (conversation, case) of those that were to be told of it, still wait and have not been told."""
        return incident_ledger.untold(self._database, incident)

    async def unknown(self, incident: Incident) -> int:
        """Count its effects of which nobody can say whether they happened."""
        return incident_ledger.unknown(self._database, incident)

    async def held(self, name: str) -> OutboxRow | None:
        """Return the oldest effect that is held back for a dependency and first in its queue."""
        return incident_ledger.held(self._database, name)

    async def released_at(self) -> datetime | None:
        """Return when the knowledge in force was released."""
        row = self._database.read_one(
            "SELECT kb_releases.at FROM kb_releases JOIN kb_in_force ON kb_in_force.release = kb_releases.release"
        )
        return None if row is None else moment(row["at"])

    def _found(self, where: str, *params: object) -> tuple[Incident, ...]:
        rows = self._database.read(f"SELECT * FROM incidents WHERE {where}", params)
        return tuple(incident_of(row) for row in rows)
