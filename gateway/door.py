"""The door: every way in from outside. Verify, parse, one durable insert, then 200.

A plain ASGI function, because the webhook is the one path whose speed a campaign feels.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import parse_qsl

import structlog

from casefile.errors import BadInput, DependencyDown, LoketError, StoreDown
from casefile.events import ChannelEvent
from gateway.http import App, BodyTooLarge, ClientGone, Receive, Scope, Send, answer, body_of, headers_of, say
from gateway.metrics import Sample, render
from ports.channels import Channel, Webhook
from ports.clock import Clock
from ports.journal import Received

log = structlog.get_logger(__name__)

BODY_BYTES = 3 * 1024 * 1024
WEBHOOKS = "/webhooks/"
STAFF_PATH = "/webhooks/telegram"
METRICS_TEXT = b"text/plain; version=0.0.4; charset=utf-8"

OnReceived = Callable[[Sequence[Received]], Awaitable[None]]


class Inlet(Protocol):
    """Where deliveries are stored."""

    async def receive(self, events: Sequence[ChannelEvent]) -> Sequence[Received]:
        """Insert a delivery durably, each event once."""
        ...


@dataclass(frozen=True, slots=True)
class Probes:
    """What the door is asked about the process; `ready` returns what is wrong, nothing when ready."""

    ready: Callable[[], Awaitable[Sequence[str]]]
    samples: Callable[[], Awaitable[Sequence[Sample]]]


@dataclass(slots=True)
class _Tally:
    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    events: Counter[bool] = field(default_factory=Counter)

    def samples(self) -> list[Sample]:
        answered = [
            Sample(
                "loket_webhook_answers_total",
                count,
                "Webhook deliveries by answer.",
                "counter",
                {"path": path, "status": str(status)},
            )
            for (path, status), count in self.answers.items()
        ]
        stored = [
            Sample(
                "loket_webhook_events_total",
                count,
                "Events in accepted deliveries.",
                "counter",
                {"new": "yes" if new else "no"},
            )
            for new, count in self.events.items()
        ]
        return [*answered, *stored]


def build_door(
    journal: Inlet,
    channels: Mapping[str, tuple[Channel, str]],
    on_received: OnReceived,
    probes: Probes,
    clock: Clock,
    *,
    staff: Webhook | None = None,
    hooks: Mapping[str, Webhook] | None = None,
    beyond: App | None = None,
) -> App:
    """Build the ASGI app.

    `channels` maps what follows `/webhooks/` ("whatsapp/<account>") to the channel and the account its events
    carry, `hooks` to who takes its own deliveries. `on_received` is awaited after the 200 has gone out. `beyond`
    serves every path that is not ours.
    """
    own = {f"{WEBHOOKS}{name}": hook for name, hook in (hooks or {}).items()}
    if staff is not None:
        own[STAFF_PATH] = staff
    return _Door(journal, channels, on_received, probes, clock, own, beyond)


class _Door:
    def __init__(
        self,
        journal: Inlet,
        channels: Mapping[str, tuple[Channel, str]],
        on_received: OnReceived,
        probes: Probes,
        clock: Clock,
        own: Mapping[str, Webhook],
        beyond: App | None,
    ) -> None:
        self._journal = journal
        self._channels = {f"{WEBHOOKS}{name}": pair for name, pair in channels.items()}
        self._on_received = on_received
        self._probes = probes
        self._clock = clock
        self._own = own
        self._beyond = beyond
        self._tally = _Tally()
        self._pages = {"/healthz": self._healthz, "/readyz": self._readyz, "/metrics": self._metrics}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._not_http(scope, receive, send)
            return
        path = scope["path"]
        pair = self._channels.get(path)
        if pair is not None:
            await self._webhook(pair, scope, receive, send)
        elif path in self._pages:
            await self._page(path, scope, send)
        elif path in self._own:
            await self._own_delivery(self._own[path], scope, receive, send)
        elif path.startswith(WEBHOOKS):
            await self._refuse(
                send, "unknown", 404, "no such webhook; check the address and the account in it"
            )
        elif self._beyond is not None:
            await self._beyond(scope, receive, send)
        else:
            await say(send, 404, "nothing is here")

    async def _webhook(self, pair: tuple[Channel, str], scope: Scope, receive: Receive, send: Send) -> None:
        channel, account = pair
        if scope["method"] == "GET":
            await self._challenge(channel, scope, send)
            return
        body = await self._signed_body(channel, scope, receive, send)
        if body is None:
            return
        try:
            events = channel.parse(body, account, self._clock.now())
        except BadInput as error:
            await self._refuse(send, scope["path"], 400, str(error))
            return
        try:
            received = await self._journal.receive(events) if events else ()
        except LoketError as error:
            # Whatever kept it off the disk, the sender must keep it and come again.
            log.error("delivery_not_stored", path=scope["path"], error=type(error).__name__, exc_info=error)
            await self._refuse(send, scope["path"], 503, "not stored; send it again")
            return
        await self._accept(send, scope["path"])
        self._tally.events.update(one.new for one in received)
        if received:
            try:
                await self._on_received(received)
            except StoreDown as error:
                # It is stored and answered; the next look wakes what it began.
                log.error("delivery_not_begun", path=scope["path"], why=str(error))

    async def _challenge(self, channel: Channel, scope: Scope, send: Send) -> None:
        query = dict(parse_qsl(scope["query_string"].decode("latin-1")))
        words = channel.challenge(query)
        if words is None:
            await self._refuse(send, scope["path"], 403, "the verify token is not ours")
        else:
            await answer(send, 200, words.encode("utf-8", "replace"))

    async def _own_delivery(self, hook: Webhook, scope: Scope, receive: Receive, send: Send) -> None:
        body = await self._signed_body(hook, scope, receive, send)
        if body is None:
            return
        try:
            await hook.receive(body)
        except BadInput as error:
            await self._refuse(send, scope["path"], 400, str(error))
        except DependencyDown:
            await self._refuse(send, scope["path"], 503, "not ready; send it again")
        except LoketError as error:
            log.error("delivery_not_stored", path=scope["path"], error=type(error).__name__, exc_info=error)
            await self._refuse(send, scope["path"], 503, "not stored; send it again")
        else:
            await self._accept(send, scope["path"])

    async def _signed_body(
        self, signer: Channel | Webhook, scope: Scope, receive: Receive, send: Send
    ) -> bytes | None:
        """Read a POST's body and check its signature; None when the refusal has been sent."""
        path = scope["path"]
        if scope["method"] != "POST":
            await self._refuse(send, path, 405, "only POST is taken here")
            return None
        headers = headers_of(scope)
        try:
            body = await body_of(headers, receive, BODY_BYTES)
        except BodyTooLarge:
            await self._refuse(send, path, 413, f"a delivery is at most {BODY_BYTES} bytes")
            return None
        except ClientGone:
            return None
        if not signer.verified(headers, body):
            await self._refuse(send, path, 401, "the signature is not the sender's")
            return None
        return body

    async def _accept(self, send: Send, path: str) -> None:
        self._tally.answers[path, 200] += 1
        await answer(send, 200)

    async def _refuse(self, send: Send, path: str, status: int, words: str) -> None:
        self._tally.answers[path, status] += 1
        log.warning("webhook_refused", path=path, status=status)
        await say(send, status, words)

    async def _page(self, path: str, scope: Scope, send: Send) -> None:
        if scope["method"] not in ("GET", "HEAD"):
            await say(send, 405, "only GET is taken here")
            return
        await self._pages[path](send)

    async def _healthz(self, send: Send) -> None:
        await say(send, 200, "ok")

    async def _readyz(self, send: Send) -> None:
        problems = await self._probes.ready()
        await say(send, 503 if problems else 200, "\n".join(problems) or "ready")

    async def _metrics(self, send: Send) -> None:
        samples = [*self._tally.samples(), *await self._probes.samples()]
        await answer(send, 200, render(samples).encode(), METRICS_TEXT)

    async def _not_http(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            for step in ("startup", "shutdown"):
                await receive()
                await send({"type": f"lifespan.{step}.complete"})
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1000})
