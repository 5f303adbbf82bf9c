"""Notion's webhooks: a token first, then signed events without content, in any order, and sometimes not at all."""

import hashlib
import hmac
import random
from datetime import datetime

from sandbox.delivery import Delivery, Webhook
from sandbox.notion_objects import Json, encoded, minute, new_id
from sandbox.settings import NotionAccount


class NotionHooks:
    """One subscription: where its events go, held back, shuffled, repeated or lost on demand.

    Nothing is sent before the token it was given has been told back, as a person does it on Notion's page.
    """

    def __init__(self, account: NotionAccount, delivery: Delivery) -> None:
        self.url = account.webhook_url
        self.token = ""
        self.active = False
        self.holding = False
        self.lose = 0
        self._delivery = delivery
        self._held: list[Json] = []
        self._sent = 0

    @property
    def held(self) -> int:
        """How many events wait to be released."""
        return len(self._held)

    def subscribe(self, url: str) -> str:
        """Begin a subscription: the first POST carries the token that signs all later ones."""
        self._sent += 1
        self.url, self.active = url, False
        self.token = f"secret_{new_id('token', self._sent).replace('-', '')}"
        self._post({"verification_token": self.token}, signed=False)
        return self.token

    def confirm(self, token: str) -> bool:
        """Tell the token back; events flow from now on if it is the right one."""
        self.active = hmac.compare_digest(token.encode(), self.token.encode())
        return self.active

    def tell(self, what: str, page_id: str, parent: Json, at: datetime) -> None:
        """Let the subscriber know that a page changed, but not how."""
        if not self.active:
            return
        if self.lose:
            self.lose -= 1
            return
        self._sent += 1
        event = {
            "id": new_id("event", self._sent),
            "timestamp": minute(at),
            "workspace_id": new_id("workspace", 1),
            "workspace_name": "Loket sandbox",
            "subscription_id": new_id("subscription", 1),
            "integration_id": new_id("integration", 1),
            "authors": [{"id": new_id("person", 1), "type": "person"}],
            "attempt_number": 1,
            "api_version": "2025-09-03",
            "entity": {"id": page_id, "type": "page"},
            "type": what,
            "data": {"parent": parent},
        }
        if self.holding:
            self._held.append(event)
        else:
            self._post(event)

    def release(self, times: int = 1, shuffle: int | None = None) -> int:
        """Deliver what was held back, each so often, shuffled by a seed."""
        self.holding = False
        waiting = [event for event in self._held for _ in range(times)]
        self._held = []
        if shuffle is not None:
            random.Random(shuffle).shuffle(waiting)
        for event in waiting:
            self._post(event)
        return len(waiting)

    def _post(self, event: Json, signed: bool = True) -> None:
        assert self.url is not None
        body = encoded(event)
        headers = {"Content-Type": "application/json"}
        if signed:
            made = hmac.new(self.token.encode(), body, hashlib.sha256).hexdigest()
            headers["X-Notion-Signature"] = f"sha256={made}"
        # A lane of its own for each: Notion promises no order.
        number = f"notion:{self._sent}:{len(body)}:{event.get('id', 'token')}"
        self._delivery.post(number, Webhook("notion", self.url, body, headers, [event.get("id", "token")]))
