"""News of an order: for its buyer, proved by the number it came from."""

import pytest

from casefile.events import OrderMoved
from policies.entering import admit_event
from policies.gate import request_of
from policies.grounds import grounds
from policies.matter import weigh
from tests.policies.builders import NOW, contact
from tests.policies.worlds import IDENTITIES, case, facts, identity, rules

SENT = OrderMoved(at=NOW, order_number="ORD-2026-0007", status="shipped", tracking="JNE777")
KNOWN = ("WA_MATCH", "VERIFIED")


@pytest.mark.parametrize("status", IDENTITIES)
@pytest.mark.parametrize("locked", [False, True])
@pytest.mark.parametrize(("mode", "listed"), [("production", True), ("pilot", True), ("pilot", False)])
def test_only_a_buyer_who_is_known_and_served_is_told(
    status: str, locked: bool, mode: str, listed: bool
) -> None:
    who = identity().model_copy(update={"status": status, "locked": locked})
    known = facts(identity=who, contact=contact())
    by = rules(mode, pilot_allowlist=frozenset() if listed else frozenset({"+628999"}))  # type: ignore[arg-type]
    on = case(intent="order_status", tier="R1")
    found = admit_event(on, known, SENT, weigh(on, known, request_of(on, None), by), by)
    told = status in KNOWN and not locked and listed
    assert (found.decision, found.rules[0].id) == (
        ("REPORT", "ORDER.moved") if told else ("SETTLE", "ORDER.unsaid")
    )
    said = "\n".join(grounds(on, known, (SENT,), by, "id"))
    assert ("ORD-2026-0007 JNE777" in said) is (status in KNOWN and not locked)
