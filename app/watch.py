"""The watch over dependencies: how each is looked at, who keeps the incidents, and the operations that need one."""

from collections.abc import Mapping

from app.wire import Wired
from casefile.errors import DependencyDown
from casefile.packets import CTask
from gateway.flags import Flags
from gateway.incident_posts import IncidentPosts
from gateway.incidents import Check, Incidents
from policies.degraded import NEEDS
from ports.embeddings import NAME as EMBEDDINGS
from ports.payments import PaymentProvider
from ports.sinks import Operations
from ports.sources import Reach


def checks_for(
    wired: Wired, whatsapp: Check, telegram: Check, provider: PaymentProvider | None
) -> Mapping[str, Check]:
    """Return how each dependency is looked at; the sandbox, where there is one, plays those that are not outside."""
    checks: dict[str, Check] = {
        "schedule": wired.records.check_schedule,
        "payments": lambda: _payments(wired, provider),
        "knowledge": lambda: _knowledge(wired),
        "whatsapp": whatsapp,
        "telegram": telegram,
    }
    reach, model = wired.reach, wired.model
    if model is not None:
        checks["model"] = model.check
    elif reach is not None:
        checks["model"] = lambda: reach.reach("model")
    if wired.embedding is not None:
        checks[EMBEDDINGS] = wired.embedding.embedder.check
    return checks


def incidents_for(wired: Wired, checks: Mapping[str, Check]) -> Incidents:
    """Plug in the watch over the dependencies that `checks` look at."""
    book, rules = wired.incidents, wired.settings.shared.degraded
    return Incidents(book, wired.journal, wired.board, checks, posts_for(wired), rules, wired.clock)


def posts_for(wired: Wired) -> IncidentPosts:
    """Plug in what people read of an incident."""
    return IncidentPosts(wired.incidents, wired.stored, wired.desk)


def flags_for(wired: Wired) -> Flags:
    """Plug in who takes people's flags on dependencies."""
    return Flags(wired.incidents, wired.journal, wired.stored, wired.desk, wired.clock)


class ReachedOperations:
    """Implements ports.sinks.Operations over another: nothing is written to a record that cannot be reached."""

    def __init__(self, operations: Operations, reach: Reach) -> None:
        self._operations = operations
        self._reach = reach

    async def run(self, task: CTask) -> None:
        """Carry out a task once; DependencyDown when its record cannot be reached."""
        needs = NEEDS.get(task.action)
        if needs is not None:
            await self._reach.reach(needs)
        await self._operations.run(task)


def operations_for(wired: Wired) -> Operations:
    """Return C's operations, behind the way to the records where that can break."""
    return wired.operations if wired.reach is None else ReachedOperations(wired.operations, wired.reach)


async def _payments(wired: Wired, provider: PaymentProvider | None) -> None:
    await wired.records.check_payments()
    if provider is not None:
        await provider.check()


async def _knowledge(wired: Wired) -> None:
    if wired.reach is not None:
        await wired.reach.reach("knowledge")
    if wired.source is not None:
        await wired.source.check()
    elif not (wired.desk_home / "knowledge").is_dir():
        raise DependencyDown("knowledge", "the folder knowledge is not there")
