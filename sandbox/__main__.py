"""`python -m sandbox`: a sandbox in a process of its own."""

import argparse
import asyncio
import json
import signal
import sys
from pathlib import Path

from sandbox.clock import SharedClock
from sandbox.server import SandboxServer
from sandbox.settings import SandboxSettings


def main() -> None:
    """Serve until told to stop; the first line printed is JSON with the address."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--log", type=Path, required=True, help="the receipts, one JSON line each")
    parser.add_argument(
        "--state", type=Path, required=True, help="folder for clock.json and dependencies.json"
    )
    parser.add_argument("--settings", type=Path, required=True, help="accounts and people, as JSON")
    asked = parser.parse_args()
    told = json.loads(asked.settings.read_text(encoding="utf-8"))
    settings = SandboxSettings.model_validate({**told, "receipts": asked.log, "state_dir": asked.state})
    asyncio.run(_serve(settings, asked.host, asked.port))


async def _serve(settings: SandboxSettings, host: str, port: int) -> None:
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    server = SandboxServer(settings, SharedClock(settings.state_dir / "clock.json"), host, port)
    await server.start()
    sys.stdout.write(json.dumps({"url": server.url}) + "\n")
    sys.stdout.flush()
    await stopping.wait()
    await server.stop()


if __name__ == "__main__":
    main()
