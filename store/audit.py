"""The audit trail."""

from casefile.packets import AuditEntry
from store.times import iso
from store.transaction import Tx


def write_audit(tx: Tx, key: str, entry: AuditEntry) -> None:
    """Add one line; its key is unique, so nothing is documented twice."""
    tx.execute(
        "INSERT INTO audit (key, at, case_id, actor, service, action, result, body) VALUES (?, ?, ?, ?,"
        " ?, ?, ?, ?)",
        (
            key,
            iso(entry.at),
            entry.case_id,
            entry.actor,
            entry.service,
            entry.action,
            entry.result,
            entry.model_dump_json(exclude_defaults=True),
        ),
    )
