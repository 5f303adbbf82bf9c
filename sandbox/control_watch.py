"""Control for those who watch: events as they come, the state of things, who is who."""

import httpx
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.control import Asked, Json, getting, posting
from sandbox.control_world import clock_of, out_of_order
from sandbox.parts import Sandbox
from sandbox.settings import Persona
from sandbox.sources import IN_SERVER, OUTSIDE

LONGEST_WAIT_SECONDS = 55.0


class Wiring(Asked):
    """Where the server is, for when it starts after the sandbox."""

    callback_url: str | None = None
    console_url: str | None = None


def routes(sandbox: Sandbox) -> list[Route]:
    """Events, state, people and wiring."""
    watch = WatchControl(sandbox)
    return [
        posting("/sandbox/wiring", Wiring, watch.wire),
        getting("/sandbox/state", watch.state),
        getting("/sandbox/server", watch.server),
        getting("/sandbox/incidents", watch.incidents),
        getting("/sandbox/events", watch.events),
        getting("/sandbox/people", watch.people),
        posting("/sandbox/people", Persona, watch.welcome),
        Route("/sandbox/media/{media_id}", watch.media, methods=["GET"]),
    ]


class WatchControl:
    """What can be looked at."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def wire(self, asked: Wiring) -> Json:
        """Tell the sandbox where the server is."""
        if asked.callback_url is not None:
            self._sandbox.hooks.callback_url = asked.callback_url
        if asked.console_url is not None:
            self._sandbox.console_url = asked.console_url
        return {"callback_url": self._sandbox.hooks.callback_url, "console_url": self._sandbox.console_url}

    async def state(self, _: Request) -> Json:
        """Everything the page needs to draw its controls."""
        return {
            "clock": clock_of(self._sandbox),
            "business": self._sandbox.settings.wa.business_name,
            "timezone": self._sandbox.settings.timezone,
            "faults": [fault.model_dump() for fault in self._sandbox.faults.active],
            "down": out_of_order(self._sandbox),
            "dependencies": [name for name in (*IN_SERVER, *OUTSIDE) if self._used(name)],
            "limits": self._sandbox.limits.model_dump(),
            "lanes": list(self._sandbox.settings.telegram.lanes),
            "beside": [
                {
                    "key": other.key,
                    "business": other.wa.business_name,
                    "timezone": other.timezone,
                    "lanes": [f"{lane}@{other.key}" for lane in other.lanes],
                }
                for other in self._sandbox.settings.beside
            ],
            "pending_webhooks": self._sandbox.delivery.pending,
            "held_webhooks": self._sandbox.hooks.held,
            "unacknowledged_updates": self._sandbox.telegram.updates.pending,
            "console_url": self._sandbox.console_url,
            "seq": self._sandbox.receipts.last,
        }

    def _used(self, name: str) -> bool:
        """Say whether the desk has it: Notion where something of it lies there, embeddings once they were asked for."""
        notion = bool(self._sandbox.notion.pages or self._sandbox.settings.notion.tables)
        there = {"notion": notion, "embeddings": self._sandbox.embeddings.asked}
        return there.get(name, True)

    async def server(self, _: Request) -> Json:
        """Whether the server answers."""
        if self._sandbox.hooks.callback_url is None:
            return {"up": False, "why": "the sandbox has not been told where the server is"}
        try:
            health = httpx.URL(self._sandbox.hooks.callback_url).join("/healthz")
            answer = await self._sandbox.client.get(health, timeout=2.0)
        except httpx.TransportError as error:
            return {"up": False, "why": type(error).__name__}
        return {"up": answer.is_success, "why": str(answer.status_code)}

    async def incidents(self, _: Request) -> Json:
        """What the server itself says is down, at every business; nothing while it does not answer."""
        settings = self._sandbox.settings
        paths = {"/console/api/incidents": settings.wa.business_name if settings.beside else ""}
        paths |= {f"/console/of/{one.key}/api/incidents": one.wa.business_name for one in settings.beside}
        told = [await self._told(path, business) for path, business in paths.items()]
        return {"incidents": [incident for one in told for incident in one]}

    async def _told(self, path: str, business: str) -> list[Json]:
        if self._sandbox.console_url is None:
            return []
        try:
            answer = await self._sandbox.client.get(
                httpx.URL(self._sandbox.console_url).join(path), timeout=2.0
            )
            found = answer.json()["incidents"] if answer.is_success else []
        except (httpx.TransportError, ValueError):
            return []
        return [{**incident, "business": business} for incident in found]

    async def events(self, request: Request) -> Json:
        """The receipts after a number, waiting for the first."""
        after = int(request.query_params.get("after", "0"))
        seconds = min(float(request.query_params.get("wait", "25")), LONGEST_WAIT_SECONDS)
        found = await self._sandbox.receipts.wait_after(after, seconds)
        return {
            "events": found,
            "last": self._sandbox.receipts.last,
            "pending_webhooks": self._sandbox.delivery.pending,
        }

    async def people(self, request: Request) -> Json:
        """Sample customers and staff of a business."""
        key = request.query_params.get("business", "")
        personas = [persona.model_dump() for persona in self._sandbox.number(key).people.personas]
        settings = self._sandbox.settings
        staff = next((one.staff for one in settings.beside if one.key == key), settings.staff)
        return {"personas": personas, "staff": [member.model_dump() for member in staff]}

    async def welcome(self, asked: Persona) -> Json:
        """Let one more sample customer in."""
        self._sandbox.people.add(asked)
        return {"key": asked.key}

    async def media(self, request: Request) -> Response:
        """A file, for the page to show."""
        stored = self._sandbox.whatsapp.media.get(request.path_params["media_id"])
        return Response(stored.data, media_type=stored.mime_type) if stored else Response(status_code=404)
