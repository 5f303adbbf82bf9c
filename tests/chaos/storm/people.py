"""The customers: each writes, waits for an answer, and goes on."""

import asyncio
from typing import Any

from tests.chaos.conversations import Say, Tap
from tests.chaos.storm.plan import Customer, Photo, Storm
from tests.chaos.storm.world import World, pause

# Nobody waits longer for an answer; who has none by then writes on, as people do.
PATIENCE_SECONDS = 6.0
MOST_COPIES = 3


class Customers:
    """Everybody who writes in a run."""

    def __init__(self, storm: Storm, world: World) -> None:
        self._storm = storm
        self._world = world
        self.unanswered = 0
        self.spoken = 0

    async def converse(self, customer: Customer) -> None:
        """Have one conversation from its first word to its last."""
        chance = self._storm.chance("talk", customer.number)
        for step in customer.steps:
            await pause(chance, 0.02, 0.5)
            before = self._world.sends[customer.key]
            if not await self._take(customer, step, chance.randint(1, MOST_COPIES)):
                continue
            self.spoken += 1
            if not await self._world.answered(customer.key, before, PATIENCE_SECONDS):
                self.unanswered += 1

    async def _take(self, customer: Customer, step: Any, copies: int) -> bool:
        match step:
            case Say(words):
                for _, text in words:
                    await self._send(customer, copies, kind="text", text=text)
                    await asyncio.sleep(0.03)
            case Photo(_, caption):
                await self._send(customer, copies, kind="image", caption=caption)
            case Tap(_, place):
                button = await self._offered(customer, place)
                if button is None:
                    return False
                await self._send(customer, copies, kind="button_reply", title=button)
        return True

    async def _send(self, customer: Customer, copies: int, **said: Any) -> None:
        await self._world.do(
            "whatsapp/send", **{"from": customer.phone}, name=customer.name, times=copies, **said
        )

    async def _offered(self, customer: Customer, place: int) -> str | None:
        """Return the button at a place of the last message, if that has any."""
        messages = (await self._world.get(f"whatsapp/chat/{customer.phone}"))["messages"]
        last = next((message for message in reversed(messages) if message["from"] == "business"), None)
        buttons = (last or {}).get("buttons") or []
        if not buttons:
            return None
        chosen = buttons[min(place, len(buttons) - 1)]
        return str(chosen["title"])
