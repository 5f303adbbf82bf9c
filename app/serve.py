"""A running Loket: the door on a port, the engine behind it, Telegram beside it."""

import asyncio
import contextlib
import gc
import socket
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from adapters.telegram import Telegram, TelegramSettings
from adapters.telegram_parse import StaffAction
from adapters.whatsapp import WhatsApp, WhatsAppSettings
from app.settings import Settings, media_folder
from app.wire import Wired, decisions_for
from casefile.errors import BadInput
from console.app import build_console
from gateway.auth import bind_problems
from gateway.door import Probes, build_door
from gateway.engine import Engine, Pace
from gateway.http import App, Receive, Scope, Send, say
from gateway.metrics import Sample
from gateway.perform import Sinks
from gateway.wakeups import Collecting
from policies.privacy import mask_phone
from services.evidence import KeptEvidence
from store.views import Views


class _Uvicorn(uvicorn.Server):
    """Leaves signals to the process it runs in, and says when it is up."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()


def secrets_of(settings: Settings) -> Mapping[str, str | None]:
    """Return the secrets the door needs, by the environment variable that holds each."""
    found = settings.secrets
    named = {
        "LOKET_WHATSAPP_ACCESS_TOKEN": found.whatsapp_access_token,
        "LOKET_WHATSAPP_APP_SECRET": found.whatsapp_app_secret,
        "LOKET_WHATSAPP_VERIFY_TOKEN": found.whatsapp_verify_token,
        "LOKET_TELEGRAM_BOT_TOKEN": found.telegram_bot_token,
        "LOKET_AUDIT_SALT": found.audit_salt,
    }
    return {name: value.get_secret_value() if value else None for name, value in named.items()}


def bound(host: str, port: int) -> socket.socket:
    """Bind the door's socket; raises BadInput when the port is taken."""
    # With the protocol named asyncio turns Nagle's delay off; without it every answer waits 40 ms.
    door = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((host, port))
    except OSError as error:
        door.close()
        raise BadInput(
            f"cannot listen on {host}:{port} ({error.strerror}); choose another server.port"
        ) from error
    return door


