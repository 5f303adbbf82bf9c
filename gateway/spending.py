"""What models cost outside of the turns that were written: it has been paid for all the same."""

from datetime import datetime

from casefile.errors import StoreDown
from graph.calls import CallLog, dated
from policies.desk import Rules
from ports.journal import Journal


async def account(calls: CallLog, rules: Rules, journal: Journal, now: datetime) -> None:
    """Write down the calls that belong to no turn, as the desk's; raises StoreDown, and then they wait on."""
    lost = calls.take_lost()
    if not lost:
        return
    try:
        await journal.spent([call.model_copy(update=dated(rules, now)) for call in lost], now)
    except StoreDown:
        calls.lost(lost)
        raise
