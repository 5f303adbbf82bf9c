"""A provider that says yes to everything at once, so that only our own work is measured."""

import asyncio
import json
from itertools import count
from typing import Any


class Provider:
    """WhatsApp and Telegram in one, over HTTP with connections kept open."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._server: asyncio.Server | None = None
        self.url = ""

    async def start(self) -> None:
        """Listen on a free port."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        host, port = self._server.sockets[0].getsockname()[:2]
        self.url = f"http://{host}:{port}"

    async def stop(self) -> None:
        """Hang up."""
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await self._head(reader):
            length = next(
                (int(h.split(b":")[1]) for h in head if h.lower().startswith(b"content-length:")), 0
            )
            await reader.readexactly(length)
            body = json.dumps(self._answer(head[0].split()[1].decode())).encode()
            writer.write(
                b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%b"
                % (len(body), body)
            )
            await writer.drain()
        writer.close()

    def _answer(self, path: str) -> dict[str, Any]:
        """Answer a send, a post, or the question whether we are still there."""
        asked = path.partition("?")[0].rpartition("/")[2]
        number = next(self._numbers)
        result: dict[str, Any] = {"message_id": number, "date": 0, "chat": {"id": 1, "type": "group"}}
        if asked == "getMe":
            result = {"id": number, "is_bot": True, "first_name": "Bench"}
        return {"id": asked, "messages": [{"id": f"wamid.{number}"}], "ok": True, "result": result}

    async def _head(self, reader: asyncio.StreamReader) -> list[bytes]:
        try:
            return (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
        except (asyncio.IncompleteReadError, ConnectionResetError):
            return []
