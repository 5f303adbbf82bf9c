"""What one desk's people do in its lanes, given to those who take it."""

from collections.abc import Callable
from datetime import timedelta

from adapters.telegram_parse import StaffAction
from app.watch import flags_for
from app.wire import Wired, decisions_for
from gateway.takeovers import Takeovers
from store.takeovers import SqlTakeovers


class Staff:
    """Takes what one desk's people flag, take over, decide and say; `wake` hears of conversations with news."""

    def __init__(self, wired: Wired, wake: Callable[[str], None]) -> None:
        self.decisions, self.replies = decisions_for(wired, wake)
        self.flags = flags_for(wired)
        self.takeovers = takeovers_for(wired)

    async def act(self, action: StaffAction) -> str:
        """Take what somebody did; returns what they are told."""
        said = await self.flags.act(action)
        if said is None:
            said = await self.takeovers.act(action)
        return await self.decisions.act(action) if said is None else said


def takeovers_for(wired: Wired) -> Takeovers:
    """Plug in who gives conversations to people, and back."""
    quiet = timedelta(minutes=wired.desk.rules.limits.takeover_quiet_minutes)
    book = SqlTakeovers(wired.database, quiet)
    return Takeovers(book, wired.journal, wired.handed, wired.stored, wired.desk, wired.clock)
