"""What goes wrong on the wire, with the real clients over HTTP: each fault ends with one message, or with a person."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.play_world import World
from app.script_steps import Step
from app.stage import Stage, open_stage
from tests.gateway_engine.room import MONDAY
from tests.graph.whole import loaded, settings

REPLY, HANDOVER = "SCH-%:say", "%:handover:%"
HEADLINE = "Perlu orang"


@dataclass
class Wire:
    """A school on a stage, and Rina at her phone."""

    stage: Stage
    world: World
    http: httpx.AsyncClient

    async def does(self, **step: Any) -> None:
        """Play one step of a script, and let everything that follows from it happen."""
        await self.world.act(Step.model_validate(step))

    async def breaks(self, target: str, op: str | None = None, **fault: Any) -> None:
        """Let one outside system misbehave the next time."""
        asked = {"target": target, "count": 1, **fault, **({"op": op} if op else {})}
        answer = await self.http.post(f"{self.stage.sandbox.url}/sandbox/faults", json=asked)
        assert answer.is_success, answer.text

    def ledger(self, key_like: str) -> list[tuple[str, int]]:
        """Return state and attempts of the effects whose key is like this."""
        rows = self.stage.wired.database.read(
            "SELECT state, attempts FROM outbox WHERE key LIKE ? ORDER BY seq", (key_like,)
        )
        return [(row["state"], row["attempts"]) for row in rows]

    def due_in(self, key_like: str) -> float:
        (row,) = self.stage.wired.database.read("SELECT due_at FROM outbox WHERE key LIKE ?", (key_like,))
        return (datetime.fromisoformat(row["due_at"]) - self.stage.clock.now()).total_seconds()

    def taken(self, kind: str, having: str = "") -> int:
        """Count what an outside system took, of one kind of receipt and with these words in it."""
        receipts = self.stage.sandbox.sandbox.receipts.after(0)
        return sum(r["kind"] == kind and having in str(r) for r in receipts)


@pytest.fixture
async def wire(tmp_path: Path) -> AsyncIterator[Wire]:
    stage = await open_stage(settings(), tmp_path / "stage", freeze_at=MONDAY, loaded=loaded())
    async with httpx.AsyncClient(timeout=20, trust_env=False, verify=False) as client:
        world = World(stage, client, "ct_rina")
        await world.meet()
        yield Wire(stage, world, client)
    await stage.stop()


# --- WhatsApp ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "wait"),
    [
        ({"mode": "error", "code": 131056}, 6),
        ({"mode": "429"}, 5),
        ({"mode": "429", "seconds": 17}, 17),
        ({"mode": "error", "code": 130429}, 5),
        ({"mode": "down"}, 2),
    ],
    ids=["pair_rate", "throughput", "retry_after", "throughput_as_400", "503"],
)
async def test_what_was_certainly_not_sent_goes_again_when_it_may(
    wire: Wire, fault: dict[str, Any], wait: int
) -> None:
    await wire.breaks("whatsapp", op="send", **fault)
    await wire.does(say="harga paket berapa?")
    assert wire.ledger(REPLY) == [("queued", 1)]
    assert wire.taken("whatsapp.send") == 0
    ready = await wire.stage.wired.journal.next_due()
    assert ready is not None and (ready - wire.stage.clock.now()).total_seconds() == wait
    await wire.does(advance=f"{wait}s")
    assert wire.ledger(REPLY) == [("read", 2)]
    assert wire.taken("whatsapp.send") == 1


async def test_a_customer_written_to_too_fast_waits_and_holds_up_nobody_else(wire: Wire) -> None:
    await wire.http.post(f"{wire.stage.sandbox.url}/sandbox/limits", json={"pair_burst": 1})
    await wire.does(say="harga paket berapa?")
    await wire.does(say="jam buka?")
    assert wire.ledger(REPLY) == [("read", 1), ("queued", 1)]
    await wire.does(say="halo", **{"from": "ct_budi"})
    assert wire.ledger(REPLY) == [("read", 1), ("queued", 1), ("read", 1)]
    await wire.does(advance="6s")
    assert wire.ledger(REPLY) == [("read", 1), ("read", 2), ("read", 1)]
    assert wire.taken("whatsapp.refused") == 1


@pytest.mark.parametrize("fault", [{"mode": "5xx"}, {"mode": "cut"}], ids=["bare_500", "cut_connection"])
async def test_a_message_nobody_can_vouch_for_goes_again_after_the_window(
    wire: Wire, fault: dict[str, Any]
) -> None:
    await wire.breaks("whatsapp", op="send", **fault)
    await wire.does(say="harga paket berapa?")
    assert wire.ledger(REPLY) == [("unknown", 1)]
    assert wire.taken("telegram.send", "Tidak jelas terkirim") == 1
    await wire.does(advance="9m")
    assert wire.ledger(REPLY) == [("unknown", 1)]
    await wire.does(advance="1m 10s")
    assert wire.ledger(REPLY) == [("read", 2)]
    assert wire.taken("whatsapp.send") == 1


@pytest.mark.parametrize(
    "fault",
    [{"mode": "timeout_after_effect", "seconds": 0.2}, {"mode": "half_body"}, {"mode": "bad_json"}],
    ids=["time_out_after_the_effect", "half_an_answer", "broken_json"],
)
async def test_a_message_whose_answer_was_lost_is_proved_by_its_key_and_not_sent_again(
    wire: Wire, fault: dict[str, Any]
) -> None:
    await wire.breaks("whatsapp", op="send", **fault)
    await wire.does(say="harga paket berapa?")
    assert wire.ledger(REPLY) == [("read", 1)]
    await wire.does(advance="15m")
    assert wire.ledger(REPLY) == [("read", 1)]
    assert wire.taken("whatsapp.send") == 1


async def test_statuses_held_up_beyond_the_window_cost_a_repeat_but_no_second_answer(wire: Wire) -> None:
    await wire.http.post(f"{wire.stage.sandbox.url}/sandbox/limits", json={"statuses": []})
    await wire.breaks("whatsapp", op="send", mode="timeout_after_effect", seconds=0.2)
    await wire.does(say="harga paket berapa?")
    await wire.does(advance="11m")
    assert wire.ledger(REPLY) == [("accepted", 2)]
    # The price that decision 0003 names: the same words under the same key.
    keys = [r["key"] for r in wire.stage.sandbox.sandbox.receipts.after(0) if r["kind"] == "whatsapp.send"]
    assert len(keys) == 2 and len(set(keys)) == 1


# --- Telegram ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "wait"),
    [({"mode": "429", "seconds": 9}, 9), ({"mode": "down"}, 2)],
    ids=["retry_after", "503"],
)
async def test_a_post_that_was_certainly_not_made_goes_again_when_it_may(
    wire: Wire, fault: dict[str, Any], wait: int
) -> None:
    await wire.breaks("telegram", op="sendMessage", **fault)
    await wire.does(say="mau ngomong sama orang")
    assert wire.ledger(HANDOVER) == [("queued", 1)]
    assert wire.due_in(HANDOVER) == pytest.approx(wait, abs=0.1)
    await wire.does(advance=f"{wait}s")
    assert wire.ledger(HANDOVER) == [("accepted", 2)]
    assert wire.taken("telegram.send", HEADLINE) == 1


@pytest.mark.parametrize(
    ("fault", "there"),
    [
        ({"mode": "5xx"}, 0),
        ({"mode": "cut"}, 0),
        ({"mode": "timeout_after_effect", "seconds": 0.2}, 1),
        ({"mode": "half_body"}, 1),
    ],
    ids=["bare_500", "cut_connection", "time_out_after_the_effect", "half_an_answer"],
)
async def test_a_post_nobody_can_vouch_for_is_a_card_and_a_persons_to_settle(
    wire: Wire, fault: dict[str, Any], there: int
) -> None:
    await wire.breaks("telegram", op="sendMessage", **fault)
    await wire.does(say="mau ngomong sama orang")
    assert wire.ledger(HANDOVER)[0] == ("unknown", 1)
    assert wire.taken("telegram.send", HEADLINE) == there
    assert wire.taken("telegram.send", "Tidak jelas terkirim") == 1
    await wire.does(advance="30m")
    assert wire.ledger(HANDOVER)[0] == ("unknown", 1)
    journal, now = wire.stage.wired.journal, wire.stage.clock.now()
    (row,) = await journal.outbox(("unknown",))
    assert await journal.settle(row.key, "drop" if there else "resend", "sf_tari", now)
    # A command settles in a process of its own, and the server comes to look.
    wire.stage.server.engine.performer.wake()
    await wire.does(advance="10s")
    assert wire.ledger(HANDOVER)[0] == (("dropped", 1) if there else ("accepted", 2))
    assert wire.taken("telegram.send", HEADLINE) == 1


# --- the closed window -------------------------------------------------------------------------------------


async def test_an_invitation_meta_never_approved_ends_with_a_person(tmp_path: Path) -> None:
    """The desk names a template that the number does not have: 132001 over the wire."""
    stage = await open_stage(settings(), tmp_path / "stage", freeze_at=MONDAY, loaded=loaded())
    account = stage.sandbox.sandbox.whatsapp.account
    stage.sandbox.sandbox.whatsapp.account = account.model_copy(update={"templates": ()})
    async with httpx.AsyncClient(timeout=20, trust_env=False, verify=False) as client:
        world = World(stage, client, "ct_rina")
        await world.meet()
        wire = Wire(stage, world, client)
        await wire.does(say="mau refund dong, uangku balikin")
        await wire.does(advance="25h")
        await wire.does(coach={"press": "Tolak"})
        assert wire.ledger("%:invite") == [("failed", 1)]
        assert wire.taken("telegram.send", "Periksa reopen_template") == 2
        (case,) = stage.wired.database.read("SELECT state, owner FROM cases")
        assert tuple(case) == ("with_person", "person:ops")
    await stage.stop()


async def test_the_window_that_closes_on_the_way_is_told_by_a_status_and_the_words_wait(wire: Wire) -> None:
    await wire.does(say="mau refund dong, uangku balikin")
    await wire.breaks("whatsapp", op="send", mode="failed_status", code=131047)
    await wire.does(coach={"press": "Deny"})
    sent = [r for r in wire.stage.sandbox.sandbox.receipts.after(0) if r["kind"] == "whatsapp.send"]
    assert [r["type"] for r in sent] == ["text", "text", "template"]
    assert "Balas pesan ini" in sent[2]["text"]
    refused = sent[1]["key"]
    assert wire.ledger(refused) == [("queued", 1)]
    await wire.does(say="iya kak")
    sent = [r for r in wire.stage.sandbox.sandbox.receipts.after(0) if r["kind"] == "whatsapp.send"]
    assert [r["key"] for r in sent].count(refused) == 2
    assert sent[3]["key"] == refused
    assert wire.ledger(refused) == [("read", 2)]
