"""Plays one conversation through HTTP, bringing the server back whenever it dies."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from typing import Any

import httpx

from sandbox.clock import SharedClock
from tests.chaos.auditor.evidence import words_of
from tests.chaos.conversations import Conversation, Fault, Pass, Press, Reply, Say, Source, Step, Tap
from tests.chaos.places import Place
from tests.chaos.processes import Gone, Processes, Stuck
from tests.chaos.serve import Death
from tests.chaos.storm.tables import Row, Tables

# A Monday at ten in Jakarta.
OPENING = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
# Past the collecting of a burst, and past the window in which a send without proof counts as lost.
BURST_SECONDS, RECONCILE_SECONDS = 7, 40
LOOKS, LOOK_APART_SECONDS = 4, 5
STEP_SECONDS = 30.0
LOOK_SECONDS = 0.03


@dataclass(frozen=True)
class Played:
    """What became of a run; `held` is what the commit it died at held, empty when it did not die."""

    deaths: int
    commits: int
    held: dict[str, int]


def play(conversation: Conversation, place: Place, deaths: tuple[Death, ...]) -> Played:
    """Play a conversation to its end in an empty place; each death is one more server's."""
    home = place.home
    clock = SharedClock(home / "clock.json")
    clock.freeze(OPENING)
    processes = Processes(home, place.url)
    try:
        with httpx.Client(timeout=10.0, trust_env=False, verify=False) as http:
            driver = Driver(processes, place.tables, http, clock, list(deaths))
            driver.begin(conversation)
            for step in conversation.steps:
                driver.take(step)
            commits = processes.stop()
    finally:
        processes.close()
    note = home / "death.json"
    held = json.loads(note.read_text(encoding="utf-8"))["held"] if note.exists() else {}
    return Played(processes.deaths, commits, held)


class Driver:
    """Customers, coaches and the operator of one run."""

    def __init__(
        self,
        processes: Processes,
        tables: Tables,
        http: httpx.Client,
        clock: SharedClock,
        deaths: list[Death],
    ) -> None:
        self._processes = processes
        self._tables = tables
        self._http = http
        self._clock = clock
        self._deaths = deaths

    def begin(self, conversation: Conversation) -> None:
        """Start the server and let it come to rest."""
        self._do("limits", {"statuses": list(conversation.statuses)})
        self._rest()

    def take(self, step: Step) -> None:
        """Take one step and let time pass until nothing of it is left to do."""
        match step:
            case Say(words):
                for who, text in words:
                    self._do("whatsapp/send", {"from": who, "kind": "text", "text": text})
            case Tap(who, place):
                button = self._buttons(who)[place]
                self._do("whatsapp/send", {"from": who, "kind": "button_reply", "title": button})
            case Press(button, user_id):
                self._do(
                    "telegram/press", {"chat": "coach", "user_id": user_id, "button": button, "match": ""}
                )
            case Reply(text, user_id):
                self._do("telegram/say", {"chat": "coach", "user_id": user_id, "text": text, "match": ""})
            case Source(name, up):
                self._do("dependencies", {"name": name, "up": up})
            case Fault(mode, count):
                self._do("faults", {"target": "whatsapp", "mode": mode, "count": count, "seconds": 0.2})
            case Pass(seconds):
                self._clock.advance(seconds)
        self._quiet()
        # Three looks in a row have to fail before a source counts as down, and as many find it back.
        noticing = (LOOK_APART_SECONDS,) * LOOKS if isinstance(step, Source) else ()
        for seconds in (*noticing, BURST_SECONDS, RECONCILE_SECONDS):
            self._clock.advance(seconds)
            self._rest()
        while self._unknown("send_message"):
            self._clock.advance(RECONCILE_SECONDS)
            self._rest()

    def _quiet(self) -> None:
        """Wait until all that was sent to the server has been taken."""
        until = monotonic() + STEP_SECONDS
        while not self._taken():
            self._look(until)

    def _rest(self) -> None:
        """Wait until the server has nothing left to do at this instant, and no post is in doubt."""
        until = monotonic() + STEP_SECONDS
        before = -1
        while True:
            seq = self._last() if self._taken() and self._settled() else -1
            if seq >= 0 and seq == before and not self._operate():
                return
            before = seq
            self._look(until)

    def _look(self, until: float) -> None:
        if self._processes.dead():
            self._processes.start(self._deaths.pop(0) if self._deaths else None)
        if monotonic() > until:
            state = self._get("state")
            raise Stuck(
                f"no rest after {STEP_SECONDS} s: {self._in_doubt()} {state['pending_webhooks']} pending"
            )
        self._get("events", after=self._last(), wait=LOOK_SECONDS)

    def _taken(self) -> bool:
        state = self._get("state")
        return not state["pending_webhooks"] and not state["unacknowledged_updates"]

    def _settled(self) -> bool:
        try:
            return self._http.get(f"{self._processes.url}/sandbox/settled").status_code == 200
        except httpx.TransportError:
            return False

    def _operate(self) -> bool:
        """Settle posts in doubt as an operator does: look into the group, repeat only what is not there."""
        acted = False
        for key, lane, words in self._unknown("post_to_lane"):
            shown = self._get(f"telegram/chat/{lane}")["messages"]
            there = any(words_of(message["text"]) == words for message in shown)
            try:
                acted |= self._processes.settle(key, "drop" if there else "resend")
            except Gone:
                return True
        return acted

    def _unknown(self, kind: str) -> list[tuple[str, str, str]]:
        """Return (key, lane, words) of the ledger's rows in doubt."""
        found = []
        asked = "SELECT key, body FROM outbox WHERE state = 'unknown' AND kind = ?"
        for row in self._tables.rows(asked, (kind,)):
            effect = json.loads(row["body"])
            found.append((row["key"], effect.get("lane", ""), words_of(effect.get("html", ""))))
        return found

    def _in_doubt(self) -> list[Row]:
        return self._tables.rows(
            "SELECT key, state, error FROM outbox WHERE pending = 1 OR state = 'unknown'"
        )

    def _buttons(self, who: str) -> list[str]:
        messages = self._get(f"whatsapp/chat/{who}")["messages"]
        offered = [m["buttons"] for m in messages if m.get("buttons")]
        if not offered:
            raise Stuck(f"{who} was offered no buttons")
        return [str(button["title"]) for button in offered[-1]]

    def _last(self) -> int:
        return int(self._get("events", after=10**9, wait=0)["last"])

    def _get(self, path: str, **query: Any) -> Any:
        return self._checked(self._http.get(f"{self._processes.sandbox_url}/sandbox/{path}", params=query))

    def _do(self, path: str, told: dict[str, Any]) -> Any:
        return self._checked(self._http.post(f"{self._processes.sandbox_url}/sandbox/{path}", json=told))

    @staticmethod
    def _checked(answer: httpx.Response) -> Any:
        if not answer.is_success:
            raise Stuck(f"{answer.request.url.path}: {answer.text[:200]}")
        return answer.json()
