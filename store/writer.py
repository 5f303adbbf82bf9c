"""The one writer: a thread that turns whatever is queued into one durable transaction."""

import asyncio
import queue
import random
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal, TypeVar

from store.connection import Connection
from store.errors import StoreFault, WriterStopped
from store.submissions import Submission, answer
from store.transaction import Tx

T = TypeVar("T")
CONFLICTS_AT_MOST = 100
BROKEN_KEYS_AT_MOST = 3
OnCommit = Callable[[Literal["before", "after"], int], None]


@dataclass(slots=True)
class WriterStats:
    """Counted since the writer started; `bytes` are the text and blobs handed to the database.

    `conflicts` are transactions that were run again because another process was in the way. `refused` counts what the
    database was at fault for, `why` tells of the last; `trouble` is that fault until something was written again.
    """

    commits: int = 0
    conflicts: int = 0
    submissions: int = 0
    bytes: int = 0
    refused: int = 0
    why: str = ""
    trouble: StoreFault | None = None

    def note(self, trouble: StoreFault) -> None:
        """Take note of a fault of the database."""
        self.refused += 1
        self.why = str(trouble)
        self.trouble = trouble


class _Conflict(Exception):
    """Another process was in the way of the whole transaction."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(str(error))
        self.error = error


class _RolledBack(Exception):
    """What failed in it has ended the transaction."""

    def __init__(self) -> None:
        super().__init__("the transaction was given up by the database")


class Writer:
    """Group commit on one connection: one commit per batch, with a savepoint around each of several submissions.

    A batch waits `gather_seconds` for company only when the one before it held more than one.
    `on_commit` is called on the writer's thread around every commit with its running number
    (the kill -9 harness hangs there).
    """

    def __init__(
        self,
        connection: Connection,
        *,
        gather_seconds: float = 0.001,
        on_commit: OnCommit | None = None,
    ) -> None:
        self.stats = WriterStats()
        self._connection = connection
        self._gather = gather_seconds
        self._on_commit = on_commit
        self._queue: queue.SimpleQueue[Submission | None] = queue.SimpleQueue()
        self._gate = threading.Lock()
        self._stopped = False
        self._thread = threading.Thread(target=self._work, name="loket-writer", daemon=True)
        self._thread.start()

    async def submit(self, run: Callable[[Tx], T]) -> T:
        """Run a function inside the next transaction and return its result once that is on disk.

        The function's own exception rolls back only what it wrote. Raises StoreFault when the database
        cannot be written, WriterStopped after `stop`.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        with self._gate:
            if self._stopped:
                raise WriterStopped("the writer has stopped; open the database again")
            self._queue.put(Submission(run, loop, future))
        return await future

    def stop(self) -> None:
        """Finish what is queued, then end the thread and close its connection."""
        with self._gate:
            if not self._stopped:
                self._stopped = True
                self._queue.put(None)
        self._thread.join()

    def _work(self) -> None:
        last = 0
        try:
            while batch := self._next_batch(wait=last > 1):
                last = len(batch)
                try:
                    self._write(batch)
                except BaseException as error:
                    for submission in batch:
                        submission.error = submission.error or error
                    raise
                finally:
                    answer(batch)
        finally:
            with self._gate:
                self._stopped = True
            while left := self._next_batch(wait=False):
                for submission in left:
                    submission.error = WriterStopped("the writer stopped before it came to this")
                answer(left)
            self._connection.close()

    def _next_batch(self, *, wait: bool) -> list[Submission]:
        """Take what is queued; empty once the writer is stopped and everything before that was taken."""
        if self._stopped and self._queue.empty():
            return []
        batch = [s for s in (self._queue.get(),) if s is not None]
        if batch and wait and self._gather > 0:
            time.sleep(self._gather)
        while not self._queue.empty():
            following = self._queue.get()
            if following is not None:
                batch.append(following)
        return batch

    def _write(self, batch: list[Submission]) -> None:
        """Write a batch; where another process was in the way, each submission again and on its own."""
        try:
            self._write_once(batch)
        except _Conflict:
            self.stats.conflicts += 1
            for submission in batch:
                self._write_alone(submission)

    def _write_alone(self, submission: Submission) -> None:
        for attempt in range(CONFLICTS_AT_MOST):
            submission.result = submission.error = None
            try:
                self._write_once([submission])
            except _Conflict as conflict:
                self.stats.conflicts += 1
                trouble = self._connection.fault(conflict.error)
                submission.error = trouble or conflict.error
                if trouble is None and attempt >= BROKEN_KEYS_AT_MOST:
                    # Nobody was in the way: the statement breaks a rule of its own.
                    return
                # Two that met once would meet again in step.
                time.sleep(random.uniform(0, 0.001 * min(attempt + 1, 20)))
            else:
                return

    def _write_once(self, batch: list[Submission]) -> None:
        tx = Tx(self._connection)
        try:
            self._connection.begin()
            for submission in batch:
                self._run_one(tx, submission, alone=len(batch) == 1)
                if not self._connection.in_transaction():
                    raise _RolledBack
            for submission in batch:
                if isinstance(submission.error, StoreFault):
                    self.stats.note(submission.error)
            if all(submission.error is not None for submission in batch):
                self._connection.execute("ROLLBACK")
                return
            self._commit()
        except (self._connection.error, _Conflict, _RolledBack) as error:
            trouble = self._after_failure(batch, error)
            for submission in batch:
                submission.error = submission.error or trouble
            if isinstance(trouble, StoreFault):
                self.stats.note(trouble)
            return
        if not any(isinstance(submission.error, StoreFault) for submission in batch):
            self.stats.trouble = None
        self.stats.submissions += len(batch)
        self.stats.bytes += tx.bytes

    def _after_failure(self, batch: list[Submission], error: Exception) -> BaseException:
        """Leave no transaction open, and say what the batch failed of; raises _Conflict."""
        if self._connection.in_transaction():
            # Refused as well it stays open, and the next batch finds that out and tries again.
            with suppress(self._connection.error):
                self._connection.execute("ROLLBACK")
        if isinstance(error, _Conflict):
            raise error
        if self._connection.is_conflict(error):
            raise _Conflict(error)
        first = next((s.error for s in batch if isinstance(s.error, StoreFault)), None)
        return first or self._connection.fault(error) or StoreFault("ROLLED_BACK", str(error))

    def _run_one(self, tx: Tx, submission: Submission, *, alone: bool) -> None:
        """Run a submission; its failure undoes nobody else's, so one that is `alone` needs no savepoint."""
        if not alone:
            self._connection.execute("SAVEPOINT submission")
        try:
            submission.result = submission.run(tx)
        except Exception as error:
            if self._connection.is_conflict(error):
                raise _Conflict(error) from error
            submission.error = self._connection.fault(error) or error
            if not alone and self._connection.in_transaction():
                self._connection.execute("ROLLBACK TO submission")
                self._connection.execute("RELEASE submission")
        else:
            if not alone:
                self._connection.execute("RELEASE submission")

    def _commit(self) -> None:
        number = self.stats.commits + 1
        if self._on_commit:
            self._on_commit("before", number)
        self._connection.execute("COMMIT")
        self.stats.commits = number
        if self._on_commit:
            self._on_commit("after", number)
