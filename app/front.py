"""The front of a process that is reached from outside: the door on a port, the console's pages, Telegram's updates."""

import asyncio
import contextlib
import gc
import socket
from collections.abc import Awaitable, Callable, Iterator, Sequence

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from app.outside import Outside, secrets_of
from app.wire import Wired
from casefile.errors import BadInput
from casefile.money import MICRO
from console.app import build_console
from gateway.auth import bind_problems
from gateway.cards import Cards
from gateway.door import Probes, build_door
from gateway.http import App, Receive, Scope, Send, say
from gateway.intake import Intake
from gateway.metrics import Sample
from gateway.storewatch import StoreWatch
from graph.calls import dated
from policies.privacy import mask_phone
from store.model_calls import SqlSpending
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


class Front:
    """What requests reach; `settled` says whether nothing is left to do, for the sandbox's scripts.

    `ended` names what has stopped working behind it, for /readyz.

    Raises BadInput when a secret is missing that its address needs.
    """

    def __init__(
        self,
        wired: Wired,
        door: socket.socket,
        outside: Outside,
        intake: Intake,
        settled: Callable[[], Awaitable[bool]],
        frame_ancestors: Sequence[str],
        ended: Callable[[], Sequence[str]] = tuple,
    ) -> None:
        secrets = secrets_of(wired.settings)
        problems = bind_problems(door.getsockname()[0], secrets)
        missing = [name for name, value in secrets.items() if not value and name != "LOKET_AUDIT_SALT"]
        if problems or missing:
            raise BadInput("\n".join(problems) or f"not set in the environment: {', '.join(missing)}")
        self._wired = wired
        self._socket = door
        self._outside = outside
        self._intake = intake
        self._settled = settled
        self._frame_ancestors = frame_ancestors
        self._ended = ended
        self._store = StoreWatch(wired.journal, Cards(wired.journal), wired.desk, wired.clock)
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
            f"whatsapp/{n.account}": (self._outside.whatsapp, n.account)
            for n in self._wired.desk_config.numbers
        }
        door = build_door(
            self._wired.journal,
            accounts,
            self._intake.received,
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

    async def stop(self) -> None:
        """Take no more requests and finish those in hand."""
        self._ready = False
        await self._outside.telegram.stop()
        if self._server is not None and self._running is not None:
            self._server.should_exit = True
            await self._running
        await self._intake.stop()

    async def settled(self) -> bool:
        """Say whether nothing is left to do."""
        return not self._intake.busy() and await self._settled()

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
                done = await self.settled()
                await say(send, 200 if done else 425, "settled" if done else "busy")
                return
            await pages(scope, receive, send)

        return beyond

    async def _problems(self) -> Sequence[str]:
        if not self._ready:
            return ("starting",)
        await self._store.try_again()
        return (*self._store.problems(), *self._ended())

    async def _samples(self) -> Sequence[Sample]:
        stats = self._wired.database.stats
        return (
            Sample("loket_store_commits_total", stats.commits, "Write transactions.", "counter"),
            Sample("loket_store_submissions_total", stats.submissions, "Writes asked for.", "counter"),
            Sample("loket_store_refused_total", stats.refused, "Faults of the database.", "counter"),
            *self._spent_today(),
        )

    def _spent_today(self) -> list[Sample]:
        rules = self._wired.desk.rules
        day = dated(rules, self._wired.clock.now())["day"]
        found = []
        for row in SqlSpending(self._wired.database).totals(rules.desk, day):
            labels = {name: str(row[name]) for name in ("task", "model", "outcome")}
            tokens = int(row["input_tokens"]) + int(row["output_tokens"])
            found += [
                Sample("loket_model_calls_today", int(row["calls"]), "Calls of models today.", labels=labels),
                Sample("loket_model_tokens_today", tokens, "Tokens in and out today.", labels=labels),
                Sample("loket_model_rupiah_today", int(row["cost"]) / MICRO, "Spent today.", labels=labels),
            ]
        return found
