"""What is left over: nothing waits, nothing is in doubt, and whoever waits has somebody's clock running."""

from collections.abc import Iterator

from tests.chaos.auditor.evidence import Evidence
from tests.chaos.auditor.ledger import SAID

WAITING = ("awaiting_customer", "answered", "awaiting_approval", "with_person")


def settled(found: Evidence) -> Iterator[str]:
    """Nothing waits to be read or sent, nothing is set aside, nothing is in doubt."""
    for row in found.tables["inbox"]:
        if row["state"] != "read":
            yield f"inbox {row['id']} {row['external_id']} is {row['state']}: {row['why']}"
    told = {row["key"] for row in found.tables["outbox"]}
    for row in found.tables["outbox"]:
        if row["pending"] or row["state"] not in (*SAID, "dropped", "failed"):
            yield f"outbox {row['key']} is {row['state']}: {row['error']}"
        if row["state"] == "dropped" and row["kind"] != "post_to_lane":
            yield f"outbox {row['key']} was dropped"
        if row["state"] == "failed" and f"failed:{row['key']}:{row['attempts']}" not in told:
            yield f"outbox {row['key']} failed, and nobody was told: {row['error']}"


def waiting(found: Evidence) -> Iterator[str]:
    """No case is between two states; whoever has to act on one is asked, by name or by a clock."""
    clocks = {row["case_id"] for row in found.rows("timers", state="armed")}
    asked = {row["case_id"] for row in found.rows("approvals", state="pending")}
    for case in found.tables["cases"]:
        name, state = case["id"], case["state"]
        if state in ("new", "triaged", "executing"):
            yield f"case {name} is stuck in {state}"
        if state == "awaiting_approval" and name not in asked:
            yield f"case {name} waits for a decision that nobody is asked for"
        if state == "with_person" and not str(case["owner"]).startswith("person:"):
            yield f"case {name} is with a person who has no name ({case['owner']})"
        if state in WAITING and name not in clocks:
            yield f"case {name} is {state} and no clock runs for it"


def clocks(found: Evidence) -> Iterator[str]:
    """No clock ran out without being heard."""
    for row in found.rows("timers", state="armed"):
        if found.now and row["due_at"] <= found.now:
            yield f"timer {row['key']} was due at {row['due_at']} and never fired"
    heard = {row["external_id"] for row in found.rows("inbox", channel="timer")}
    for row in found.rows("timers", state="fired"):
        if f"{row['key']}#{row['armed']}" not in heard:
            yield f"timer {row['key']} fired and nobody heard of it"
