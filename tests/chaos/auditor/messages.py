"""What came in: every message once, in order, by one turn."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from tests.chaos.auditor.evidence import Evidence


def inbound(found: Evidence) -> Iterator[str]:
    """Every message a customer sent was read by exactly one turn, and is in the transcript once."""
    heard = Counter(row["external_id"] for row in found.rows("transcript", direction="in"))
    taken, turns = found.by("inbox", "external_id"), found.by("turns", "id")
    for sent in found.seen("whatsapp.inbound"):
        rows = [row for row in taken[sent["id"]] if row["channel"] == "whatsapp"]
        if len(rows) != 1:
            yield f"message {sent['id']} {sent['text']!r} is in the inbox {len(rows)} times"
        elif rows[0]["state"] != "read" or len(turns[rows[0]["turn_id"]]) != 1:
            yield f"message {sent['id']} {sent['text']!r} was read by no turn ({rows[0]['state']})"
        if heard[sent["id"]] != 1:
            yield f"message {sent['id']} {sent['text']!r} is in the transcript {heard[sent['id']]} times"
    sent_ids = {sent["id"] for sent in found.seen("whatsapp.inbound")}
    for row in found.rows("inbox", channel="whatsapp"):
        if row["external_id"] not in sent_ids:
            yield f"the inbox has a message nobody sent: {row['external_id']}"


def turns(found: Evidence) -> Iterator[str]:
    """Every turn took something, in the order it came in, and each case's turns count up without a gap."""
    taken: dict[str, list[int]] = {}
    for row in found.rows("inbox", state="read"):
        if row["conversation_id"]:
            taken.setdefault(row["turn_id"], []).append(row["id"])
    latest: dict[str, int] = {}
    for turn in found.tables["turns"]:
        ids = taken.get(turn["id"])
        if not ids:
            yield f"turn {turn['id']} took nothing"
            continue
        if min(ids) < latest.get(turn["conversation_id"], 0):
            yield f"turn {turn['id']} took what came before an earlier turn"
        latest[turn["conversation_id"]] = max(ids)
    numbers: dict[str, list[int]] = {}
    for record in found.tables["turn_records"]:
        numbers.setdefault(record["case_id"], []).append(record["turn"])
    for case_id, counted in numbers.items():
        if sorted(counted) != list(range(1, len(counted) + 1)):
            yield f"case {case_id} has turns {sorted(counted)}"


def order(found: Evidence) -> Iterator[str]:
    """A message taken before the next one was sent is worked on no later than that one."""
    place = {turn["id"]: number for number, turn in enumerate(found.tables["turns"])}
    turn_of = {row["external_id"]: place.get(row["turn_id"], -1) for row in found.tables["inbox"]}
    chats = defaultdict(list)
    for sent in found.seen("whatsapp.inbound"):
        chats[sent["chat"]].append(sent)
    for chat in chats.values():
        for number, later in enumerate(chat):
            for earlier in chat[:number]:
                hook = found.delivered.get(earlier["id"])
                came_first = hook is not None and hook["seq"] < later["seq"]
                if came_first and turn_of.get(earlier["id"], -1) > turn_of.get(later["id"], -1):
                    yield f"message {later['id']} {later['text']!r} was worked on before {earlier['text']!r}"


def transcript(found: Evidence) -> Iterator[str]:
    """What was said in a conversation stands in the transcript in the order it was taken."""
    taken = {row["external_id"]: row["id"] for row in found.rows("inbox", channel="whatsapp")}
    latest: dict[str, int] = {}
    for row in found.rows("transcript", direction="in"):
        number = taken.get(row["external_id"], 0)
        if number < latest.get(row["conversation_id"], 0):
            yield f"the transcript of {row['conversation_id']} has {row['external_id']} out of order"
        latest[row["conversation_id"]] = max(number, latest.get(row["conversation_id"], 0))
