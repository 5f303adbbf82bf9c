"""How a control request is read and answered."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.telegram_content import BadRequest

Json = dict[str, Any]


class Asked(BaseModel):
    """The body of a control request; a misspelt field is an error, not a silence."""

    model_config = ConfigDict(extra="forbid")


A = TypeVar("A", bound=BaseModel)


def posting(path: str, model: type[A], act: Callable[[A], Awaitable[Json]]) -> Route:
    """A route that takes a `model` as JSON; what cannot be done is answered 400 with `error`."""

    async def endpoint(request: Request) -> Response:
        try:
            return JSONResponse(await act(model.model_validate_json(await request.body() or b"{}")))
        except ValidationError as wrong:
            return JSONResponse({"error": str(wrong)}, status_code=422)
        except (LookupError, ValueError, BadRequest) as wrong:
            return JSONResponse({"error": str(wrong)}, status_code=400)

    return Route(path, endpoint, methods=["POST"])


def getting(path: str, act: Callable[[Request], Awaitable[Json]]) -> Route:
    """A route that only looks."""

    async def endpoint(request: Request) -> Response:
        try:
            return JSONResponse(await act(request))
        except (LookupError, ValueError, BadRequest) as wrong:
            return JSONResponse({"error": str(wrong)}, status_code=404)

    return Route(path, endpoint, methods=["GET"])
