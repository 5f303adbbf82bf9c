"""The auditor: what the database says against what the sandbox saw, one question after another."""

from collections.abc import Callable, Iterator

from tests.chaos.auditor import decisions, ledger, messages, records, rest
from tests.chaos.auditor.evidence import Evidence

CHECKS: tuple[Callable[[Evidence], Iterator[str]], ...] = (
    messages.inbound,
    messages.turns,
    messages.order,
    messages.transcript,
    decisions.operations,
    decisions.approvals,
    decisions.presses,
    decisions.commands,
    ledger.customers,
    ledger.lanes,
    ledger.threads,
    ledger.balance,
    records.lessons,
    records.slots,
    records.quota,
    records.money,
    records.tasks,
    records.snapshots,
    rest.settled,
    rest.waiting,
    rest.clocks,
)


def audit(found: Evidence) -> list[str]:
    """Return what was lost, repeated, reordered or left stuck; empty when all is accounted for."""
    return [problem for check in CHECKS for problem in check(found)]
