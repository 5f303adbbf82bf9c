"""LangGraph's checkpoint saver on our store: staged inside a turn, committed at once outside one."""

import json
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Self, cast

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import (
    WRITES_IDX_MAP,
    BaseCheckpointSaver,
    ChannelVersions,
    Checkpoint,
    CheckpointMetadata,
    CheckpointTuple,
    PendingWrite,
    get_checkpoint_metadata,
)
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer

from store.checkpoint_rows import (
    CheckpointRow,
    StagedRow,
    WriteRow,
    copy_thread,
    delete_run,
    delete_thread,
    keep_only,
    pack,
    unpack,
    write_rows,
)
from store.connection import Row
from store.database import Database
from store.transaction import Tx

_STAGE: ContextVar[list[object] | None] = ContextVar("loket_stage", default=None)
_COLUMNS = "thread_id, ns, id, parent_id, encoding, body, metadata"


class StagingSaver(BaseCheckpointSaver[int]):
    """Checkpoints on the one writer.

    Inside `stage()` rows are collected and a turn's commit writes them, dropping the thread's older
    checkpoints; outside, each call is its own durable write. Values are plain data: strict msgpack, and no
    module beyond LangGraph's own safe list may be rebuilt on load.
    """

    def __init__(self, database: Database) -> None:
        super().__init__(serde=JsonPlusSerializer(allowed_msgpack_modules=None))
        self._database = database

    @contextmanager
    def stage(self) -> Iterator[list[object]]:
        """Collect checkpoint rows written inside the block; dropped unless handed to a TurnCommit."""
        rows: list[object] = []
        token = _STAGE.set(rows)
        try:
            yield rows
        finally:
            _STAGE.reset(token)

    def with_allowlist(self, extra_allowlist: Collection[tuple[str, ...]]) -> Self:
        """Allow nothing more: the one saved channel is plain data, and this is asked for on every run."""
        return self

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """Store a checkpoint."""
        place = config["configurable"]
        thread_id, ns = str(place["thread_id"]), str(place.get("checkpoint_ns", ""))
        encoding, body = pack(*self.serde.dumps_typed(checkpoint))
        known = json.dumps(
            get_checkpoint_metadata(config, metadata), ensure_ascii=False, separators=(",", ":")
        )
        row = CheckpointRow(
            thread_id, ns, checkpoint["id"], place.get("checkpoint_id"), encoding, body, known
        )
        await self._keep([row])
        return _config(thread_id, ns, checkpoint["id"])

    async def aput_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        """Store a task's writes with the checkpoint they belong to."""
        place = config["configurable"]
        replace = all(channel in WRITES_IDX_MAP for channel, _ in writes)
        rows: list[StagedRow] = []
        for position, (channel, value) in enumerate(writes):
            encoding, body = pack(*self.serde.dumps_typed(value))
            rows.append(
                WriteRow(
                    str(place["thread_id"]),
                    str(place.get("checkpoint_ns", "")),
                    str(place["checkpoint_id"]),
                    task_id,
                    WRITES_IDX_MAP.get(channel, position),
                    task_path,
                    channel,
                    encoding,
                    body,
                    replace,
                )
            )
        await self._keep(rows)

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """Return the named checkpoint, or the thread's newest; staged rows are not visible."""
        place = config["configurable"]
        params: list[object] = [str(place["thread_id"]), str(place.get("checkpoint_ns", ""))]
        where = "thread_id = ? AND ns = ?"
        if wanted := place.get("checkpoint_id"):
            where += " AND id = ?"
            params.append(wanted)
        row = self._database.read_one(
            f"SELECT {_COLUMNS} FROM checkpoints WHERE {where} ORDER BY id DESC LIMIT 1", params
        )
        return None if row is None else self._tuple(row)

    async def alist(
        self,
        config: RunnableConfig | None,
        *,
        filter: dict[str, Any] | None = None,  # noqa: A002 - LangGraph's name
        before: RunnableConfig | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[CheckpointTuple]:
        """List checkpoints, newest first; `filter` compares metadata keys."""
        wheres: list[str] = []
        params: list[object] = []
        place = config["configurable"] if config else {}
        for column, value in (
            ("thread_id", place.get("thread_id")),
            ("ns", place.get("checkpoint_ns")),
            ("id", place.get("checkpoint_id")),
        ):
            if value is not None:
                wheres.append(f"{column} = ?")
                params.append(str(value))
        if before is not None:
            wheres.append("id < ?")
            params.append(before["configurable"]["checkpoint_id"])
        where = f"WHERE {' AND '.join(wheres)}" if wheres else ""
        found = 0
        for row in self._database.read(
            f"SELECT {_COLUMNS} FROM checkpoints {where} ORDER BY id DESC", params
        ):
            known = json.loads(row["metadata"])
            if any(known.get(key) != value for key, value in (filter or {}).items()):
                continue
            if limit is not None and found >= limit:
                return
            found += 1
            yield self._tuple(row)

    async def adelete_thread(self, thread_id: str) -> None:
        """Drop everything of a thread."""
        await self._database.submit(lambda tx: delete_thread(tx, thread_id))

    async def adelete_for_runs(self, run_ids: Sequence[str]) -> None:
        """Drop what these runs made."""

        def work(tx: Tx) -> None:
            for run_id in run_ids:
                delete_run(tx, run_id)

        await self._database.submit(work)

    async def acopy_thread(self, source_thread_id: str, target_thread_id: str) -> None:
        """Copy a thread to another one."""
        await self._database.submit(lambda tx: copy_thread(tx, source_thread_id, target_thread_id))

    async def aprune(self, thread_ids: Sequence[str], *, strategy: str = "keep_latest") -> None:
        """Keep the newest checkpoint per namespace (`keep_latest`), or none (`delete`)."""
        if strategy not in ("keep_latest", "delete"):
            raise ValueError(f"prune strategy {strategy!r} is not one of keep_latest, delete")

        def work(tx: Tx) -> None:
            for thread_id in thread_ids:
                if strategy == "delete":
                    delete_thread(tx, thread_id)
                    continue
                for row in tx.all(
                    "SELECT ns, MAX(id) AS id FROM checkpoints WHERE thread_id = ? GROUP BY ns", (thread_id,)
                ):
                    keep_only(tx, thread_id, row["ns"], row["id"])

        await self._database.submit(work)

    def get_next_version(self, current: int | None, channel: None) -> int:
        """Count channel versions up from 1."""
        return 1 if current is None else current + 1

    async def _keep(self, rows: Sequence[StagedRow]) -> None:
        staged = _STAGE.get()
        if staged is not None:
            staged.extend(rows)
            return
        await self._database.submit(lambda tx: write_rows(tx, list(rows), prune=False))

    def _tuple(self, row: Row) -> CheckpointTuple:
        thread_id, ns, checkpoint_id = row["thread_id"], row["ns"], row["id"]
        parent = row["parent_id"]
        return CheckpointTuple(
            config=_config(thread_id, ns, checkpoint_id),
            checkpoint=self.serde.loads_typed(unpack(row["encoding"], row["body"])),
            metadata=cast(CheckpointMetadata, json.loads(row["metadata"])),
            parent_config=_config(thread_id, ns, parent) if parent else None,
            pending_writes=self._writes(thread_id, ns, checkpoint_id),
        )

    def _writes(self, thread_id: str, ns: str, checkpoint_id: str) -> list[PendingWrite]:
        rows = self._database.read(
            "SELECT task_id, channel, encoding, body FROM checkpoint_writes"
            " WHERE thread_id = ? AND ns = ? AND checkpoint_id = ? ORDER BY task_path, task_id, idx",
            (thread_id, ns, checkpoint_id),
        )
        return [
            (row["task_id"], row["channel"], self.serde.loads_typed(unpack(row["encoding"], row["body"])))
            for row in rows
        ]


def _config(thread_id: str, ns: str, checkpoint_id: str) -> RunnableConfig:
    return {"configurable": {"thread_id": thread_id, "checkpoint_ns": ns, "checkpoint_id": checkpoint_id}}
