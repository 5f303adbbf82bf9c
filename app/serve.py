"""A running Loket in one process: the front, and each desk's engine behind it."""

import socket
from collections.abc import Sequence

from app.front import Front, Served
from app.outside import Outside, build_engine
from app.staff import Staff
from app.wire import Wired
from gateway.engine import Engine
from gateway.intake import Intake
from gateway.wakeups import InProcessWakeups


class DeskServer:
    """One desk at work: its engine, and those who take its people's decisions."""

    def __init__(self, wired: Wired, beside: "Sequence[DeskServer]" = ()) -> None:
        self.wired = wired
        wakeups = InProcessWakeups()
        self.staff = Staff(wired, wakeups.wake)
        self.outside: Outside = Outside(wired, self.staff.act, [desk.outside for desk in beside])
        self.engine: Engine = build_engine(wired, self.outside, wakeups)
        self.intake = Intake(wakeups.wake, self.outside.whatsapp.mark_read, self.engine.status_news)

    @property
    def served(self) -> Served:
        """What the front needs of it."""
        engine = self.engine
        return Served(
            self.wired, self.outside, self.intake, engine.wakeups.wake, engine.settled, engine.ended
        )

    async def stop(self) -> None:
        """Finish what is in hand, close the store."""
        await self.engine.stop()
        await self.outside.close()
        self.wired.database.close()


class LoketServer:
    """The server of one or several desks; `url` is known before it starts.

    Stops in the order bots, door, engines, stores.
    """

    def __init__(
        self, wired: Sequence[Wired], door: socket.socket, frame_ancestors: Sequence[str] = ()
    ) -> None:
        self.desks: tuple[DeskServer, ...] = ()
        # Each hears for those after it, and the first one listens.
        for one in reversed(wired):
            self.desks = (DeskServer(one, self.desks), *self.desks)
        self._front = Front([desk.served for desk in self.desks], door, frame_ancestors)

    @property
    def url(self) -> str:
        """The base address, without a slash at the end."""
        return self._front.url

    @property
    def engine(self) -> Engine:
        """The first desk's engine."""
        return self.desks[0].engine

    @property
    def staff(self) -> Staff:
        """Who takes the decisions of the first desk's people."""
        return self.desks[0].staff

    async def start(self) -> None:
        """Recover, then listen; returns when requests are taken."""
        for desk in self.desks:
            await desk.engine.start()
        await self._front.start()

    async def settled(self) -> bool:
        """Say whether nothing is left to do at this instant of the clock."""
        return await self._front.settled()

    async def stop(self) -> None:
        """Stop taking work, finish what is in hand, close the stores."""
        await self._front.stop()
        for desk in self.desks:
            await desk.stop()
