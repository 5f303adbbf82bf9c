"""Control of the emulated model: its mood, and what it has been asked."""

from starlette.requests import Request
from starlette.routing import Route

from sandbox.control import Json, getting, posting
from sandbox.model import Temper
from sandbox.parts import Sandbox


def routes(sandbox: Sandbox) -> list[Route]:
    """Mood and counts."""
    control = ModelControl(sandbox)
    return [
        posting("/sandbox/model", Temper, control.become),
        getting("/sandbox/model", control.look),
    ]


class ModelControl:
    """What can be set and seen of the model."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def become(self, asked: Temper) -> Json:
        """Set its mood; what is left out goes back to its default."""
        self._sandbox.model.become(asked)
        self._sandbox.receipts.write("model.mood", mood=asked.mood, slip=asked.slip)
        return asked.model_dump()

    async def look(self, _: Request) -> Json:
        """Its mood, and the tokens of every call the receipts remember."""
        calls = [r for r in self._sandbox.receipts.after(0) if r["kind"] == "model.call"]
        counts = ("input_tokens", "cached_tokens", "output_tokens")
        return {
            **self._sandbox.model.temper.model_dump(),
            "calls": len(calls),
            **{name: sum(call[name] for call in calls) for name in counts},
        }
