"""Who looked at whose data in a turn, told from its tape: one audit line for each service that was asked."""

import json
from collections.abc import Sequence

from casefile.packets import AuditEntry
from graph.run import Run
from graph.tape import Read
from policies.privacy import hash_target

# What is read besides - knowledge, staff, health, case numbers - is nobody's personal data.
SERVICES = {
    "Contacts": "contacts",
    "Snapshots": "snapshots",
    "Schedule": "schedule",
    "Books": "payments",
    "Records": "records",
    "Orders": "orders",
}
# Facts are collected for the gate before a role works; what a role asks for itself is its own.
ACTORS = {"collect": "gate", "judge": "gate", "frontline_b": "B", "ops_c": "C", "specialist_d": "D"}


def accesses(run: Run, salt: str) -> tuple[tuple[str, AuditEntry], ...]:
    """Return the audit lines of a case's part in a turn, keyed; whom and what was asked for is hashed."""
    asked: dict[tuple[str, str], list[Read]] = {}
    for read in run.tape.reads:
        service = SERVICES.get(read.port.partition(".")[0])
        if service is not None:
            asked.setdefault((ACTORS[read.node], service), []).append(read)
    return tuple(
        (f"{run.after.id}:{run.after.turn}:read:{actor}:{service}", _line(run, actor, service, reads, salt))
        for (actor, service), reads in asked.items()
    )


def _line(run: Run, actor: str, service: str, reads: Sequence[Read], salt: str) -> AuditEntry:
    questions = [[read.port, read.question] for read in reads]
    return AuditEntry(
        at=run.entry.facts.now,
        case_id=run.after.id,
        actor=actor,
        service=service,
        action="read",
        target_hash=_target(reads[0], salt),
        params_hash=hash_target(json.dumps(questions, sort_keys=True), salt),
        result="error" if any(read.down for read in reads) else "success",
        reason=run.entry.verdict.rules[0].id,
        data_refs=tuple(f"{read.port.partition('.')[2]} {_target(read, salt)}" for read in reads),
    )


def _target(read: Read, salt: str) -> str:
    """Hash whom a question is about: its first argument, or all of a pair that has to match."""
    asked = read.question if isinstance(read.question, list) else [read.question]
    whole = read.port.endswith("find_by_invoice_and_email")
    return hash_target("\n".join(map(str, asked)) if whole else str(asked[0]), salt)
