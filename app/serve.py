"""A running Loket in one process: the front, and the engine behind it."""

import socket
from collections.abc import Sequence

from adapters.telegram_parse import StaffAction
from app.front import Front
from app.outside import Outside, build_engine
from app.watch import flags_for
from app.wire import Wired, decisions_for
from gateway.intake import Intake
from gateway.wakeups import InProcessWakeups


class LoketServer:
    """One desk's server; `url` is known before it starts. Stops in the order bots, door, engine, store."""

    def __init__(self, wired: Wired, door: socket.socket, frame_ancestors: Sequence[str] = ()) -> None:
        self._wired = wired
        self._outside = Outside(wired, self._on_action)
        self.engine = build_engine(wired, self._outside, InProcessWakeups())
        wake = self.engine.wakeups.wake
        intake = Intake(wake, self._outside.whatsapp.mark_read, self.engine.status_news)
        self._front = Front(
            wired, door, self._outside, intake, self.engine.settled, frame_ancestors, self.engine.ended
        )
        self.decisions, self.replies = decisions_for(wired, wake)
        self.flags = flags_for(wired)

    @property
    def url(self) -> str:
        """The base address, without a slash at the end."""
        return self._front.url

    async def start(self) -> None:
        """Recover, then listen; returns when requests are taken."""
        await self.engine.start()
        await self._front.start()

    async def settled(self) -> bool:
        """Say whether nothing is left to do at this instant of the clock."""
        return await self._front.settled()

    async def stop(self) -> None:
        """Stop taking work, finish what is in hand, close the store."""
        await self._front.stop()
        await self.engine.stop()
        await self._outside.close()
        self._wired.database.close()

    async def _on_action(self, action: StaffAction) -> str:
        said = await self.flags.act(action)
        return await self.decisions.act(action) if said is None else said
