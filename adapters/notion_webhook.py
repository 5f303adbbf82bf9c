"""Notion's webhook: the subscription's token with its first POST, signed news without content after that."""

import hashlib
import hmac
import json
from collections.abc import Mapping

import structlog

from ports.clock import Clock
from ports.knowledge import Subscription

log = structlog.get_logger(__name__)


class NotionWebhook:
    """Takes what Notion posts: it only wakes the look at the database, so that nothing depends on what is lost."""

    def __init__(self, subscription: Subscription, clock: Clock) -> None:
        self._subscription = subscription
        self._clock = clock

    def verified(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Check `X-Notion-Signature` over the raw body in constant time; only the very first POST comes without."""
        token = self._subscription.token()
        if token is None:
            return _token(body) is not None
        scheme, _, claimed = headers.get("x-notion-signature", "").partition("=")
        made = hmac.new(token.encode(), body, hashlib.sha256).hexdigest()
        return hmac.compare_digest(claimed.encode(), made.encode()) and scheme == "sha256"

    async def receive(self, body: bytes) -> None:
        """Keep the token, or note that there is news."""
        now, token = self._clock.now(), _token(body)
        if token is None:
            await self._subscription.news(now)
        elif await self._subscription.subscribed(token, now):
            log.warning("notion_subscribed", next="`loket kb webhook` shows the token to paste in Notion")


def _token(body: bytes) -> str | None:
    """Return the token that the first POST of a subscription carries, else None."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return None
    token = told.get("verification_token") if isinstance(told, dict) else None
    return token if isinstance(token, str) and token else None
