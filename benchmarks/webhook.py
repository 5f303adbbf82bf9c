"""Webhooks acknowledged over 64 connections: ours, FastAPI on h11, and our door without a database."""

import asyncio
import hashlib
import hmac
import json
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from app.settings import ROOT
from benchmarks.desk import scratch
from benchmarks.report import Line, median, quantile
from benchmarks.webhook_servers import NUMBER_ID, OURS_PATH, SECRET

CONNECTIONS, EACH = 64, 12
KINDS = ("ours", "fastapi", "nothing")


@dataclass(slots=True)
class Driven:
    """One server and what it answered."""

    kind: str
    process: subprocess.Popen[str]
    port: int
    per_second: list[float] = field(default_factory=list)
    p99_ms: list[float] = field(default_factory=list)


async def measure(rounds: int) -> list[Line]:
    """Drive the three servers in turn."""
    folder = scratch()
    servers = [_start(kind, folder) for kind in KINDS]
    sent = 0
    try:
        for number in range(rounds + 1):
            for server in servers:
                took, waits = await _drive(server.port, sent)
                sent += CONNECTIONS * EACH
                # The first round only warms up.
                if number:
                    server.per_second.append(len(waits) / took)
                    server.p99_ms.append(quantile(waits, 0.99) * 1000)
    finally:
        for server in servers:
            server.process.terminate()
            server.process.wait()
        shutil.rmtree(folder)
    ours, fastapi, nothing = servers
    second, second_fastapi = median(ours.per_second), median(fastapi.per_second)
    return [
        Line(
            "webhooks acknowledged, FastAPI on h11",
            second,
            "/s",
            3.3,
            at_most=False,
            compared="ratio",
            peer=second_fastapi,
            peer_name="/s",
            note="the client is Python on the same cores, which flatters the slower server",
        ),
        Line(
            "  p99 of the same",
            median(ours.p99_ms),
            "ms",
            0.30,
            compared="ratio",
            peer=median(fastapi.p99_ms),
            peer_name="ms",
        ),
        Line(
            "  against no database at all",
            second,
            "/s",
            0.6,
            at_most=False,
            compared="ratio",
            peer=median(nothing.per_second),
            peer_name="/s",
        ),
    ]


def _start(kind: str, folder: Path) -> Driven:
    process = subprocess.Popen(
        (sys.executable, "-m", "benchmarks.webhook_servers", kind, str(folder)),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    return Driven(kind, process, int(process.stdout.readline()))


async def _drive(port: int, first: int) -> tuple[float, list[float]]:
    waits: list[float] = []

    async def connection(number: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for count in range(EACH):
            request = _request(f"{first}.{number}.{count}", number)
            began = time.perf_counter()
            writer.write(request)
            status = await _answered(reader)
            if status != 200:
                raise AssertionError(f"the server on {port} answered {status}")
            waits.append(time.perf_counter() - began)
        writer.close()
        await writer.wait_closed()

    began = time.perf_counter()
    await asyncio.gather(*(connection(number) for number in range(CONNECTIONS)))
    return time.perf_counter() - began, waits


async def _answered(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(
        int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")
    )
    await reader.readexactly(length)
    return int(head[9:12])


def _request(message_id: str, number: int) -> bytes:
    sender = f"62819{number:08d}"
    value = {
        "metadata": {"phone_number_id": NUMBER_ID},
        "contacts": [{"profile": {"name": "Rina"}, "wa_id": sender}],
        "messages": [
            {
                "from": sender,
                "id": f"wamid.{message_id}",
                "timestamp": "1795230000",
                "type": "text",
                "text": {"body": "kapan jadwal les berikutnya?"},
            }
        ],
    }
    body = json.dumps(
        {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [{"value": value}]}]}
    ).encode()
    signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    head = (
        f"POST {OURS_PATH} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
        f"X-Hub-Signature-256: sha256={signature}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
