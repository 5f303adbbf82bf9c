"""What a run was, as one table."""

from collections import Counter
from collections.abc import Iterator, Mapping

from tests.chaos.auditor.evidence import Evidence, body
from tests.chaos.storm.run import Outcome


def table(outcome: Outcome) -> list[str]:
    """Return the lines: what was asked for, what died, what was broken, what came of it."""
    storm = outcome.storm
    head = (
        f"{storm.database}, seed {storm.seed}: {sum(outcome.kills.values())} kills in {outcome.seconds:.0f} s"
    )
    rows = list(_rows(outcome, outcome.found))
    width = max(len(name) for name, _ in rows)
    return [head, *(f"  {name:{width}}  {said}" for name, said in rows)]


def _rows(outcome: Outcome, found: Evidence) -> Iterator[tuple[str, str]]:
    yield "killed", _counted(outcome.kills)
    yield "in hand then", _counted(outcome.in_hand)
    yield "faults met", _counted(Counter(f"{r['target']} {r['mode']}" for r in _faults(found)))
    yield "conversations", str(len(found.tables["conversations"]))
    messages = found.seen("whatsapp.inbound")
    hooks = list(found.seen("whatsapp.webhook"))
    taken = sum(hook["result"] == 200 for hook in hooks)
    yield "messages", f"{len(messages)} in, {len(found.seen('whatsapp.send'))} out"
    yield "webhooks", f"{len(hooks)} tried, {taken} taken"
    yield "turns", str(len(found.tables["turns"]))
    yield "lane posts", str(len(found.rows("outbox", kind="post_to_lane")))
    done = Counter(f"{row['action']} {row['status']}" for row in found.tables["operations"])
    yield "operations", _counted(done)
    yield "approvals", _counted(Counter(row["state"] for row in found.tables["approvals"]))
    yield "commands", _counted(Counter(line["words"][0] for line in found.commands))
    yield "in doubt", _doubt(found)
    yield "timers", _counted(Counter(row["state"] for row in found.tables["timers"]))
    yield "without an answer in time", str(outcome.unanswered)


def _doubt(found: Evidence) -> str:
    """Say what became of everything of which nobody could say whether it had arrived."""
    settled = Counter(
        "sent again by itself" if row["actor"] == "reconcile" else f"{row['action']} by a person"
        for row in found.rows("audit", service="ledger")
    )
    cards = [row for row in found.tables["outbox"] if row["key"].startswith("unknown:")]
    sends = {row["key"] for row in found.rows("outbox", kind="send_message")}
    doubted = [
        key
        for key in (row["key"].removeprefix("unknown:").rpartition(":")[0] for row in cards)
        if key in sends
    ]
    again = {key for row in found.rows("audit", service="ledger") for key in body(row)["data_refs"]}
    settled["proved by a status"] = sum(key not in again for key in doubted)
    return _counted(settled)


def _faults(found: Evidence) -> list[dict[str, str]]:
    return [receipt for receipt in found.seen("fault.met") if receipt["mode"] != "slow"]


def _counted(counts: Mapping[str, int]) -> str:
    shown = sorted(counts.items(), key=lambda pair: -pair[1])
    return ", ".join(f"{name} {count}" for name, count in shown if count) or "none"
