"""Checkpoint rows: what the saver writes, whether at once or staged for a turn's commit."""

import zlib
from dataclasses import dataclass

from store.transaction import Tx

COMPRESS_FROM = 256
_SUFFIX = "+zlib"


@dataclass(frozen=True, slots=True)
class CheckpointRow:
    """One checkpoint."""

    thread_id: str
    ns: str
    id: str
    parent_id: str | None
    encoding: str
    body: bytes
    metadata: str


@dataclass(frozen=True, slots=True)
class WriteRow:
    """One write of a task that belongs to a checkpoint; `replace` for the special channels."""

    thread_id: str
    ns: str
    checkpoint_id: str
    task_id: str
    idx: int
    task_path: str
    channel: str
    encoding: str
    body: bytes
    replace: bool


StagedRow = CheckpointRow | WriteRow


def pack(encoding: str, body: bytes) -> tuple[str, bytes]:
    """Compress a serialised value when that pays; the encoding says so."""
    if len(body) < COMPRESS_FROM:
        return encoding, body
    return encoding + _SUFFIX, zlib.compress(body, 1)


def unpack(encoding: str, body: bytes) -> tuple[str, bytes]:
    """Undo `pack`."""
    if encoding.endswith(_SUFFIX):
        return encoding.removesuffix(_SUFFIX), zlib.decompress(body)
    return encoding, body


def write_rows(tx: Tx, rows: list[StagedRow], *, prune: bool) -> None:
    """Write rows in order; with `prune`, drop every older checkpoint of the threads that got a new one."""
    for row in rows:
        if isinstance(row, CheckpointRow):
            tx.execute(
                "INSERT INTO checkpoints (thread_id, ns, id, parent_id, encoding, body, metadata)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (thread_id, ns, id) DO UPDATE SET parent_id = excluded.parent_id,"
                " encoding = excluded.encoding, body = excluded.body, metadata = excluded.metadata",
                (row.thread_id, row.ns, row.id, row.parent_id, row.encoding, row.body, row.metadata),
            )
        else:
            _write(tx, row)
    if prune:
        newest: dict[tuple[str, str], str] = {}
        for row in rows:
            if isinstance(row, CheckpointRow):
                key = (row.thread_id, row.ns)
                newest[key] = max(newest.get(key, ""), row.id)
        for (thread_id, ns), checkpoint_id in newest.items():
            keep_only(tx, thread_id, ns, checkpoint_id)


def keep_only(tx: Tx, thread_id: str, ns: str, checkpoint_id: str) -> None:
    """Drop every other checkpoint of a thread's namespace, with its writes."""
    for table, column in (("checkpoints", "id"), ("checkpoint_writes", "checkpoint_id")):
        tx.execute(
            f"DELETE FROM {table} WHERE thread_id = ? AND ns = ? AND {column} <> ?",
            (thread_id, ns, checkpoint_id),
        )


def delete_thread(tx: Tx, thread_id: str) -> None:
    """Drop everything of a thread."""
    for table in ("checkpoints", "checkpoint_writes"):
        tx.execute(f"DELETE FROM {table} WHERE thread_id = ?", (thread_id,))


def delete_run(tx: Tx, run_id: str) -> None:
    """Drop the checkpoints a run made, in every namespace, with their writes."""
    for row in tx.all(
        "SELECT thread_id, ns, id FROM checkpoints WHERE json_extract(metadata, '$.run_id') = ?", (run_id,)
    ):
        place = (row["thread_id"], row["ns"], row["id"])
        tx.execute(
            "DELETE FROM checkpoint_writes WHERE thread_id = ? AND ns = ? AND checkpoint_id = ?", place
        )
        tx.execute("DELETE FROM checkpoints WHERE thread_id = ? AND ns = ? AND id = ?", place)


def copy_thread(tx: Tx, source: str, target: str) -> None:
    """Copy everything of a thread to another, which is emptied first."""
    delete_thread(tx, target)
    tx.execute(
        "INSERT INTO checkpoints SELECT ?, ns, id, parent_id, encoding, body, metadata"
        " FROM checkpoints WHERE thread_id = ?",
        (target, source),
    )
    tx.execute(
        "INSERT INTO checkpoint_writes"
        " SELECT ?, ns, checkpoint_id, task_id, idx, task_path, channel, encoding, body"
        " FROM checkpoint_writes WHERE thread_id = ?",
        (target, source),
    )


def _write(tx: Tx, row: WriteRow) -> None:
    conflict = (
        "DO UPDATE SET task_path = excluded.task_path, channel = excluded.channel,"
        " encoding = excluded.encoding, body = excluded.body"
        if row.replace
        else "DO NOTHING"
    )
    tx.execute(
        "INSERT INTO checkpoint_writes"
        " (thread_id, ns, checkpoint_id, task_id, idx, task_path, channel, encoding, body)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
        f" ON CONFLICT (thread_id, ns, checkpoint_id, task_id, idx) {conflict}",
        (
            row.thread_id,
            row.ns,
            row.checkpoint_id,
            row.task_id,
            row.idx,
            row.task_path,
            row.channel,
            row.encoding,
            row.body,
        ),
    )
