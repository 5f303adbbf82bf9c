"""Payment providers' webhooks: on demand held back, repeated, late, shuffled, or lost."""

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.delivery import Delivery, Webhook
from sandbox.whatsapp_hooks import Weather


@dataclass(frozen=True)
class Notice:
    """One notification to deliver; those of one payment are first tried in the order they came."""

    provider: str
    payment: str
    body: bytes
    headers: Mapping[str, str]
    carries: str


class PaymentHooks:
    """Where each provider's notifications go, and the ones waiting to be released."""

    def __init__(self, urls: Mapping[str, str | None], delivery: Delivery) -> None:
        self.urls = dict(urls)
        self.holding = False
        # Webhooks get lost in earnest, and whoever counts on them has to notice.
        self.losing = False
        self._delivery = delivery
        self._held: list[Notice] = []
        self._weather = Weather()
        self._chance = random.Random(0)
        self._copies = 0

    @property
    def held(self) -> int:
        """How many notifications wait to be released."""
        return len(self._held)

    def send(
        self, provider: str, payment: str, told: dict[str, Any], headers: Mapping[str, str], carries: str
    ) -> None:
        """Deliver a notification, keep it while they are held back, or lose it."""
        notice = Notice(provider, payment, json.dumps(told).encode(), headers, carries)
        if self.losing or self.urls.get(provider) is None:
            return
        if self.holding:
            self._held.append(notice)
        elif self._weather.repeats == 1 and not self._weather.seconds:
            self._post(f"{provider}:{payment}", notice)
        else:
            for _ in range(self._chance.randint(1, self._weather.repeats)):
                # A lane of its own for every copy: nothing waits for what was sent before it.
                self._copies += 1
                self._post(
                    f"{provider}:copy:{self._copies}", notice, self._chance.uniform(0, self._weather.seconds)
                )

    def change(self, weather: Weather) -> None:
        """Let what is sent from now on travel like this."""
        self._weather = weather
        self._chance = random.Random(weather.seed)

    def release(self, times: int = 1, shuffle: int | None = None) -> int:
        """Deliver what was held back, each `times` times, shuffled by a seed."""
        self.holding = False
        waiting = [notice for notice in self._held for _ in range(times)]
        self._held = []
        if shuffle is not None:
            random.Random(shuffle).shuffle(waiting)
        for number, notice in enumerate(waiting):
            lane = f"released:{number}" if shuffle is not None else f"{notice.provider}:{notice.payment}"
            self._post(lane, notice)
        return len(waiting)

    def _post(self, lane: str, notice: Notice, after: float = 0.0) -> None:
        url = self.urls[notice.provider]
        assert url is not None
        headers = {"Content-Type": "application/json", **notice.headers}
        webhook = Webhook(notice.provider, url, notice.body, headers, [notice.carries])
        self._delivery.post(lane, webhook, after)
