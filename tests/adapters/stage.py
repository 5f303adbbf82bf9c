"""The running sandbox as these tests handle it, and settings that fit it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from adapters.whatsapp import WhatsAppSettings
from sandbox.clock import SharedClock

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
BOT_TOKEN = "7001:sandbox-bot-token"
LANES = {"ops": -1001, "coach": -1002, "incident": -1003}
COACH = 501
STRANGER = 999


@dataclass(frozen=True)
class Stage:
    """The running sandbox and its control address."""

    url: str
    http: httpx.AsyncClient
    clock: SharedClock
    state_dir: Path

    async def do(self, path: str, **body: Any) -> dict[str, Any]:
        """Post to the control address."""
        answer = await self.http.post(f"/sandbox/{path}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def look(self, path: str) -> dict[str, Any]:
        """Get from the control address."""
        answer = await self.http.get(f"/sandbox/{path}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def receipts(self, kind: str) -> list[dict[str, Any]]:
        """Everything of one kind that the sandbox took down so far."""
        answer = await self.http.get("/sandbox/events", params={"after": 0, "wait": 0})
        return [event for event in answer.json()["events"] if event["kind"] == kind]

    async def until(self, kind: str, most: float = 10.0) -> dict[str, Any]:
        """Wait for the first receipt of a kind."""
        after = 0
        while True:
            answer = await self.http.get("/sandbox/events", params={"after": after, "wait": most})
            told = answer.json()
            found = [event for event in told["events"] if event["kind"] == kind]
            if found:
                return found[0]
            assert told["events"], f"no {kind} within {most} s"
            after = told["last"]


def whatsapp_settings(url: str, **changes: Any) -> WhatsAppSettings:
    """Settings that fit the sandbox's account."""
    values = {
        "base_url": url,
        "access_token": "access-token",
        "app_secret": "app-secret",
        "verify_token": "verify-token",
        "numbers": {"school": "55501"},
        "timeout_seconds": 5.0,
        **changes,
    }
    return WhatsAppSettings(**values)
