"""The systems of record the server reads beside the networks: here they only answer, or fail to."""

import asyncio

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.faults import Faults, under

IN_SERVER = ("schedule", "payments", "knowledge", "model")
OUTSIDE = ("telegram", "whatsapp", "notion", "embeddings")


class SourceErrors:
    """Refusals as plain as can be."""

    def unavailable(self, status: int) -> Response:
        """The source is down (503) or broken (500)."""
        return JSONResponse({"error": "unavailable"}, status)

    def too_many(self, seconds: float | None) -> Response:
        """Asked too often."""
        wait = 1 if seconds is None else max(1, int(seconds))
        return JSONResponse({"error": "too many"}, 429, headers={"Retry-After": str(wait)})

    def refused(self, code: int) -> Response:
        """Any error by its number."""
        return JSONResponse({"error": code}, 400)


class Sources:
    """`/sources/<name>`: the way to each system of record."""

    def __init__(self, faults: Faults, stopping: asyncio.Event) -> None:
        self._faults = faults
        self._stopping = stopping

    def routes(self) -> list[Route]:
        """To be mounted at the root."""
        return [Route("/sources/{name}", self._answer, methods=["GET"])]

    async def _answer(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in IN_SERVER:
            return Response(status_code=404)

        async def effect() -> Response:
            return JSONResponse({"name": name, "up": True})

        return await under(self._faults.take(name, "read"), SourceErrors(), effect, self._stopping)
