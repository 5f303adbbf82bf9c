"""Writing, thinking, sending, taking over, handing back and dying in any order: nobody is answered by both."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.staff import takeovers_for
from app.wire import decisions_for
from casefile.effects import PostToLane, RunOperation, SendMessage
from casefile.errors import FactsMoved
from casefile.events import ApprovalGiven, Client, HumanSpoke, InboundMessage, MessageReceived
from casefile.records import Alias, StaffMember
from ports.journal import TurnCommit
from tests.graph.whole import World, open_world, phone_of

RINA = "ct_rina"
TEXTS = (
    "jadwal les aku kapan ya?",
    "harga paket berapa?",
    "mau refund dong, uangku balikin",
    "mau ngomong sama orang",
    "halo",
    "mau pindah jadwal dong",
)
STEPS = (
    *("say", "say", "think", "write", "send", "send"),
    *("take", "back", "phone", "reply", "decide", "lose", "stall", "again", "kill", "wait"),
)
# What chance would seldom put together: each is where one guard alone stands between the two voices.
CLOSE = (
    ("say", "think", "take", "write", "send"),
    ("say", "think", "write", "take", "send", "back", "send"),
    ("say", "think", "write", "stall", "take", "back", "send"),
    ("say", "think", "write", "lose", "take", "again", "send"),
    ("say", "think", "write", "lose", "phone", "wait", "again", "send"),
    ("say", "take", "back", "think", "write", "send"),
    ("take", "say", "back", "say", "think", "write", "think", "write", "send"),
    ("say", "think", "take", "back", "write", "think", "write", "send"),
)
scenes = st.one_of(st.sampled_from(STEPS).map(lambda step: (step,)), st.sampled_from(CLOSE))
histories = st.lists(st.tuples(scenes, st.integers(0, 5)), min_size=2, max_size=14)


@dataclass(slots=True)
class Talk:
    """One conversation, every step of it in the test's hand; `heard` is how often it had changed hands by then."""

    world: World
    tari: StaffMember
    numbers: Any = field(default_factory=lambda: count(1))
    in_hand: TurnCommit | None = None
    heard: dict[str, int] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)
    replies: list[str] = field(default_factory=list)
    left: list[SendMessage] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    @property
    def id(self) -> str:
        return f"wa-school-{RINA}"

    def hands(self) -> tuple[int, bool]:
        rows = self.world.rows("SELECT hands, held FROM takeovers WHERE conversation_id = ?", self.id)
        return (int(rows[0]["hands"]), bool(rows[0]["held"])) if rows else (0, False)

    async def step(self, what: str, number: int) -> None:
        self.world.clock.advance(timedelta(seconds=1))
        await getattr(self, what)(number)

    def _event(self, text: str) -> dict[str, Any]:
        now, phone = self.world.clock.now(), phone_of(RINA)
        return {
            "account": "school",
            "received_at": now,
            "sent_at": now,
            "client": Client(phone=phone, aliases=(Alias(kind="phone", value=phone),)),
            "message": InboundMessage(id=f"wamid.{next(self.numbers)}", kind="text", text=text),
        }

    async def say(self, number: int) -> None:
        event = MessageReceived(**self._event(f"{TEXTS[number]} ({len(self.written)})"))
        await self.world.wired.journal.receive([event])
        self.heard[event.message.id] = self.hands()[0]
        self.written.append(event.message.text)

    async def phone(self, _: int) -> None:
        await self.world.wired.journal.receive([HumanSpoke(**self._event("Halo, dari HP"))])

    async def think(self, _: int) -> None:
        rows = await self.world.wired.journal.unread(self.id)
        if rows and self.in_hand is None:
            self.in_hand = await self.world.wired.runner.run(self.id, rows, self.world.clock.now())

    async def write(self, _: int) -> None:
        turn, self.in_hand = self.in_hand, None
        if turn is not None:
            try:
                await self.world.wired.journal.commit(turn)
            except FactsMoved:
                # It is thought out again, with what holds now.
                return

    async def kill(self, _: int) -> None:
        self.in_hand = None

    async def send(self, _: int, *, fate: str = "accepted") -> None:
        journal, now = self.world.wired.journal, self.world.clock.now()
        for row in await journal.due(now, 100):
            if isinstance(row.effect, RunOperation):
                await self.world.wired.operations.run(row.effect.task)
            elif isinstance(row.effect, PostToLane):
                await journal.accepted(row.key, f"tg.{row.key}", now)
            elif isinstance(row.effect, SendMessage) and await journal.attempting(row.key, now):
                self._leaves(row.key, row.effect)
                if fate == "lost":
                    self.lost.append(row.key)
                    await journal.orphans(now)
                elif fate == "stalled":
                    self.left.pop()
                    await journal.requeue(row.key, now, "the provider asks to come again")
                else:
                    await journal.accepted(row.key, f"wamid.out.{row.key}", now)
                return

    def _leaves(self, key: str, message: SendMessage) -> None:
        self.left.append(message)
        if message.by != "B":
            return
        hands, held = self.hands()
        assert not held, f"B says {message.text!r} while a person has the conversation"
        taken = self.world.rows(
            "SELECT inbox.external_id FROM outbox JOIN inbox ON inbox.turn_id = outbox.turn_id"
            " WHERE outbox.key = ? AND inbox.channel = 'whatsapp'",
            key,
        )
        for row in taken:
            assert self.heard[row["external_id"]] == hands, (
                f"B answers what was said before hands changed: {message.text!r}"
            )

    async def lose(self, number: int) -> None:
        await self.send(number, fate="lost")

    async def stall(self, number: int) -> None:
        await self.send(number, fate="stalled")

    async def again(self, _: int) -> None:
        now = self.world.clock.now()
        await self.world.wired.journal.resend_unproved(now, now)

    async def take(self, _: int) -> None:
        await takeovers_for(self.world.wired).take(self.id, "", self.tari, "cli:sf_tari")

    async def back(self, _: int) -> None:
        await takeovers_for(self.world.wired).back(self.id, self.tari, "cli:sf_tari")

    async def reply(self, _: int) -> None:
        rows = self.world.rows(
            "SELECT id FROM cases WHERE state <> 'closed' ORDER BY updated_at DESC, id DESC"
        )
        taken: list[str] = []
        _, replies = decisions_for(self.world.wired, taken.append)
        words = f"Halo Kak, dengan Tari {len(self.replies)}."
        if rows:
            await replies.answer(rows[0]["id"], self.tari, words, "cli:sf_tari")
        self.replies += [words] * len(taken)

    async def decide(self, number: int) -> None:
        rows = self.world.rows("SELECT id, case_id FROM approvals WHERE state = 'pending' LIMIT 1")
        for row in rows:
            now, decision = self.world.clock.now(), ("APPROVE", "DENY")[number % 2]
            event = ApprovalGiven.model_validate(
                {
                    "at": now,
                    "case_id": row["case_id"],
                    "approval_id": row["id"],
                    "decision": decision,
                    "by": "sf_sinta",
                }
            )
            await self.world.wired.journal.submit(self.id, event, f"approval:{row['id']}", now)

    async def wait(self, number: int) -> None:
        self.world.clock.advance(timedelta(minutes=(1, 20, 31, 31, 61, 130)[number]))
        await self.world.wired.journal.fire_timers(self.world.clock.now(), 100)

    async def rest(self) -> None:
        """Let everything that is left to do be done, by nobody but the engine."""
        for _ in range(200):
            await self.step("think", 0)
            await self.step("write", 0)
            await self.step("send", 0)
            pending = self.world.rows("SELECT 1 FROM outbox WHERE pending = 1")
            if self.in_hand is None and not pending and not await self.world.wired.journal.unread(self.id):
                return
        raise AssertionError("it does not come to rest")


