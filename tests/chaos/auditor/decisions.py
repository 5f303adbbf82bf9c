"""What people decided and what was done: each once, and nothing of it lost."""

from collections import Counter
from collections.abc import Iterator

from tests.chaos.auditor.evidence import Evidence, Row, body

DECIDED = ("approved", "denied", "edited")


def operations(found: Evidence) -> Iterator[str]:
    """Every operation asked for was done once and reported once; what people typed was done once."""
    asked = Counter(
        body(row)["task"]["idempotency_key"] for row in found.rows("outbox", kind="run_operation")
    )
    done = Counter(row["key"] for row in found.tables["operations"])
    told = Counter(row["external_id"] for row in found.rows("inbox", channel="ops", state="read"))
    typed = {row["key"] for row in found.tables["operations"] if not row["case_id"]}
    for key in {*asked, *done, *told} - typed:
        if not asked[key] == done[key] == told[key] == 1:
            yield f"operation {key} was asked for {asked[key]}, done {done[key]} and reported {told[key]} times"
    for key in typed:
        if asked[key] or told[key] or done[key] != 1:
            yield f"operation {key} was typed, yet asked for {asked[key]} and done {done[key]} times"
    for subject, times in Counter(
        (row["action"], row["subject"], row["case_id"]) for row in found.rows("operations", status="SUCCESS")
    ).items():
        if times > 1:
            yield f"{subject} succeeded {times} times"


def approvals(found: Evidence) -> Iterator[str]:
    """Every decision settled its approval once; no approval carries two operations, no void one carries any."""
    decided = Counter(
        body(row)["approval_id"]
        for row in found.rows("inbox", state="read")
        if body(row).get("type") == "approval_given"
    )
    tasks = [body(row)["task"] for row in found.rows("outbox", kind="run_operation")]
    used = Counter(task["approval_id"] for task in tasks if task.get("approval_id"))
    for approval in found.tables["approvals"]:
        name, state = approval["id"], approval["state"]
        # A decision on its way while the request is taken back finds it void: it was given, and settles nothing.
        allowed = (0, 1) if state == "void" else (int(state in DECIDED),)
        if decided[name] not in allowed:
            yield f"approval {name} is {state} after {decided[name]} decisions"
        if used[name] and state not in DECIDED:
            yield f"approval {name} is {state} and was used"
    for name, times in used.items():
        if times > 1:
            yield f"approval {name} was used {times} times"


def presses(found: Evidence) -> Iterator[str]:
    """Every decision that a listed person pressed, and that the server has acknowledged, was taken."""
    people = {row["telegram_user_id"] for row in found.tables.get("staff", [])}
    taken = {update for receipt in found.seen("telegram.acknowledged") for update in receipt["updates"]}
    updates = {receipt["seq"]: receipt["update"] for receipt in found.seen("telegram.update")}
    threads = {
        row["provider_id"]: thread.removeprefix("approval:")
        for row in found.rows("outbox", kind="post_to_lane")
        if (thread := body(row)["thread"]).startswith("approval:")
    }
    states = {row["id"]: row["state"] for row in found.tables["approvals"]}
    for press in found.seen("telegram.press"):
        approval = threads.get(str(press["message"]))
        decides = press["button"] in ("Approve", "Deny") and press["user"] in people
        if not decides or updates.get(press["seq"] + 1) not in taken or approval is None:
            continue
        if states.get(approval) not in (*DECIDED, "void"):
            yield f"{press['button']} was pressed for {approval}, which is {states.get(approval)}"


def commands(found: Evidence) -> Iterator[str]:
    """What a command line said it had done is done."""
    invoices = {row["number"]: row for row in found.tables.get("invoices", [])}
    decided = found.by("approvals", "case_id")
    for line in (line for line in found.commands if line["code"] == 0):
        name, subject, *_ = line["words"]
        by = line["words"][line["words"].index("--by") + 1]
        invoice = invoices.get(subject, {})
        settled = any(row["state"] in (*DECIDED, "void") for row in decided[subject])
        if name == "confirm-payment" and _paid(invoice) != f"CONFIRMED by {by}":
            yield f"{by} confirmed {subject} by command, which is {_paid(invoice)}"
        if name in ("approve", "deny", "edit") and not settled:
            yield f"{by} decided {subject} by command, which is undecided"


def _paid(invoice: Row) -> str:
    return f"{invoice.get('payment_state')} by {invoice.get('confirmed_by')}"