class LoketServer:
    """One desk's server; `url` is known before it starts. Stops in the order bots, door, engine, store."""

    def __init__(self, wired: Wired, door: socket.socket, frame_ancestors: Sequence[str] = ()) -> None:
        settings = wired.settings
        problems = bind_problems(door.getsockname()[0], secrets_of(settings))
        missing = [
            name for name, value in secrets_of(settings).items() if not value and name != "LOKET_AUDIT_SALT"
        ]
        if problems or missing:
            raise BadInput("\n".join(problems) or f"not set in the environment: {', '.join(missing)}")
        self._wired = wired
        self._socket = door
        shared = settings.shared
        self._whatsapp = WhatsApp(_whatsapp(wired))
        self._evidence = KeptEvidence(wired.database, media_folder(settings), self._whatsapp)
        self._telegram = Telegram(_telegram(wired), self._on_action, self._evidence)
        self.engine = Engine(
            wired.journal,
            {wired.desk.rules.desk: wired.runner},
            Sinks(self._whatsapp, self._telegram, wired.operations, self._evidence),
            wired.stored,
            wired.board,
            wired.board,
            wired.records,
            wired.clock,
            Pace(
                collecting=Collecting(
                    timedelta(milliseconds=shared.collect.quiet_ms),
                    timedelta(milliseconds=shared.collect.most_ms),
                ),
                messages_per_minute=wired.desk.rules.limits.messages_per_minute,
                quarantine_after=shared.delivery.quarantine_after,
                health_seconds=shared.delivery.health_seconds,
                reconcile=timedelta(minutes=shared.delivery.reconcile_minutes),
            ),
        )
        self.decisions, self.replies = decisions_for(wired, self.engine.wakeups.wake)
        self._frame_ancestors = frame_ancestors
        self._server: _Uvicorn | None = None
        self._running: asyncio.Task[None] | None = None
        self._ready = False

    @property
    def url(self) -> str:
        """The base address, without a slash at the end."""
        host, port = self._socket.getsockname()
        return f"http://{host}:{port}"

    async def start(self) -> None:
        """Recover, then listen; returns when requests are taken."""
        await self.engine.start()
        await self._telegram.start()
        accounts = {
            f"whatsapp/{n.account}": (self._whatsapp, n.account) for n in self._wired.desk_config.numbers
        }
        door = build_door(
            self._wired.journal,
            accounts,
            self.engine.received,
            Probes(ready=self._problems, samples=self._samples),
            self._wired.clock,
            beyond=self._beyond(),
        )
        config = uvicorn.Config(
            door,
            http="httptools",
            loop="none",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=3,
        )
        self._server = _Uvicorn(config)
        self._running = asyncio.create_task(self._server.serve([self._socket]))
        await self._server.up.wait()
        # What was loaded stays for good; the collector need not walk it with every message.
        gc.collect()
        gc.freeze()
        self._ready = True

    async def stop(self) -> None:
        """Stop taking work, finish what is in hand, close the store."""
        self._ready = False
        await self._telegram.stop()
        if self._server is not None and self._running is not None:
            self._server.should_exit = True
            await self._running
        await self.engine.stop()
        await self._telegram.close()
        await self._whatsapp.close()
        self._wired.database.close()

    async def _on_action(self, action: StaffAction) -> str:
        return await self.decisions.act(action)

    def _beyond(self) -> App:
        wired = self._wired
        views = Views(wired.database, mask_phone)
        in_sandbox = self._wired.settings.shared.sandbox.state_dir is not None

        # Who sits at the sandbox plays every part, so nothing needs hiding there.
        console = build_console(
            views, wired.clock, wired.desk.rules.zone, reveal=in_sandbox, framed_by=self._frame_ancestors
        )
        pages = Starlette(routes=[Mount("/console", console)])

        async def beyond(scope: Scope, receive: Receive, send: Send) -> None:
            if in_sandbox and scope["path"] == "/sandbox/settled":
                done = await self.engine.settled()
                await say(send, 200 if done else 425, "settled" if done else "busy")
                return
            await pages(scope, receive, send)

        return beyond

    async def _problems(self) -> Sequence[str]:
        return () if self._ready else ("starting",)

    async def _samples(self) -> Sequence[Sample]:
        stats = self._wired.database.stats
        return (
            Sample("loket_store_commits_total", stats.commits, "Write transactions.", "counter"),
            Sample("loket_store_submissions_total", stats.submissions, "Writes asked for.", "counter"),
        )


def _whatsapp(wired: Wired) -> WhatsAppSettings:
    shared, secrets = wired.settings.shared.whatsapp, secrets_of(wired.settings)
    return WhatsAppSettings(
        base_url=shared.base_url,
        version=shared.version,
        access_token=secrets["LOKET_WHATSAPP_ACCESS_TOKEN"] or "",
        app_secret=secrets["LOKET_WHATSAPP_APP_SECRET"] or "",
        verify_token=secrets["LOKET_WHATSAPP_VERIFY_TOKEN"] or "",
        numbers={n.account: n.phone_number_id for n in wired.desk_config.numbers},
        timeout_seconds=shared.timeout_seconds,
        media_bytes=wired.settings.shared.media.most_bytes,
    )


def _telegram(wired: Wired) -> TelegramSettings:
    shared = wired.settings.shared.telegram
    return TelegramSettings(
        base_url=shared.base_url,
        bot_token=secrets_of(wired.settings)["LOKET_TELEGRAM_BOT_TOKEN"] or "",
        lanes=dict(wired.desk_config.lanes),
        poll_seconds=shared.poll_seconds,
        timeout_seconds=shared.timeout_seconds,
        language=wired.desk_config.lane_language,
    )
