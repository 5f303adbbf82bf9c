"""Loket as several processes on one PostgreSQL database: doors that take in, workers that do the rest."""

import os
import socket
import uuid
from collections.abc import Sequence

from adapters.procrastinate_wakeups import ProcrastinateWakeups, WorkerSettings, prepare
from adapters.telegram_parse import StaffAction
from app.database import conninfo_of
from app.front import Front, Served
from app.outside import Outside, build_engine
from app.paying import books_for
from app.settings import Settings
from app.staff import Staff
from app.wire import Wired
from gateway.bookkeeping import CHORE as BOOKS
from gateway.intake import Intake


class DeskDoor:
    """One desk as it is seen from outside: what comes in for it is stored, and its workers woken."""

    def __init__(self, wired: Wired, beside: "Sequence[DeskDoor]" = ()) -> None:
        self._wired = wired
        self._wakeups = ProcrastinateWakeups(_worker_settings(wired.settings, 0))
        staff = Staff(wired, self._wakeups.wake)
        self.outside: Outside = Outside(wired, staff.act, [desk.outside for desk in beside])
        self._books = books_for(wired, self.outside.provider)
        self._intake = Intake(self._wakeups.wake, self.outside.whatsapp.mark_read, self._heard)

    @property
    def served(self) -> Served:
        """What the front needs of it."""
        return Served(self._wired, self.outside, self._intake, self._wakeups.wake, _never_known)

    async def _heard(self) -> None:
        """Have a worker look into payments of which something was heard; statuses it finds in the ledger itself."""
        if self._books is not None and await self._books.waiting():
            await self._wakeups.ring(BOOKS)

    async def start(self) -> None:
        """Connect to where the workers are woken."""
        prepare(conninfo_of(self._wired.settings))
        await self._wakeups.open()

    async def stop(self) -> None:
        """Finish what is in hand, close the store."""
        await self._wakeups.stop()
        await self.outside.close()
        self._wired.database.close()


class LoketDoor:
    """The process that is reached from outside: it stores what comes in for any desk and wakes the workers."""

    def __init__(self, wired: Sequence[Wired], door: socket.socket) -> None:
        self._desks: tuple[DeskDoor, ...] = ()
        # Each hears for those after it, and the first one listens.
        for one in reversed(wired):
            self._desks = (DeskDoor(one, self._desks), *self._desks)
        self._front = Front([desk.served for desk in self._desks], door, ())

    @property
    def url(self) -> str:
        """The base address, without a slash at the end."""
        return self._front.url

    async def start(self) -> None:
        """Connect, then listen; returns when requests are taken."""
        for desk in self._desks:
            await desk.start()
        await self._front.start()

    async def stop(self) -> None:
        """Take nothing more in, finish what is in hand, close the stores."""
        await self._front.stop()
        for desk in self._desks:
            await desk.stop()


class LoketWorker:
    """What runs one desk's turns, sends, fires timers and does the chores; as many as wanted, on any machine."""

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


async def _never_known() -> bool:
    """A door does not know what the workers still have to do."""
    return False


async def _nobody_listens(action: StaffAction) -> str:
    raise AssertionError(f"a worker hears nobody, but was told {type(action).__name__}")
