"""Wake-ups across processes: procrastinate's jobs on PostgreSQL bring conversations and chores to the workers."""

import asyncio
import contextlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import procrastinate
import psycopg
import structlog
from procrastinate import exceptions
from procrastinate.jobs import Status
from procrastinate.schema import SchemaManager

from ports.wakeups import Handlers

log = structlog.get_logger(__name__)
TURNS, CHORES = "turns", "chores"
AGAIN_SECONDS = 1.0
LOCKS = "SELECT lock FROM procrastinate_jobs WHERE queue_name = %(queue)s AND status IN ('todo', 'doing')"
# Connections that asking takes at most: the work itself, and the sign that this worker lives, need some as well.
ASKING_AT_ONCE = 2
# Any number will do, so long as every Loket asks for the same one.
PREPARING = 0x10CE8
# The inbox is what must not be lost; a job that fails or is given up is asked for again by whoever looks.
FAULTS = (exceptions.ConnectorException, exceptions.AppNotOpen)


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """How a process works: so many conversations side by side (a door, which only wakes others, none).

    A worker that gave no sign for `lease_seconds` is held to be gone, and its work is given to others.
    """

    conninfo: str
    concurrency: int = 0
    lease_seconds: float = 30.0
    poll_seconds: float = 0.2


def prepare(conninfo: str) -> None:
    """Give the database procrastinate's tables, once."""
    with psycopg.connect(conninfo, connect_timeout=5) as connection:
        connection.execute(b"SELECT pg_advisory_xact_lock(%s)", (PREPARING,))
        known = connection.execute(b"SELECT to_regclass('procrastinate_jobs') IS NOT NULL").fetchone()
        if known is not None and not known[0]:
            connection.execute(SchemaManager.get_schema().encode())


