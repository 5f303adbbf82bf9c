"""Loket as several processes on one PostgreSQL database: doors that take in, workers that do the rest."""

import os
import socket
import uuid

from adapters.procrastinate_wakeups import ProcrastinateWakeups, WorkerSettings, prepare
from adapters.telegram_parse import StaffAction
from app.database import conninfo_of
from app.front import Front
from app.outside import Outside, build_engine
from app.settings import Settings
from app.watch import flags_for
from app.wire import Wired, decisions_for
from gateway.intake import Intake


class LoketDoor:
    """The process that is reached from outside: it stores what comes in and wakes the workers."""

    def __init__(self, wired: Wired, door: socket.socket) -> None:
        self._wired = wired
        self._wakeups = ProcrastinateWakeups(_worker_settings(wired.settings, 0))
        self._outside = Outside(wired, self._on_action)
        intake = Intake(self._wakeups.wake, self._outside.whatsapp.mark_read, _left_to_workers)
        self._front = Front(wired, door, self._outside, intake, _never_known, ())
        self._decisions, _ = decisions_for(wired, self._wakeups.wake)
        self._flags = flags_for(wired)

    @property
    def url(self) -> str:
        """The base address, without a slash at the end."""
        return self._front.url

    async def start(self) -> None:
        """Connect, then listen; returns when requests are taken."""
        prepare(conninfo_of(self._wired.settings))
        await self._wakeups.open()
        await self._front.start()

    async def stop(self) -> None:
        """Take nothing more in, finish what is in hand, close the store."""
        await self._front.stop()
        await self._wakeups.stop()
        await self._outside.close()
        self._wired.database.close()

    async def _on_action(self, action: StaffAction) -> str:
        said = await self._flags.act(action)
        return await self._decisions.act(action) if said is None else said


class LoketWorker:
    """A process that runs turns, sends, fires timers and does the chores; as many as wanted, on any machine."""

    def __init__(self, wired: Wired) -> None:
        self._wired = wired
        # A name nobody had before: what an earlier process of this machine left is found by its own.
        self.name = f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        told = wired.settings.shared.workers
        wakeups = ProcrastinateWakeups(_worker_settings(wired.settings, told.concurrency))
        self._outside = Outside(wired, _nobody_listens)
        self.engine = build_engine(wired, self._outside, wakeups, self.name)

    async def start(self) -> None:
        """Begin to work."""
        prepare(conninfo_of(self._wired.settings))
        await self.engine.start()

    async def stop(self) -> None:
        """Finish what is in hand, close the store."""
        await self.engine.stop()
        await self._outside.close()
        self._wired.database.close()


def _worker_settings(settings: Settings, concurrency: int) -> WorkerSettings:
    told = settings.shared.workers
    return WorkerSettings(
        conninfo_of(settings), concurrency, told.lease_seconds, poll_seconds=told.poll_ms / 1000
    )


async def _left_to_workers() -> None:
    """Statuses are in the ledger; the workers look there."""


async def _never_known() -> bool:
    """A door does not know what the workers still have to do."""
    return False


async def _nobody_listens(action: StaffAction) -> str:
    raise AssertionError(f"a worker hears nobody, but was told {type(action).__name__}")
