"""Control of the Telegram side: what people in the groups press and write."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.control import Asked, Json, getting, posting
from sandbox.parts import Sandbox


class Press(Asked):
    """A press on a button of one message, named by its id or by words in it (the latest with buttons)."""

    chat: str
    user_id: int
    button: str
    message_id: int | None = None
    match: str | None = None
    name: str | None = None


class Say(Asked):
    """Words in a group, as a reply or not; `match` finds the message replied to by words in it."""

    chat: str
    user_id: int
    text: str
    reply_to: int | None = None
    match: str | None = None
    name: str | None = None


def routes(sandbox: Sandbox) -> list[Route]:
    """Under /sandbox/telegram."""
    telegram = sandbox.telegram

    async def press(asked: Press) -> Json:
        message_id = asked.message_id or telegram.find(asked.chat, asked.match or "")
        query = telegram.press(asked.chat, asked.user_id, message_id, asked.button, asked.name)
        return {"query": query, "message_id": message_id, "seq": sandbox.receipts.last}

    async def say(asked: Say) -> Json:
        reply_to = asked.reply_to
        if reply_to is None and asked.match is not None:
            reply_to = telegram.find(asked.chat, asked.match)
        message_id, seen = telegram.say(asked.chat, asked.user_id, asked.text, reply_to, asked.name)
        return {"message_id": message_id, "seen_by_bot": seen, "seq": sandbox.receipts.last}

    async def chat(request: Request) -> Json:
        return telegram.show(request.path_params["lane"])

    async def file(request: Request) -> Response:
        found = telegram.files.get(request.path_params["number"])
        if found is None:
            return Response("there is no such file", status_code=404)
        mime, content = found
        # Shown as what it claims to be and nothing else: a customer's file is never run on the page.
        headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"}
        return Response(content, media_type=mime, headers=headers)

    return [
        Route("/sandbox/telegram/file/{number:int}", file),
        posting("/sandbox/telegram/press", Press, press),
        posting("/sandbox/telegram/say", Say, say),
        getting("/sandbox/telegram/chat/{lane}", chat),
    ]