def nothing_is_lost(talk: Talk) -> None:
    heard = [
        r["text"] for r in talk.world.rows("SELECT text FROM transcript WHERE direction = 'in' ORDER BY id")
    ]
    assert heard == talk.written
    assert talk.world.rows("SELECT 1 FROM inbox WHERE state <> 'read'") == []
    said = [m.text for m in talk.left if m.by == "sf_tari"]
    assert set(said) == set(talk.replies) and len(said) <= len(talk.replies) + len(talk.lost)
    for row in talk.world.rows("SELECT state, error FROM outbox WHERE kind = 'send_message'"):
        assert row["state"] in {"accepted", "unknown"} or row["error"] == "a person has the conversation"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hands")


@given(history=histories)
@settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_the_customer_is_never_answered_by_both(
    folder: Path, history: list[tuple[tuple[str, ...], int]]
) -> None:
    async def play() -> None:
        world = await open_world(folder)
        try:
            people = await world.wired.stored.staff()
            talk = Talk(world, next(p for p in people if p.id == "sf_tari"))
            await talk.step("say", 0)
            for what, number in ((step, number) for scene, number in history for step in scene):
                await talk.step(what, number)
            await talk.rest()
            nothing_is_lost(talk)
        finally:
            world.wired.database.close()

    asyncio.run(play())
