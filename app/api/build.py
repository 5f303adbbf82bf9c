"""The gateway API put together."""

from collections.abc import Awaitable, Callable, Sequence

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import JSONResponse, Response

from app.api import contacts, invoices, knowledge, messages, orders, payments, products, schedule
from app.api.access import Caller, KeyRing, write_down
from casefile.errors import BadInput, LoketError, StoreDown
from gateway.http import App

log = structlog.get_logger(__name__)
BODY_BYTES = 64 * 1024
WITH_BODY = frozenset({"POST", "PATCH", "PUT"})


def build_api(callers: Sequence[Caller]) -> App:
    """Return the API for these keys, to be mounted under `/api`; its description is at /api/openapi.json."""
    app = FastAPI(
        title="Loket",
        summary="The gateway API of a Loket deployment: a key opens one desk's data.",
        version="1",
        openapi_url="/openapi.json",
        docs_url=None,
        redoc_url=None,
        servers=[{"url": "/api"}],
        root_path_in_servers=False,
        redirect_slashes=False,
    )
    app.state.ring = KeyRing(callers)
    for part in (contacts, products, orders, invoices, payments, schedule, knowledge, messages):
        app.include_router(part.router)
    app.add_exception_handler(LoketError, _refused)
    app.add_exception_handler(RequestValidationError, _misfit)
    app.middleware("http")(_documented)
    return app


async def _documented(request: Request, call: Callable[[Request], Awaitable[Response]]) -> Response:
    """Take no body that is too long, and write down who asked for what."""
    told = request.headers.get("content-length", "")
    if request.method in WITH_BODY and not (told.isdigit() and int(told) <= BODY_BYTES):
        return JSONResponse({"detail": f"a body has a content-length, of at most {BODY_BYTES} bytes"}, 413)
    answer = await call(request)
    try:
        await write_down(request, answer.status_code)
    except StoreDown as error:
        # What cannot be documented is not told.
        log.error("api_not_documented", why=str(error))
        return JSONResponse({"detail": "the store takes nothing now; try again"}, 503)
    return answer


async def _refused(request: Request, error: Exception) -> Response:
    if isinstance(error, BadInput):
        return JSONResponse({"detail": str(error)}, 422)
    log.error("api_failed", path=request.url.path, error=type(error).__name__, exc_info=error)
    return JSONResponse({"detail": "not possible now; try again"}, 503)


async def _misfit(request: Request, error: Exception) -> Response:
    """Say what does not fit and where; what was sent is not repeated, for it may be nothing JSON can hold."""
    problems = error.errors() if isinstance(error, RequestValidationError) else ()
    told = [
        {"loc": [str(part) for part in one["loc"]], "msg": one["msg"], "type": one["type"]}
        for one in problems
    ]
    return JSONResponse({"detail": told}, 422)
