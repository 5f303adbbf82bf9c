"""Control of the Notion side: what its people change there, and how its webhooks travel."""

from typing import Any, Literal

from pydantic import Field
from starlette.requests import Request
from starlette.routing import Route

from sandbox import control_notion_rows
from sandbox.control import Asked, Json, getting, posting
from sandbox.notion_objects import minute, rich_text, words_of
from sandbox.parts import Sandbox


class Edit(Asked):
    """A change of one page, found by topic and language; `text` (or Notion's own `blocks`) replaces all it holds.

    Properties are given in plain words, null empties one, a mapping is taken as Notion's own JSON.
    """

    topic: str
    language: Literal["id", "en"] = "id"
    create: bool = False
    properties: dict[str, Any] = {}
    text: str | None = None
    blocks: list[Json] | None = None
    trash: bool | None = None


class Subscription(Asked):
    """Subscribe an address, tell its token back, lose the next events, hold them back or release those held."""

    subscribe: str | None = None
    confirm: str | None = None
    lose: int = Field(default=0, ge=0)
    hold: bool | None = None
    times: int = Field(default=1, ge=1)
    shuffle: int | None = None


def routes(sandbox: Sandbox) -> list[Route]:
    """Under /sandbox/notion."""
    notion, hooks = sandbox.notion, sandbox.notion_hooks

    async def pages(_: Request) -> Json:
        shown = [
            {
                "id": page.id,
                "trashed": page.trashed,
                "edited": minute(page.edited),
                **{name: words_of(value) for name, value in page.properties.items()},
            }
            for page in notion.pages.values()
        ]
        return {"pages": shown}

    async def edit(asked: Edit) -> Json:
        blocks = asked.blocks
        if asked.text is not None:
            blocks = [
                {"type": "paragraph", "paragraph": {"rich_text": rich_text(text)}}
                for text in asked.text.split("\n\n")
            ]
        if asked.create:
            named = {"Topic": asked.topic, "Language": asked.language, **asked.properties}
            return {"id": notion.create(named, blocks or []).id}
        page = notion.find(asked.topic, asked.language)
        if asked.properties or asked.trash is not None:
            notion.update(page, asked.properties, asked.trash)
        if blocks is not None:
            notion.write(page, blocks)
        return {"id": page.id}

    async def webhooks(asked: Subscription) -> Json:
        if asked.subscribe is not None:
            return {"token": hooks.subscribe(asked.subscribe)}
        if asked.confirm is not None:
            return {"active": hooks.confirm(asked.confirm)}
        hooks.lose = asked.lose
        if asked.hold:
            hooks.holding = True
        elif asked.hold is False:
            return {"released": hooks.release(asked.times, asked.shuffle)}
        return {"held": hooks.held, "lose": hooks.lose}

    return [
        getting("/sandbox/notion/pages", pages),
        posting("/sandbox/notion/page", Edit, edit),
        *control_notion_rows.routes(sandbox.notion_tables),
        posting("/sandbox/notion/webhooks", Subscription, webhooks),
    ]
