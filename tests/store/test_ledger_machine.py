"""One message through anything that can happen to it: the ledger never sinks, and never sends what was proved.

The provider of this machine knows the truth of each attempt; the ledger hears of it in any order, any number of times,
early, late or not at all.
"""

import asyncio
import tempfile
from collections.abc import Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from store_scenes import at, journal, message, send, status, turn

from casefile.events import WindowClosed
from store.database import Database
from store.statuses import RANK

KEY = "k"


@dataclass
class Attempt:
    """One request that reached the provider, and what the ledger has been told of it."""

    id: str
    arrives: bool
    proved: bool = False
    lost: bool = False


class Ledger(RuleBasedStateMachine):
    """The performer, the provider, operators and the customer, taking turns."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "x.db"
        self.database = Database.open(self.path)
        self.told = journal(self.database)
        self.attempts: list[Attempt] = []
        self.now = 0.0
        self.inbound = 0
        self.reached = 0

    def teardown(self) -> None:
        self.database.close()
        self.loop.close()
        self.folder.cleanup()

    def do(self, step: Coroutine[Any, Any, Any]) -> Any:
        """Let one thing happen, a second after the last."""
        self.now += 1
        return self.loop.run_until_complete(step)

    def row(self) -> Any:
        return self.database.read("SELECT * FROM outbox WHERE key = ?", (KEY,))[0]

    @property
    def state(self) -> str:
        return str(self.row()["state"])

    def standing(self) -> list[Attempt]:
        """Return the attempts that were proved and never said to be lost."""
        return [a for a in self.attempts if a.proved and not a.lost]

    @initialize()
    def said(self) -> None:
        (received,) = self.do(self.told.receive([message("m0")]))
        self.conversation = received.conversation_id
        self.do(self.told.commit(turn("t1", effects=(send(KEY, self.conversation),))))

    @rule(arrives=st.booleans(), reached=st.booleans())
    def performer_takes_it(self, arrives: bool, reached: bool) -> None:
        """Begin an attempt; whether it reaches the provider nobody here knows."""
        due = self.do(self.told.due(at(self.now), 9))
        if not due or not self.do(self.told.attempting(KEY, at(self.now))):
            return
        assert not self.standing(), "sent again although it was proved"
        self.reached = len(self.attempts)
        if reached:
            self.attempts.append(Attempt(f"wamid.{len(self.attempts)}", arrives))

    @precondition(lambda self: self.state == "attempting")
    @rule(how=st.sampled_from(["refused", "later", "throttled", "no answer", "crash"]))
    def it_ends_without_an_answer(self, how: str) -> None:
        now = at(self.now)
        if how == "no answer":
            self.do(self.told.unknown(KEY, "no answer", now))
        elif how == "crash":
            self.database.close()
            self.database = Database.open(self.path)
            self.told = journal(self.database)
            self.do(self.told.orphans(now))
        elif len(self.attempts) == self.reached:
            # The channel says that it took nothing, and it did not.
            if how == "refused":
                self.do(self.told.failed(KEY, "131047 closed", now))
            elif how == "later":
                self.do(self.told.requeue(KEY, now, "later"))
            else:
                self.do(self.told.throttled(KEY, "whatsapp", 1, "later", now))

    @precondition(lambda self: self.attempts)
    @rule()
    def the_answer_comes(self) -> None:
        attempt = self.attempts[-1]
        self.do(self.told.accepted(KEY, attempt.id, at(self.now)))
        attempt.proved = True

    @precondition(lambda self: self.attempts)
    @rule(data=st.data(), name=st.sampled_from(["sent", "delivered", "read"]), times=st.integers(1, 3))
    def the_provider_reports(self, data: st.DataObject, name: str, times: int) -> None:
        attempt = data.draw(st.sampled_from(self.attempts))
        if not attempt.arrives and name != "sent":
            name = "failed"
        before = self.state
        for _ in range(times):
            report = status(name, provider_id=attempt.id, key=KEY, seconds=self.now)
            self.do(self.told.receive([report]))
        if name == "failed":
            attempt.lost = True
        elif not attempt.lost:
            attempt.proved = True
        assert RANK[self.state] >= RANK[before]  # type: ignore[index]
        if name == "failed" and self.state != before:
            assert not self.standing(), "failed by a report about another attempt"
            assert before != "queued", "what goes again anyway did not fail"

    @rule(action=st.sampled_from(["resend", "drop"]))
    def a_person_settles(self, action: Any) -> None:
        before = self.row()
        settled = self.do(self.told.settle(KEY, action, "sf_tari", at(self.now)))
        waits = before["state"] == "queued" and not before["pending"]
        assert settled == (before["state"] == "unknown" or (action == "drop" and waits))

    @rule()
    def the_window_passes(self) -> None:
        self.do(self.told.resend_unproved(at(self.now), at(self.now)))

    @rule()
    def the_words_wait(self) -> None:
        event = WindowClosed(at=at(self.now), case_id="SCH-2026-0001", key=KEY)
        failed = self.state == "failed"
        held = self.do(self.told.hold(KEY, "131047", event, f"window:{self.now}", at(self.now)))
        assert held == failed

    @rule()
    def the_customer_writes(self) -> None:
        self.inbound += 1
        self.do(self.told.receive([message(f"m{self.inbound}", seconds=self.now)]))

    @invariant()
    def the_ledger_is_true(self) -> None:
        """What the ledger says is borne out by what it was told."""
        rows = self.database.read("SELECT * FROM outbox WHERE key = ?", (KEY,))
        if not rows:
            return
        (row,) = rows
        if row["state"] in ("accepted", "delivered", "read"):
            assert row["state"] != "accepted" or self.standing()
        if row["state"] in ("delivered", "read"):
            assert any(a.arrives for a in self.attempts)
        assert row["pending"] == 0 or row["state"] in ("queued", "attempting")


Ledger.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestLedger = Ledger.TestCase
