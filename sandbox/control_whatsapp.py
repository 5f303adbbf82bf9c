"""Control of the WhatsApp side: what customers send, and how webhooks travel."""

import base64
from typing import Annotated, Literal

from pydantic import ConfigDict, Field
from starlette.requests import Request
from starlette.routing import Route

from sandbox.control import Asked, Json, getting, posting
from sandbox.parts import Sandbox
from sandbox.whatsapp_hooks import Weather


class Send(Asked):
    """A customer's message; beside these, the fields its kind needs (text, caption, title, emoji ...)."""

    model_config = ConfigDict(extra="allow")

    sender: Annotated[str, Field(alias="from")]
    kind: str = "text"
    name: str | None = None
    business: str = ""
    times: int = Field(default=1, ge=1, le=50)
    data_base64: str | None = None


class Speak(Asked):
    """What a person of the business writes to a customer from its own phone."""

    to: str
    text: str
    business: str = ""


class Hooks(Asked):
    """Hold webhooks back, or release those held."""

    hold: bool
    batch: int = Field(default=1, ge=1)
    times: int = Field(default=1, ge=1)
    shuffle: int | None = None


class Travel(Asked):
    """How webhooks travel from now on: up to `repeats` copies of each, each up to `seconds` late, by a seed."""

    repeats: int = Field(default=1, ge=1, le=10)
    seconds: float = Field(default=0.0, ge=0)
    seed: int = 0


class Status(Asked):
    """A delivery report to send, once more or out of turn."""

    id: str
    state: Literal["sent", "delivered", "read", "failed"]
    code: int | None = None


class Trouble(Asked):
    """An error webhook that comes alone."""

    code: int


class Nothing(Asked):
    """No parameters."""


def routes(sandbox: Sandbox) -> list[Route]:
    """Under /sandbox/whatsapp."""
    whatsapp = sandbox.whatsapp

    async def send(asked: Send) -> Json:
        number = sandbox.number(asked.business)
        customer = number.people.find(asked.sender, asked.name)
        said = {"kind": asked.kind, **(asked.model_extra or {})}
        if asked.data_base64 is not None:
            said["data"] = base64.b64decode(asked.data_base64)
        return {
            "id": number.say(customer, said, asked.times),
            "chat": customer.key,
            "seq": sandbox.receipts.last,
        }

    async def speak(asked: Speak) -> Json:
        number = sandbox.number(asked.business)
        customer = number.people.find(asked.to)
        said = number.speak(customer, asked.text)
        return {"id": said, "chat": customer.key, "seq": sandbox.receipts.last}

    async def chat(request: Request) -> Json:
        number = sandbox.number(request.query_params.get("business", ""))
        return number.show(number.people.find(request.path_params["who"]))

    async def hooks(asked: Hooks) -> Json:
        if asked.hold:
            sandbox.hooks.holding = True
            return {"held": sandbox.hooks.held}
        return {"released": sandbox.hooks.release(asked.batch, asked.times, asked.shuffle)}

    async def weather(asked: Travel) -> Json:
        sandbox.hooks.change(Weather(**asked.model_dump()))
        return asked.model_dump()

    async def status(asked: Status) -> Json:
        whatsapp.report(asked.id, asked.state, asked.code)
        return {"seq": sandbox.receipts.last}

    async def trouble(asked: Trouble) -> Json:
        whatsapp.announce_error(asked.code)
        return {"seq": sandbox.receipts.last}

    async def verify(_: Nothing) -> Json:
        answered, echoed = await sandbox.hooks.verify()
        return {"status": answered, "challenge_echoed": echoed}

    return [
        posting("/sandbox/whatsapp/send", Send, send),
        posting("/sandbox/whatsapp/speak", Speak, speak),
        getting("/sandbox/whatsapp/chat/{who}", chat),
        posting("/sandbox/whatsapp/webhooks", Hooks, hooks),
        posting("/sandbox/whatsapp/weather", Travel, weather),
        posting("/sandbox/whatsapp/status", Status, status),
        posting("/sandbox/whatsapp/error", Trouble, trouble),
        posting("/sandbox/whatsapp/verify", Nothing, verify),
    ]
