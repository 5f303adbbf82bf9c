"""What one desk's people do in its lanes, given to those who take it."""

from collections.abc import Callable

from adapters.telegram_parse import StaffAction
from app.watch import flags_for
from app.wire import Wired, decisions_for


class Staff:
    """Takes flags, decisions and words of one desk's people; `wake` hears of every conversation with news."""

    def __init__(self, wired: Wired, wake: Callable[[str], None]) -> None:
        self.decisions, self.replies = decisions_for(wired, wake)
        self.flags = flags_for(wired)

    async def act(self, action: StaffAction) -> str:
        """Take what somebody did; returns what they are told."""
        said = await self.flags.act(action)
        return await self.decisions.act(action) if said is None else said
