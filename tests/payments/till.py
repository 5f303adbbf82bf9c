"""The till as these tests handle it."""

from dataclasses import dataclass
from typing import Any

import httpx

from app.play_world import World
from app.script_steps import Step
from app.stage import Stage

# Budi's open bill among the sample records.
BILL, AMOUNT = "INV-2026-1117-001", 1_400_000


@dataclass
class Till:
    """A school that is paid online, and Budi at his phone."""

    stage: Stage
    world: World
    http: httpx.AsyncClient

    async def does(self, **step: Any) -> None:
        """Play one step of a script, and let everything that follows from it happen."""
        await self.world.act(Step.model_validate(step))

    async def heard(self) -> list[str]:
        """Return what Budi was told, in order."""
        return [m["text"] for m in await self.world.chat("ct_budi") if m["from"] == "business"]

    async def control(self, path: str, **body: Any) -> Any:
        """Ask something of the sandbox."""
        answer = await self.http.post(f"{self.stage.sandbox.url}/sandbox/{path}", json=body)
        assert answer.is_success, answer.text
        return answer.json()

    async def payments(self) -> list[dict[str, Any]]:
        """Return what the provider was asked for, the oldest first."""
        answer = await self.http.get(f"{self.stage.sandbox.url}/sandbox/payments")
        found: list[dict[str, Any]] = answer.json()["payments"]
        return found

    def rows(self, sql: str, *values: Any) -> list[Any]:
        """Read the server's database."""
        return [tuple(dict(row).values()) for row in self.stage.wired.database.read(sql, values)]

    def bill(self, number: str = BILL) -> tuple[str, str, str]:
        """Return status, payment state and source of an invoice."""
        (row,) = self.rows(
            "SELECT status, payment_state, payment_source FROM invoices WHERE number = ?", number
        )
        return row
