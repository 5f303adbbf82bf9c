"""Incidents, row to noun and back."""

from datetime import datetime

from casefile.incident import Breaker, Incident, IncidentStep, What
from casefile.packets import AuditEntry
from ports.incidents import Opening
from store.audit import write_audit
from store.connection import Row
from store.times import iso, iso_or_none, moment, moment_or_none
from store.transaction import Tx


def incident_of(row: Row) -> Incident:
    """Read an incident back."""
    breaker = Breaker(state=row["state"], probes=row["probes"], probe_at=moment_or_none(row["probe_at"]))
    return Incident(
        id=row["id"],
        name=row["name"],
        since=moment(row["since"]),
        level=row["level"],
        manual=bool(row["manual"]),
        why=row["why"],
        opened_by=row["opened_by"],
        breaker=breaker,
        graded_by=row["graded_by"],
        cases=row["cases"],
        rev=row["rev"],
        asked=bool(row["asked"]),
        told=row["told"],
        told_by=row["told_by"],
        ended_at=moment_or_none(row["ended_at"]),
        ended_by=row["ended_by"],
        report=row["report"],
    )


def step_of(row: Row) -> IncidentStep:
    """Read a line of a timeline back."""
    return IncidentStep(at=moment(row["at"]), actor=row["actor"], what=row["what"], detail=row["detail"])


def write_step(tx: Tx, incident_id: str, step: IncidentStep) -> None:
    """Add a line to an incident's timeline."""
    tx.execute(
        "INSERT INTO incident_steps (incident_id, at, actor, what, detail) VALUES (?, ?, ?, ?, ?)",
        (incident_id, iso(step.at), step.actor, step.what, step.detail),
    )


def open_row(tx: Tx, incident_id: str, opening: Opening, at: datetime) -> bool:
    """Insert an open incident; False when another one of the same dependency is there."""
    breaker = opening.breaker
    inserted = tx.execute(
        "INSERT INTO incidents (id, name, since, level, graded_by, manual, why, opened_by, state, probe_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (name) WHERE ended_at IS NULL DO NOTHING",
        (
            incident_id,
            opening.name,
            iso(at),
            opening.level or "minor",
            opening.by if opening.level else "",
            int(breaker is None),
            opening.why,
            opening.by,
            breaker.state if breaker else "open",
            iso_or_none(breaker.probe_at) if breaker else None,
        ),
    )
    return inserted == 1


def hold_row(tx: Tx, incident_id: str, opening: Opening) -> None:
    """Make an open incident a person's: nothing probes it any more."""
    tx.execute(
        "UPDATE incidents SET manual = 1, why = ?, state = 'open', probe_at = NULL, rev = rev + 1 WHERE id = ?",
        (opening.why, incident_id),
    )
    if opening.level:
        tx.execute(
            "UPDATE incidents SET level = ?, graded_by = ? WHERE id = ?",
            (opening.level, opening.by, incident_id),
        )


def number(tx: Tx, year: int) -> int:
    """Give the next incident its number in a year."""
    tx.execute(
        "INSERT INTO case_numbers (prefix, year, next) VALUES ('INC', ?, 2)"
        " ON CONFLICT (prefix, year) DO UPDATE SET next = case_numbers.next + 1",
        (year,),
    )
    row = tx.one("SELECT next FROM case_numbers WHERE prefix = 'INC' AND year = ?", (year,))
    assert row is not None
    return int(row["next"]) - 1


def step(at: datetime, actor: str, what: What, detail: str = "") -> IncidentStep:
    """Make a line of a timeline."""
    return IncidentStep(at=at, actor=actor, what=what, detail=detail)


def audit(tx: Tx, incident_id: str, action: str, by: str, why: str, at: datetime) -> None:
    """Document what was done to an incident, and by whom."""
    entry = AuditEntry(
        at=at,
        case_id=None,
        actor=by,
        service="degraded",
        action=action,
        result="success",
        reason=why,
        data_refs=(incident_id,),
    )
    counted = tx.one("SELECT COUNT(*) AS n FROM incident_steps WHERE incident_id = ?", (incident_id,))
    write_audit(tx, f"{incident_id}:{action}:{counted['n'] if counted else 0}", entry)
