"""WhatsApp's webhooks: signed, and on demand held back, batched, repeated, late or shuffled."""

import hashlib
import hmac
import json
import random
import secrets
from dataclasses import dataclass
from typing import Any

import httpx

from sandbox.delivery import Delivery, Webhook
from sandbox.settings import WhatsAppAccount
from sandbox.whatsapp_payloads import envelope


@dataclass(frozen=True)
class Held:
    """One `value` to deliver; values of one `lane` are first tried in the order they came."""

    lane: str
    value: dict[str, Any]
    carries: str


@dataclass(frozen=True)
class Weather:
    """How badly webhooks travel: each up to `repeats` times, each copy up to `seconds` late, by a seed."""

    repeats: int = 1
    seconds: float = 0.0
    seed: int = 0


class WhatsAppHooks:
    """Where webhooks go, and the ones waiting to be released."""

    def __init__(self, account: WhatsAppAccount, delivery: Delivery, client: httpx.AsyncClient) -> None:
        self.callback_url = account.callback_url
        self.holding = False
        self._account = account
        self._delivery = delivery
        self._client = client
        self._held: list[Held] = []
        self._weather = Weather()
        self._chance = random.Random(0)
        self._copies = 0

    @property
    def held(self) -> int:
        """How many values wait to be released."""
        return len(self._held)

    def send(self, held: Held) -> None:
        """Deliver a value, or keep it while webhooks are held back."""
        if self.holding:
            self._held.append(held)
        elif self._weather.repeats == 1 and not self._weather.seconds:
            self._post(held.lane, [held])
        else:
            for _ in range(self._chance.randint(1, self._weather.repeats)):
                # A lane of its own for every copy: nothing waits for what was sent before it.
                self._copies += 1
                late = self._chance.uniform(0.0, self._weather.seconds)
                self._post(f"weather:{self._copies}", [held], late)

    def change(self, weather: Weather) -> None:
        """Let what is sent from now on travel like this; what is on its way stays as it was."""
        self._weather = weather
        self._chance = random.Random(weather.seed)

    def release(self, batch: int = 1, times: int = 1, shuffle: int | None = None) -> int:
        """Deliver what was held back, `batch` values to a webhook, each `times` times, shuffled by a seed."""
        self.holding = False
        waiting = [held for held in self._held for _ in range(times)]
        self._held = []
        if shuffle is not None:
            random.Random(shuffle).shuffle(waiting)
        # The order just made is the point of it, so everything released shares one lane.
        for start in range(0, len(waiting), batch):
            self._post("released", waiting[start : start + batch])
        return len(waiting)

    async def verify(self) -> tuple[int, bool]:
        """Ask the callback to prove itself; answers the status and whether the challenge came back."""
        challenge = secrets.token_hex(8)
        query = {
            "hub.mode": "subscribe",
            "hub.verify_token": self._account.verify_token,
            "hub.challenge": challenge,
        }
        answer = await self._client.get(self._callback(), params=query)
        return answer.status_code, answer.text == challenge

    def _post(self, lane: str, part: list[Held], after: float = 0.0) -> None:
        body = json.dumps(envelope([held.value for held in part]), ensure_ascii=False).encode()
        signature = hmac.new(self._account.app_secret.encode(), body, hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json", "X-Hub-Signature-256": f"sha256={signature}"}
        carries = [held.carries for held in part]
        webhook = Webhook("whatsapp", self._callback(), body, headers, carries)
        self._delivery.post(f"whatsapp:{lane}", webhook, after)

    def _callback(self) -> str:
        if self.callback_url is None:
            raise LookupError("the sandbox has not been told where WhatsApp webhooks go")
        return self.callback_url
