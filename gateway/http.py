"""The little of HTTP the door needs, straight on ASGI."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

TEXT = b"text/plain; charset=utf-8"


class BodyTooLarge(Exception):
    """The request's body is larger than this address takes."""


class ClientGone(Exception):
    """The client hung up before its body was complete."""


def headers_of(scope: Scope) -> dict[str, str]:
    """Collect the request's headers under their lower-case names."""
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}


async def body_of(headers: dict[str, str], receive: Receive, most: int) -> bytes:
    """Read a whole body; raises BodyTooLarge as soon as it is known to be, and ClientGone."""
    announced = headers.get("content-length", "")
    if announced.isdigit() and (len(announced) > 15 or int(announced) > most):
        raise BodyTooLarge
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        part = message.get("body", b"")
        size += len(part)
        if size > most:
            raise BodyTooLarge
        parts.append(part)
        if not message.get("more_body", False):
            return parts[0] if len(parts) == 1 else b"".join(parts)


async def answer(send: Send, status: int, body: bytes = b"", content_type: bytes = TEXT) -> None:
    """Send a whole response."""
    headers = [(b"content-length", b"%d" % len(body))]
    if body:
        headers += [(b"content-type", content_type), (b"x-content-type-options", b"nosniff")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def say(send: Send, status: int, words: str) -> None:
    """Send a short text."""
    await answer(send, status, f"{words}\n".encode())
