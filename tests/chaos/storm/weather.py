"""What is not the server's doing: faults outside, webhooks that go astray, and a clock that runs fast."""

import asyncio
from typing import Any

from tests.chaos.storm.plan import Storm
from tests.chaos.storm.world import World, pause

# Five virtual seconds to a real one: half a minute for a proof is six seconds, and no timer of hours comes due.
TICK_SECONDS, TICK_ADVANCE = 0.25, 1.0
# A deadline of two hours and every reminder of the morning come due at once.
LEAP_SECONDS = 125 * 60
TARGETS = {
    "whatsapp": (
        "429",
        "5xx",
        "timeout_after_effect",
        "cut",
        "half_body",
        "bad_json",
        "slow",
        "down",
        "failed_status",
    ),
    "telegram": ("429", "5xx", "timeout_after_effect", "cut", "half_body", "bad_json", "slow", "down"),
}
# An answer that takes its time leaves room to die in while it is waited for.
USUAL_SECONDS = 0.05
HELD_SECONDS = {"timeout_after_effect": 0.3, "slow": 0.6, "429": 1.0}


class Weather:
    """Turns faults on and off at random, by one seed."""

    def __init__(self, storm: Storm, world: World) -> None:
        self._storm = storm
        self._world = world

    async def flow(self) -> None:
        """Let the clock run fast for as long as the run lasts."""
        while True:
            await asyncio.sleep(TICK_SECONDS)
            self._world.clock.advance(TICK_ADVANCE)

    def leap(self, seconds: float = LEAP_SECONDS) -> None:
        """Let hours pass at once."""
        self._world.clock.advance(seconds)

    async def break_things(self, target: str) -> None:
        """Break one outside system, mend it, and again, for as long as the run lasts."""
        chance = self._storm.chance("faults", target)
        await self._calm(target)
        while True:
            await pause(chance, 1.0, 5.0)
            mode = chance.choice(TARGETS[target])
            fault: dict[str, Any] = {"target": target, "mode": mode, "seconds": HELD_SECONDS.get(mode, 0.3)}
            lasting = mode in ("down", "5xx", "429", "cut") and chance.random() < 0.3
            if not lasting:
                fault["count"] = 1 if mode in ("failed_status", "down") else chance.randint(1, 3)
            await self._world.do("faults", **fault)
            if lasting:
                await pause(chance, 0.5, 2.5)
                await self._calm(target)

    async def _calm(self, target: str) -> None:
        """Take every fault away but a little slowness."""
        await self._world.mend(target)
        await self._world.do("faults", target=target, mode="slow", seconds=USUAL_SECONDS)

    async def scatter(self) -> None:
        """Let webhooks come late, often and in any order, now more and now less."""
        chance = self._storm.chance("webhooks")
        while True:
            repeats, seconds = chance.choice(((1, 0.0), (2, 0.3), (3, 1.0), (5, 2.0)))
            await self._world.do(
                "whatsapp/weather", repeats=repeats, seconds=seconds, seed=chance.randrange(10**6)
            )
            await pause(chance, 1.0, 4.0)

    async def clear(self) -> None:
        """Let the sun come out."""
        await self._world.do("whatsapp/weather")
        for target in TARGETS:
            await self._world.mend(target)
