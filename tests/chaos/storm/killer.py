"""kill -9 from outside, at random moments, and what was in hand just then."""

import json
import random
from collections import Counter
from time import monotonic

from tests.chaos.storm.fleet import START_SECONDS, Member
from tests.chaos.storm.plan import Storm
from tests.chaos.storm.tables import Unreadable
from tests.chaos.storm.world import World, pause

# What a dead process leaves visible, as one row of counts.
IN_HAND = (
    "SELECT COALESCE(SUM(CASE WHEN kind = 'send_message' AND state = 'attempting' THEN 1 ELSE 0 END), 0) AS sends,"
    " COALESCE(SUM(CASE WHEN kind = 'post_to_lane' AND state = 'attempting' THEN 1 ELSE 0 END), 0) AS posts,"
    " COALESCE(SUM(CASE WHEN kind = 'run_operation' AND state = 'queued' THEN 1 ELSE 0 END), 0) AS operations,"
    " COALESCE(SUM(CASE WHEN kind IN ('send_message', 'post_to_lane') AND state = 'queued' THEN 1 ELSE 0 END), 0)"
    " AS queued,"
    " (SELECT COUNT(*) FROM inbox WHERE state = 'unread') AS unread FROM outbox WHERE pending = 1"
)
WORDS = {
    "sends": "a message on its way out",
    "posts": "a lane post on its way out",
    "operations": "an operation asked for",
    "queued": "effects queued",
    "unread": "messages unread",
    "webhooks": "webhooks not yet answered",
}


USUAL_START_SECONDS, MOST_SLOW = 0.7, 10.0


class Killer:
    """Kills one member after another until as many have died as were asked for."""

    def __init__(self, storm: Storm, world: World) -> None:
        self._storm = storm
        self._world = world
        self.by_process: Counter[str] = Counter()
        self.by_hand: Counter[str] = Counter()
        self.done = 0

    @property
    def progress(self) -> float:
        """How far the killing has got, from 0 to 1."""
        return self.done / self._storm.kills if self._storm.kills else 1.0

    async def run(self) -> None:
        """Kill and start again, at random moments; some deaths come while the last one is being recovered from."""
        chance = self._storm.chance("kills")
        processes = self._world.processes
        while self.done < self._storm.kills:
            await self._wait(chance)
            self.revive()
            member = chance.choice(processes.members)
            up = member.up
            if not processes.kill(member.process):
                continue
            member.process = None
            self.done += 1
            await self._note(member, up)
            await pause(chance, 0.0, 0.3)
            processes.start(member)

    async def _wait(self, chance: random.Random) -> None:
        """Let a while pass: now and then so short a one that it is still starting, else a longer one.

        Of the longer ones many end at a moment after something next goes in or out.
        """
        dice = chance.random()
        if dice < 0.2:
            await pause(chance, 0.02, 0.6)
            return
        began = monotonic()
        while not all(member.up for member in self._world.processes.members):
            if monotonic() - began > START_SECONDS:
                break
            await pause(chance, 0.02, 0.1)
        # On a busy machine everything takes its time, and whoever dies too soon has died with nothing in hand.
        slow = min(MOST_SLOW, max(1.0, (monotonic() - began) / USUAL_START_SECONDS))
        await pause(chance, 0.1 * slow, 0.9 * slow)
        if dice < 0.7:
            await self._world.stirring(1.0 * slow)
            await pause(chance, 0.0, 0.06)

    def revive(self) -> None:
        """Start again whatever ended by itself; that it did is noted as a trouble."""
        for member in self._world.processes.fallen():
            self._world.processes.start(member)

    async def _note(self, member: Member, up: bool) -> None:
        held = {"webhooks": int((await self._world.get("state"))["pending_webhooks"])}
        try:
            held |= self._world.tables.rows(IN_HAND)[0]
        except Unreadable:
            held |= {"first start": 1}
        kinds = [WORDS.get(name, name) for name, count in held.items() if count]
        if not up:
            kinds.append("its own start")
        self.by_process[member.name.split()[0]] += 1
        self.by_hand.update(kinds or ["nothing"])
        line = {"at": self._world.clock.now().isoformat(), "process": member.name, "in hand": kinds}
        with (self._world.processes.home / "kills.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps(line) + "\n")
