"""An emulated Notion workspace: one database of pages, the blocks they hold, and who is told that one changed."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandbox.clock import SharedClock
from sandbox.notion_hooks import NotionHooks
from sandbox.notion_objects import (
    SCHEMA,
    Json,
    filled,
    invalid,
    minute,
    missing,
    new_id,
    property_of,
    rich_text,
    same_id,
    words_of,
)
from sandbox.receipts import ReceiptLog
from sandbox.settings import NotionAccount

# What may stand below one parent in one request.
MOST_CHILDREN = 100


@dataclass
class Block:
    """One block; `body` is what its type holds."""

    id: str
    kind: str
    body: Json
    edited: datetime
    children: list["Block"] = field(default_factory=list)


@dataclass
class Page:
    """One page of the database."""

    id: str
    properties: dict[str, Json]
    created: datetime
    edited: datetime
    trashed: bool = False
    children: list[Block] = field(default_factory=list)


class Notion:
    """The workspace; every change is kept with its time and told to who subscribed."""

    def __init__(
        self, account: NotionAccount, clock: SharedClock, receipts: ReceiptLog, hooks: NotionHooks
    ) -> None:
        self.account = account
        self.source_id = new_id("source", 1)
        self.pages: dict[str, Page] = {}
        self._clock = clock
        self._receipts = receipts
        self._hooks = hooks
        self._made = 0
        for page in account.pages:
            self._add(page.properties, [_paragraph(text) for text in page.paragraphs], told=False)

    def create(self, properties: dict[str, Any], blocks: list[Json]) -> Page:
        """Add a page to the database."""
        return self._add(properties, blocks, told=True)

    def page(self, page_id: str) -> Page:
        """A page by its id; one in the bin is still there."""
        found = self.pages.get(same_id(page_id))
        if found is None:
            raise missing("page", page_id)
        return found

    def find(self, topic: str, language: str) -> Page:
        """A page by what it is about, for the control endpoint."""
        for page in self.pages.values():
            if (words_of(page.properties["Topic"]), words_of(page.properties["Language"])) == (
                topic,
                language,
            ):
                return page
        raise LookupError(f"there is no page {topic}.{language} in the database")

    def update(self, page: Page, properties: dict[str, Any], trashed: bool | None = None) -> None:
        """Change properties of a page, or put it in the bin and take it out again."""
        page.properties |= {name: property_of(name, value) for name, value in properties.items()}
        if trashed is not None:
            page.trashed = trashed
        kind = "page.properties_updated"
        if trashed is not None:
            kind = "page.deleted" if trashed else "page.undeleted"
        self._edited(page, kind)

    def write(self, page: Page, blocks: list[Json]) -> None:
        """Put other blocks in place of all that a page holds."""
        page.children = [self._block(body) for body in blocks]
        self._edited(page, "page.content_updated")

    def append(self, parent_id: str, blocks: list[Json]) -> list[Block]:
        """Add blocks below a page or a block."""
        if len(blocks) > MOST_CHILDREN:
            raise invalid(f"body failed validation: body.children.length should be ≤ `{MOST_CHILDREN}`")
        page, parent = self.place(parent_id)
        made = [self._block(body) for body in blocks]
        (parent or page).children.extend(made)
        self._edited(page, "page.content_updated")
        return made

    def change(self, block_id: str, body: Json) -> Block:
        """Change what a block holds; its type stays."""
        page, block = self._block_at(block_id)
        if block.kind not in body:
            raise invalid(f"body failed validation: body.{block.kind} should be defined")
        block.body = _with_text({**block.body, **body[block.kind]})
        block.edited = self._clock.now()
        self._edited(page, "page.content_updated")
        return block

    def remove(self, block_id: str) -> Block:
        """Take a block out."""
        page, block = self._block_at(block_id)
        _without(page.children, block)
        self._edited(page, "page.content_updated")
        return block

    def place(self, parent_id: str) -> tuple[Page, Block | None]:
        """The page an id belongs to, and the block where it is one's."""
        wanted = same_id(parent_id)
        if wanted in self.pages:
            return self.pages[wanted], None
        return self._block_at(wanted)

    def show_page(self, page: Page) -> Json:
        """A page as the API tells it."""
        return {
            "object": "page",
            "id": page.id,
            "created_time": minute(page.created),
            "last_edited_time": minute(page.edited),
            "parent": {
                "type": "data_source_id",
                "data_source_id": self.source_id,
                "database_id": self.account.database_id,
            },
            "archived": page.trashed,
            "in_trash": page.trashed,
            "properties": page.properties,
            "url": f"https://www.notion.so/{page.id.replace('-', '')}",
            "public_url": None,
            "icon": None,
            "cover": None,
        }

    def show_block(self, block: Block, parent: Json) -> Json:
        """A block as the API tells it, without its children."""
        return {
            "object": "block",
            "id": block.id,
            "parent": parent,
            "created_time": minute(block.edited),
            "last_edited_time": minute(block.edited),
            "has_children": bool(block.children),
            "archived": False,
            "in_trash": False,
            "type": block.kind,
            block.kind: block.body,
        }

    def _add(self, properties: dict[str, Any], blocks: list[Json], told: bool) -> Page:
        self._made += 1
        now = self._clock.now()
        made = {name: property_of(name, properties.get(name)) for name in _columns(properties)}
        page = Page(new_id("page", self._made), made, now, now)
        page.children = [self._block(body) for body in blocks]
        self.pages[page.id] = page
        if told:
            self._edited(page, "page.created")
        return page

    def _block(self, body: Json) -> Block:
        kind = body.get("type") or next((key for key in body if key not in {"object", "children"}), "")
        held = dict(body.get(kind, {}))
        below = held.pop("children", body.get("children", []))
        self._made += 1
        made = Block(new_id("block", self._made), kind, _with_text(held), self._clock.now())
        made.children = [self._block(child) for child in below]
        return made

    def _block_at(self, block_id: str) -> tuple[Page, Block]:
        wanted = same_id(block_id)
        for page in self.pages.values():
            found = _below(page.children, wanted)
            if found is not None:
                return page, found
        raise missing("block", block_id)

    def _edited(self, page: Page, what: str) -> None:
        page.edited = self._clock.now()
        self._receipts.write("notion.changed", page=page.id, what=what)
        parent = {"id": self.account.database_id, "type": "database", "data_source_id": self.source_id}
        self._hooks.tell(what, page.id, parent, page.edited)


def _columns(properties: dict[str, Any]) -> list[str]:
    return [*SCHEMA, *(name for name in properties if name not in SCHEMA)]


def _paragraph(text: str) -> Json:
    return {"type": "paragraph", "paragraph": {"rich_text": rich_text(text)}}


def _with_text(body: Json) -> Json:
    """Fill in what Notion adds to the rich text of a block or a table's row."""
    if "rich_text" in body:
        body = {"color": "default", **body, "rich_text": filled(body["rich_text"])}
    if "cells" in body:
        body = {**body, "cells": [filled(cell) for cell in body["cells"]]}
    return body


def _below(blocks: list[Block], wanted: str) -> Block | None:
    for block in blocks:
        found = block if block.id == wanted else _below(block.children, wanted)
        if found is not None:
            return found
    return None


def _without(blocks: list[Block], block: Block) -> None:
    if block in blocks:
        blocks.remove(block)
    else:
        for one in blocks:
            _without(one.children, block)
