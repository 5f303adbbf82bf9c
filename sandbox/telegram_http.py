"""The emulated Bot API over HTTP."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.faults import Faults, under
from sandbox.media import read_multipart
from sandbox.receipts import ReceiptLog
from sandbox.telegram import Telegram
from sandbox.telegram_content import BadRequest, FloodWait
from sandbox.telegram_updates import Superseded

Files = Mapping[str, tuple[str, bytes]]
LONGEST_POLL_SECONDS = 50.0


class BotErrors:
    """Refusals in the Bot API's own shape."""

    def unavailable(self, status: int) -> Response:
        """The service is down (503) or broken (500)."""
        return _failed(status, "Service Unavailable" if status == 503 else "Internal Server Error")

    def too_many(self, seconds: float | None) -> Response:
        """Flood control, with the seconds to wait."""
        wait = 5 if seconds is None else max(1, int(seconds))
        return _failed(429, f"Too Many Requests: retry after {wait}", {"retry_after": wait})

    def refused(self, code: int) -> Response:
        """Any error by its HTTP number."""
        return _failed(code, "An error asked for by the sandbox")


class BotApi:
    """The methods of the Bot API that a bot in a few groups uses."""

    def __init__(
        self, telegram: Telegram, faults: Faults, receipts: ReceiptLog, stopping: asyncio.Event
    ) -> None:
        self._telegram = telegram
        self._faults = faults
        self._receipts = receipts
        self._stopping = stopping

    def routes(self) -> list[Route]:
        """To be mounted at the root; the base URL for a client is `<sandbox>/telegram/bot`."""
        return [Route("/telegram/bot{token}/{method}", self._call, methods=["GET", "POST"])]

    async def _call(self, request: Request) -> Response:
        data, files = await _parameters(request)
        method = request.path_params["method"]
        polling = method.lower() == "getupdates"
        fault = self._faults.take("telegram", method, usual=not polling)

        async def effect() -> Response:
            if request.path_params["token"] != self._telegram.account.bot_token:
                return _failed(401, "Unauthorized")
            try:
                return JSONResponse({"ok": True, "result": await self._perform(method.lower(), data, files)})
            except BadRequest as refused:
                self._receipts.write("telegram.refused", method=method, details=str(refused))
                return _failed(400, str(refused))
            except FloodWait as flood:
                self._receipts.write("telegram.refused", method=method, details=str(flood))
                return BotErrors().too_many(flood.seconds)
            except Superseded:
                return _failed(409, "Conflict: terminated by other getUpdates request")
            except LookupError:
                return _failed(404, "Not Found")
            except ValueError as wrong:
                return _failed(400, f"Bad Request: {wrong}")

        return await under(fault, BotErrors(), effect, self._stopping)

    async def _perform(self, method: str, data: Mapping[str, Any], files: Files) -> Any:
        telegram, updates = self._telegram, self._telegram.updates
        match method:
            case "getme":
                flags = {"can_join_groups": True, "can_read_all_group_messages": False}
                return {**telegram.bot, **flags, "supports_inline_queries": False}
            case "getupdates":
                if updates.webhook_url:
                    raise Superseded
                seconds = min(float(data.get("timeout", 0)), LONGEST_POLL_SECONDS)
                return await updates.poll(int(data.get("offset", 0)), int(data.get("limit", 100)), seconds)
            case "setwebhook" | "deletewebhook":
                url = str(data.get("url", "")) if method == "setwebhook" else ""
                drop = str(data.get("drop_pending_updates", "")).lower() == "true"
                updates.set_webhook(url, data.get("secret_token"), drop)
                return True
            case "getwebhookinfo":
                pending = {"pending_update_count": updates.pending}
                return {"url": updates.webhook_url, "has_custom_certificate": False, **pending}
            case "sendmessage":
                return telegram.send(data)
            case "sendphoto" | "sendvoice" | "senddocument":
                return telegram.send_file(method.removeprefix("send"), data, files)
            case "editmessagetext" | "editmessagereplymarkup":
                return telegram.edit(data, text_too=method == "editmessagetext")
            case "answercallbackquery":
                return telegram.answer(data)
            case "getchat":
                return telegram.about(telegram.group(str(data.get("chat_id", ""))))
            case _:
                raise LookupError(method)


async def _parameters(request: Request) -> tuple[dict[str, Any], Files]:
    body, kind = await request.body(), request.headers.get("content-type", "")
    data: dict[str, Any] = dict(request.query_params)
    if kind.startswith("application/json"):
        data.update(json.loads(body or b"{}"))
    elif kind.startswith("multipart/form-data"):
        parts = read_multipart(kind, body)
        # A part with a media type of its own is a file; everything else is a plain field.
        files = {name: part for name, part in parts.items() if part[0] != "text/plain"}
        data.update({name: part[1].decode() for name, part in parts.items() if name not in files})
        return data, files
    else:
        data.update(parse_qsl(body.decode(), keep_blank_values=True))
    return data, {}


def _failed(status: int, description: str, parameters: dict[str, Any] | None = None) -> Response:
    told: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    if parameters:
        told["parameters"] = parameters
    return JSONResponse(told, status_code=status)
