"""The front of a process that is reached from outside: the door on a port, the console's pages, Telegram's updates."""

import asyncio
import contextlib
import gc
import socket
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from app.figures import desk_samples
from app.knowledge import hooks_of
from app.outside import Outside, secrets_of
from app.wire import Wired
from casefile.errors import BadInput
from console.app import DeskLink, build_console
from gateway.auth import bind_problems
from gateway.cards import Cards
from gateway.desks import Behind, Desks
from gateway.door import Probes, build_door
from gateway.http import App, Receive, Scope, Send, say
from gateway.intake import Intake
from gateway.metrics import Sample
from gateway.storewatch import StoreWatch
from policies.privacy import mask_phone
from ports.channels import Channel
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


@dataclass(frozen=True, slots=True)
class Served:
    """One desk behind the front: its channels, and who takes note of what came in.

    `wake` hears of conversations with news, `settled` says whether nothing is left to do there, for the sandbox's
    scripts; `ended` names what has stopped working, for /readyz.
    """

    wired: Wired
    outside: Outside
    intake: Intake
    wake: Callable[[str], None]
    settled: Callable[[], Awaitable[bool]]
    ended: Callable[[], Sequence[str]] = tuple


class Front:
    """What requests reach; the first of the desks hears for all of them.

    Raises BadInput when a secret is missing that its address needs.
    """

    def __init__(self, served: Sequence[Served], door: socket.socket, frame_ancestors: Sequence[str]) -> None:
        secrets = secrets_of(served[0].wired.settings)
        problems = bind_problems(door.getsockname()[0], secrets)
        missing = [name for name, value in secrets.items() if not value and name != "LOKET_AUDIT_SALT"]
        if problems or missing:
            raise BadInput("\n".join(problems) or f"not set in the environment: {', '.join(missing)}")
        self._served = served
        self._outside = served[0].outside
        self._clock = served[0].wired.clock
        self._socket = door
        self._frame_ancestors = frame_ancestors
        self._watches = [
            StoreWatch(d.wired.journal, Cards(d.wired.journal), d.wired.desk, d.wired.clock) for d in served
        ]
        self._server: _Uvicorn | None = None
        self._running: asyncio.Task[None] | None = None
        self._ready = False

    @property
    def url(self) -> str:
        """The base address, without a slash at the end."""
        host, port = self._socket.getsockname()
        return f"http://{host}:{port}"

    async def start(self) -> None:
        """Listen; returns when requests are taken."""
        await self._outside.telegram.start()
        accounts = {
            number.account: Behind(desk.wired.journal, desk.intake)
            for desk in self._served
            for number in desk.wired.desk_config.numbers
        }
        desks = Desks(accounts)
        door = build_door(
            desks,
            self._channels(),
            desks.received,
            Probes(ready=self._problems, samples=self._samples),
            self._clock,
            hooks={
                name: hook
                for desk in self._served
                for name, hook in hooks_of(desk.wired.desk_config, desk.wired.database, self._clock).items()
            },
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
            # Longer than the proxies in front keep an idle connection, which would else be cut under their hands.
            timeout_keep_alive=75,
        )
        self._server = _Uvicorn(config)
        self._running = asyncio.create_task(self._server.serve([self._socket]))
        await self._server.up.wait()
        # What was loaded stays for good; the collector need not walk it with every message.
        gc.collect()
        gc.freeze()
        self._ready = True

    def _channels(self) -> Mapping[str, tuple[Channel, str]]:
        """Return who reads what comes to each webhook: WhatsApp, and the provider each desk is paid by."""
        found: dict[str, tuple[Channel, str]] = {}
        for desk in self._served:
            provider = desk.outside.provider
            for account in (number.account for number in desk.wired.desk_config.numbers):
                found[f"whatsapp/{account}"] = (self._outside.whatsapp, account)
                if provider is not None:
                    found[f"{provider.name}/{account}"] = (provider, account)
        return found

    async def stop(self) -> None:
        """Take no more requests and finish those in hand."""
        self._ready = False
        await self._outside.telegram.stop()
        if self._server is not None and self._running is not None:
            self._server.should_exit = True
            await self._running
        for desk in self._served:
            await desk.intake.stop()

    async def settled(self) -> bool:
        """Say whether nothing is left to do at any desk."""
        for desk in self._served:
            if desk.intake.busy() or not await desk.settled():
                return False
        return True

    def _beyond(self) -> App:
        in_sandbox = self._served[0].wired.settings.shared.sandbox.state_dir is not None
        consoles = [Mount(path, self._console(desk, in_sandbox)) for path, desk in self._places()]
        home = Mount("/console", self._console(self._served[0], in_sandbox))
        pages = Starlette(routes=[*self._api(), *consoles, home])

        async def beyond(scope: Scope, receive: Receive, send: Send) -> None:
            if in_sandbox and scope["path"] == "/sandbox/settled":
                done = await self.settled()
                await say(send, 200 if done else 425, "settled" if done else "busy")
                return
            await pages(scope, receive, send)

        return beyond

    def _api(self) -> list[Mount]:
        """Return the gateway API where any desk has given out a key to it."""
        keys = [(key, desk) for desk in self._served for key in desk.wired.desk_config.service_keys]
        if not keys:
            return []
        # Only who uses it waits for its library.
        from app.api.access import Caller
        from app.api.build import build_api
        from app.finding import search_of

        callers = [Caller(key, desk.wired, desk.wake, search_of(desk.wired)) for key, desk in keys]
        return [Mount("/api", build_api(callers))]

    def _places(self) -> list[tuple[str, Served]]:
        """Return where each desk's console is; the first one's is at /console as well."""
        return [(f"/console/of/{desk.wired.desk_config.name}", desk) for desk in self._served]

    def _console(self, shown: Served, in_sandbox: bool) -> App:
        wired = shown.wired
        desks = [DeskLink(d.wired.desk_config.title, path, d is shown) for path, d in self._places()]
        # Who sits at the sandbox plays every part, so nothing needs hiding there.
        return build_console(
            Views(wired.database, mask_phone),
            wired.clock,
            wired.desk.rules.zone,
            reveal=in_sandbox,
            framed_by=self._frame_ancestors,
            desks=desks,
        )

    async def _problems(self) -> Sequence[str]:
        if not self._ready:
            return ("starting",)
        found = []
        for desk, store in zip(self._served, self._watches, strict=True):
            await store.try_again()
            whose = f"{desk.wired.desk_config.name}: " if len(self._served) > 1 else ""
            found += [f"{whose}{problem}" for problem in (*store.problems(), *desk.ended())]
        return found

    async def _samples(self) -> Sequence[Sample]:
        return [sample for desk in self._served for sample in desk_samples(desk.wired)]
