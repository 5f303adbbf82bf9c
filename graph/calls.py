"""What models are asked in a turn: every call heard, given to its case, and never dropped with a turn that failed."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from datetime import datetime

from graph.run import Run
from policies.desk import Rules
from ports.models import ModelCall

_TURN: ContextVar[list[ModelCall] | None] = ContextVar("calls_of_the_turn", default=None)


class CallLog:
    """Hears of every call; a turn takes its own along, and those of a turn that was lost wait to be written."""

    def __init__(self) -> None:
        self._lost: list[ModelCall] = []

    def note(self, call: ModelCall) -> None:
        """Take note of a call, wherever it was made."""
        made = _TURN.get()
        (self._lost if made is None else made).append(call)

    @contextmanager
    def turn(self) -> Iterator[list[ModelCall]]:
        """Collect the calls made inside the block; those of one that fails have been paid for all the same."""
        made: list[ModelCall] = []
        token = _TURN.set(made)
        try:
            yield made
        except BaseException:
            self.lost(made)
            raise
        finally:
            _TURN.reset(token)

    def lost(self, calls: Sequence[ModelCall]) -> None:
        """Keep calls whose turn was not written; their case may never have come to be, so they are nobody's."""
        nobodys = {"case_id": "", "turn": 0, "tier": ""}
        self._lost += [call.model_copy(update=nobodys) for call in calls]

    def take_lost(self) -> tuple[ModelCall, ...]:
        """Return what belongs to no turn that was written, once."""
        taken, self._lost = tuple(self._lost), []
        return taken


def charged(
    runs: Sequence[Run], calls: Sequence[ModelCall], rules: Rules, now: datetime
) -> tuple[list[Run], tuple[ModelCall, ...]]:
    """Give each call to the case it was made for; what was asked before there was one is the first case's."""
    by_id = {run.after.id: run for run in runs}
    first = runs[0].after.id if runs else ""
    told = []
    for call in calls:
        run = by_id.get(call.case_id or first)
        where = {"turn": run.after.turn, "tier": run.entry.verdict.tier} if run else {}
        case_id = call.case_id or first
        told.append(call.model_copy(update={**dated(rules, now), **where, "case_id": case_id}))
    spent = {name: sum(call.cost for call in told if call.case_id == name) for name in by_id}
    return [replace(run, spent=spent[run.after.id]) for run in runs], tuple(told)


def dated(rules: Rules, now: datetime) -> dict[str, str]:
    """Return whose money it is, and on which of the desk's days."""
    return {"desk": rules.desk, "day": now.astimezone(rules.zone).date().isoformat()}