class ProcrastinateWakeups:
    """Implements ports.wakeups.Wakeups for many processes on one PostgreSQL database.

    A job holds its conversation's lock while it drains it; one more may wait behind it, held back by its queueing
    lock from becoming many. Order comes from the inbox, never from the jobs.
    """

    def __init__(self, settings: WorkerSettings) -> None:
        # It says at level info what every job does.
        logging.getLogger("procrastinate").setLevel(logging.WARNING)
        self._settings = settings
        connector = procrastinate.PsycopgConnector(
            conninfo=settings.conninfo,
            min_size=1,
            max_size=8,
            kwargs={"connect_timeout": 5},
            configure=_configure,
        )
        self._app = procrastinate.App(connector=connector)
        self._app.task(name="loket.drain", queue=TURNS)(self._drain)
        self._app.task(name="loket.chore", queue=CHORES)(self._chore)
        self._handlers: Handlers | None = None
        self._news: dict[str, asyncio.Event] = {}
        # Who is being asked for here, and whether there is news since that was begun.
        self._asked: dict[str, bool] = {}
        self._asking: set[asyncio.Task[None]] = set()
        self._places = asyncio.Semaphore(ASKING_AT_ONCE)
        self._stopping = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def wake(self, conversation_id: str) -> None:
        """Say that a conversation has something unread."""
        if (news := self._news.get(conversation_id)) is not None:
            # It is in hand here, and will be looked at once more.
            news.set()
        elif conversation_id in self._asked:
            self._asked[conversation_id] = True
        elif not self._stopping.is_set():
            self._asked[conversation_id] = True
            task = asyncio.create_task(self._ask_for(conversation_id))
            self._asking.add(task)
            task.add_done_callback(self._asking.discard)

    async def wake_forgotten(self, unread: Iterable[str]) -> None:
        """Wake those of these conversations that no job is about, which is one question for all of them."""
        try:
            jobs = await self._app.connector.execute_query_all_async(LOCKS, queue=TURNS)
        except FAULTS as error:
            log.warning("jobs_not_read", error=type(error).__name__)
            return
        known = {job["lock"] for job in jobs}
        for conversation_id in unread:
            if f"{TURNS} {conversation_id}" not in known:
                self.wake(conversation_id)

    async def ring(self, chore: str) -> bool:
        """Have a chore done by one worker, once however many ask for it before it is begun."""
        await self._ask("loket.chore", CHORES, chore)
        return False

    async def open(self) -> None:
        """Connect, which is enough to wake others."""
        await self._app.open_async()

    async def start(self, handlers: Handlers) -> None:
        """Connect and begin to work."""
        self._handlers = handlers
        await self.open()
        self._tasks = [
            asyncio.create_task(self._work(TURNS, self._settings.concurrency), name="turns' worker"),
            # A place of its own, so that many busy conversations never keep a chore waiting.
            asyncio.create_task(self._work(CHORES, 1), name="chores' worker"),
            asyncio.create_task(self._take_over(), name="take over"),
        ]

    async def stop(self) -> None:
        """Let the work in hand finish."""
        self._stopping.set()
        for news in self._news.values():
            news.set()
        for task in self._tasks:
            await task
        if self._asking:
            await asyncio.wait(self._asking)
        await self._app.close_async()

    def active(self) -> frozenset[str]:
        """Return the conversations that are in hand here."""
        return frozenset(self._news)

    async def _ask_for(self, conversation_id: str) -> None:
        """Ask for a conversation, and once more for all the news that came meanwhile."""
        try:
            while self._asked[conversation_id]:
                async with self._places:
                    self._asked[conversation_id] = False
                    await self._ask("loket.drain", TURNS, conversation_id)
        finally:
            del self._asked[conversation_id]

    async def _ask(self, task: str, queue: str, name: str) -> None:
        lock = f"{queue} {name}"
        job = self._app.configure_task(task, queue=queue, lock=lock, queueing_lock=lock)
        try:
            await job.defer_async(name=name)
        except exceptions.AlreadyEnqueued:
            # Asked for already, which is as good.
            return
        except FAULTS as error:
            log.warning("wakeup_not_stored", name=name, error=type(error).__name__)

    async def _drain(self, name: str) -> None:
        if self._handlers is None or name in self._news:
            return
        news = self._news[name] = asyncio.Event()
        news.set()
        try:
            while news.is_set() and not self._stopping.is_set():
                news.clear()
                await self._handlers.drain(name, news)
        finally:
            del self._news[name]

    async def _chore(self, name: str) -> None:
        if self._handlers is not None and not self._stopping.is_set():
            await self._handlers.chores[name]()

    async def _work(self, queue: str, concurrency: int) -> None:
        """Work until stopped; procrastinate gives up when its server is gone, and is started anew."""
        lease = self._settings.lease_seconds
        while not self._stopping.is_set():
            running = asyncio.create_task(
                self._app.run_worker_async(
                    queues=[queue],
                    concurrency=concurrency,
                    install_signal_handlers=False,
                    fetch_job_polling_interval=self._settings.poll_seconds,
                    update_heartbeat_interval=lease / 3,
                    stalled_worker_timeout=lease,
                    delete_jobs="always",
                )
            )
            stop = asyncio.create_task(self._stopping.wait())
            await asyncio.wait({running, stop}, return_when=asyncio.FIRST_COMPLETED)
            stop.cancel()
            running.cancel()
            await asyncio.wait({running})
            if not running.cancelled() and (error := running.exception()) is not None:
                log.error("worker_stopped", queue=queue, error=type(error).__name__, exc_info=error)
            await self._pause(AGAIN_SECONDS)

    async def _take_over(self) -> None:
        """Give up the jobs of workers that are gone: their locks are free, and what is unread is asked for anew."""
        while not self._stopping.is_set():
            try:
                lease = self._settings.lease_seconds
                for job in await self._app.job_manager.get_stalled_jobs(seconds_since_heartbeat=lease):
                    await self._app.job_manager.finish_job(job, status=Status.FAILED, delete_job=True)
                    log.warning("work_taken_over", job=job.lock)
                    if job.queue == TURNS:
                        self.wake(str(job.task_kwargs["name"]))
            except FAULTS as error:
                log.warning("take_over_failed", error=type(error).__name__)
            await self._pause(self._settings.lease_seconds / 3)

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)


async def _configure(connection: psycopg.AsyncConnection[Any]) -> None:
    """Spend no transaction on what is one statement anyway, and wait for no disk.

    A job that a crashed server forgot is asked for again by the next look at the inbox.
    """
    await connection.set_autocommit(True)
    await connection.execute(b"SET synchronous_commit = off")
