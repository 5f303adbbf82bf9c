"""What went out: each message once, in its own words, unless it is on record why it went again."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from tests.chaos.auditor.evidence import Evidence, Row, body, utc, words_of

SAID = ("accepted", "delivered", "read")
POSTED = ("accepted", "dropped")


def customers(found: Evidence) -> Iterator[str]:
    """Each message to a customer arrived once, in words and to the person the ledger names."""
    arrivals: dict[str, list[Row]] = defaultdict(list)
    rows = {row["key"]: row for row in found.rows("outbox", kind="send_message")}
    address = {row["id"]: row["channel_address"] for row in found.tables.get("conversations", [])}
    for receipt in found.seen("whatsapp.send"):
        arrivals[receipt["key"]].append(receipt)
        row = rows.get(receipt["key"])
        if row is None or body(row)["text"] != receipt["text"]:
            yield f"the customer was told what no ledger row says: {receipt['key']} {receipt['text']!r}"
        elif address and _digits(address[row["conversation_id"]]) != _digits(receipt["to"]):
            yield f"send {receipt['key']} went to somebody else"
    resends = _resends(found)
    for key, row in rows.items():
        yield from _send(found, row, arrivals[key], resends[key])
    said = Counter(row["external_id"] for row in found.rows("transcript", direction="out"))
    if said != Counter(dict.fromkeys(rows, 1)):
        differing = {*said, *rows} - {key for key in rows if said[key] == 1}
        yield f"transcript and ledger differ in what was said: {', '.join(sorted(differing)[:5])}"


def _send(found: Evidence, row: Row, arrived: list[Row], resends: list[str]) -> Iterator[str]:
    key, times = row["key"], len(arrived)
    refused = [one for one in arrived if f"{one['id']}/failed" in found.delivered]
    if row["state"] in SAID and not times:
        yield f"send {key} is {row['state']} and arrived 0 times"
    elif row["state"] not in SAID and times > len(refused):
        yield f"send {key} is {row['state']} though it arrived"
    if times > 1 + len(resends):
        yield f"send {key} arrived {times} times, and was sent again {len(resends)} times on record"
    for at in resends:
        proofs = [hook for one in arrived if (hook := _proof(found, one)) and utc(hook["sandbox_now"]) < at]
        if proofs:
            yield f"send {key} was sent again at {at}, proved since {proofs[0]['sandbox_now']}"


def _proof(found: Evidence, arrival: Row) -> Row | None:
    """Return the first report of an arrival that the server has taken."""
    states = ("sent", "delivered", "read", "failed")
    hooks = [h for state in states if (h := found.delivered.get(f"{arrival['id']}/{state}"))]
    return min(hooks, key=lambda hook: int(hook["seq"]), default=None)


def _resends(found: Evidence) -> dict[str, list[str]]:
    """Return when each send went again after nobody could say whether it had arrived."""
    again: dict[str, list[str]] = defaultdict(list)
    for entry in found.rows("audit", service="ledger", action="resend"):
        for key in body(entry)["data_refs"]:
            again[key].append(entry["at"])
    return again


def lanes(found: Evidence) -> Iterator[str]:
    """Each lane post was seen as often as the ledger has it, or a repeat changed nothing."""
    posts = found.seen("telegram.send", "telegram.edit")
    seen = Counter(words_of(post["text"]) for post in posts)
    shown = {(str(post["message"]), words_of(post["text"])) for post in posts}
    rows = [row for row in found.rows("outbox", kind="post_to_lane") if row["state"] in POSTED]
    last = {body(row)["thread"]: row["key"] for row in found.rows("outbox", kind="post_to_lane")}
    asked = Counter(words_of(body(row)["html"]) for row in rows)
    # What was lost and has been replaced since need not be seen any more.
    needed = {
        words_of(body(row)["html"])
        for row in rows
        if row["state"] == "accepted" or last[body(row)["thread"]] == row["key"]
    }
    for words, times in asked.items():
        if not int(words in needed) <= seen[words] <= times:
            yield f"a lane post asked for {times} times was seen {seen[words]} times: {words[:80]!r}"
    for row in rows:
        if row["state"] == "accepted" and (row["provider_id"], words_of(body(row)["html"])) not in shown:
            yield f"post {row['key']} is accepted, but message {row['provider_id']} never had its words"


def threads(found: Evidence) -> Iterator[str]:
    """A lane thread shows in the end what was last to be shown there."""
    shown: dict[str, str] = {}
    places: dict[str, str] = {}
    for post in found.seen("telegram.send", "telegram.edit"):
        words = words_of(post["text"])
        shown[str(post["message"])], places[words] = words, str(post["message"])
    last: dict[str, tuple[str, str]] = {}
    for row in found.rows("outbox", kind="post_to_lane"):
        words = words_of(body(row)["html"])
        if row["state"] in POSTED and words in places:
            last[body(row)["thread"]] = row["key"], words
    for thread, (key, words) in last.items():
        if shown[places[words]] != words:
            yield f"thread {thread} does not show {key}, which came last"


def balance(found: Evidence) -> Iterator[str]:
    """Every effect belongs to a turn there is, and none was performed without being attempted."""
    turns = found.by("turns", "id")
    for row in found.tables["outbox"]:
        if row["turn_id"] and row["turn_id"] not in turns:
            yield f"outbox {row['key']} belongs to no turn"
        if row["kind"] != "run_operation" and row["state"] in SAID and not row["attempts"]:
            yield f"outbox {row['key']} is {row['state']} and was never attempted"
        if row["state"] in SAID and not row["provider_id"]:
            yield f"outbox {row['key']} is {row['state']} without the channel's own number for it"


def _digits(address: str) -> str:
    return "".join(mark for mark in address if mark.isdigit())
