"""The emulated Notion API over HTTP, version 2025-09-03."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.bodies import read_json
from sandbox.faults import Faults, under
from sandbox.notion import Notion
from sandbox.notion_columns import fits
from sandbox.notion_objects import (
    SCHEMA,
    STATUSES,
    Json,
    NotionErrors,
    NotionRefused,
    failed,
    invalid,
    missing,
    new_id,
    same_id,
)
from sandbox.notion_tables import NotionTables
from sandbox.receipts import ReceiptLog

VERSION = "2025-09-03"
MOST = 100
PAGES = {"type": "page_or_data_source", "page_or_data_source": {}}

Act = Callable[[Request, Json], Json]


class NotionApi:
    """What an integration that reads and writes one database uses."""

    def __init__(
        self,
        notion: Notion,
        tables: NotionTables,
        faults: Faults,
        receipts: ReceiptLog,
        stopping: asyncio.Event,
    ) -> None:
        self._notion = notion
        self._tables = tables
        self._faults = faults
        self._receipts = receipts
        self._stopping = stopping

    def routes(self) -> list[Route]:
        """To be mounted at the root; the base URL for a client is `<sandbox>/notion`."""
        made: list[tuple[str, str, str, Act]] = [
            ("GET", "users/me", "me", self._me),
            ("GET", "databases/{id}", "database", self._database),
            ("GET", "data_sources/{id}", "source", self._source),
            ("POST", "data_sources/{id}/query", "query", self._query),
            ("POST", "pages", "create", self._create),
            ("GET", "pages/{id}", "page", self._page),
            ("PATCH", "pages/{id}", "update", self._update),
            ("GET", "blocks/{id}", "block", self._block),
            ("PATCH", "blocks/{id}", "change", self._change),
            ("DELETE", "blocks/{id}", "remove", self._remove),
            ("GET", "blocks/{id}/children", "children", self._children),
            ("PATCH", "blocks/{id}/children", "append", self._append),
        ]
        return [
            Route(f"/notion/v1/{path}", self._route(op, act), methods=[method])
            for method, path, op, act in made
        ]

    def _route(self, op: str, act: Act) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            async def effect() -> Response:
                refusal = self._refusal(request)
                if refusal is not None:
                    return refusal
                body = await read_json(request) if request.method in {"POST", "PATCH"} else {}
                if not isinstance(body, dict):
                    return failed(400, "invalid_json", "Error parsing JSON body.")
                try:
                    told = act(request, body)
                except NotionRefused as refused:
                    return refused.answer
                self._receipts.write("notion.call", op=op, path=request.url.path)
                return JSONResponse({**told, "request_id": new_id("request", self._receipts.last)})

            return await under(self._faults.take("notion", op), NotionErrors(), effect, self._stopping)

        return endpoint

    def _refusal(self, request: Request) -> Response | None:
        if request.headers.get("authorization") != f"Bearer {self._notion.account.token}":
            return failed(401, "unauthorized", "API token is invalid.")
        version = request.headers.get("notion-version")
        if version is None:
            return failed(400, "missing_version", "Notion-Version header should be defined.")
        if version != VERSION:
            return failed(400, "validation_error", f"Notion-Version {version} is not played here.")
        return None

    def _me(self, request: Request, body: Json) -> Json:
        return {"object": "user", "id": new_id("bot", 1), "type": "bot", "name": "Loket", "bot": {}}

    def _database(self, request: Request, body: Json) -> Json:
        table = self._tables.at(request.path_params["id"])
        if table is not None:
            return self._tables.show_database(table)
        account = self._notion.account
        if same_id(request.path_params["id"]) != same_id(account.database_id):
            raise missing("database", request.path_params["id"])
        return {
            "object": "database",
            "id": account.database_id,
            "title": [],
            "data_sources": [{"id": self._notion.source_id, "name": "Knowledge"}],
            "in_trash": False,
        }

    def _source(self, request: Request, body: Json) -> Json:
        table = self._tables.at(request.path_params["id"])
        if table is not None:
            return self._tables.show_source(table)
        self._check_source(request)
        columns: Json = {
            name: {"id": name, "name": name, "type": kind, kind: {}} for name, kind in SCHEMA.items()
        }
        columns["Status"]["status"] = {"options": [{"name": name} for name in STATUSES]}
        parent = {"type": "database_id", "database_id": self._notion.account.database_id}
        return {
            "object": "data_source",
            "id": self._notion.source_id,
            "parent": parent,
            "properties": columns,
        }

    def _query(self, request: Request, body: Json) -> Json:
        table = self._tables.at(request.path_params["id"])
        if table is not None:
            rows, after = _portion(self._tables.query(table, body), body)
            return {**_list([self._tables.show(table, row) for row in rows], after), **PAGES}
        self._check_source(request)
        asked = body.get("filter")
        found = [
            page
            for page in self._notion.pages.values()
            if not page.trashed and fits(page.properties, page.edited, asked)
        ]
        for sort in reversed(body.get("sorts", [])):
            found.sort(key=lambda page: page.edited, reverse=sort.get("direction") == "descending")
        shown, after = _portion(found, body)
        return {**_list([self._notion.show_page(page) for page in shown], after), **PAGES}

    def _create(self, request: Request, body: Json) -> Json:
        if not isinstance(body.get("properties"), dict):
            raise invalid(
                "body failed validation: body.properties should be defined, instead was `undefined`."
            )
        parent = body.get("parent", {})
        table = self._tables.at(parent.get("data_source_id") or parent.get("database_id") or "")
        if table is not None:
            return self._tables.show(table, self._tables.create(table, body["properties"]))
        made = self._notion.create(body["properties"], body.get("children", []))
        return self._notion.show_page(made)

    def _page(self, request: Request, body: Json) -> Json:
        found = self._tables.holding(request.path_params["id"])
        if found is not None:
            return self._tables.show(*found)
        return self._notion.show_page(self._notion.page(request.path_params["id"]))

    def _update(self, request: Request, body: Json) -> Json:
        properties, trashed = body.get("properties", {}), body.get("in_trash", body.get("archived"))
        found = self._tables.holding(request.path_params["id"])
        if found is not None:
            self._tables.update(*found, properties, trashed)
            return self._tables.show(*found)
        page = self._notion.page(request.path_params["id"])
        self._notion.update(page, properties, trashed)
        return self._notion.show_page(page)

    def _block(self, request: Request, body: Json) -> Json:
        page, block = self._notion.place(request.path_params["id"])
        if block is None:
            raise missing("block", request.path_params["id"])
        return self._notion.show_block(block, {"type": "page_id", "page_id": page.id})

    def _change(self, request: Request, body: Json) -> Json:
        block = self._notion.change(request.path_params["id"], body)
        return self._notion.show_block(block, {"type": "block_id", "block_id": block.id})

    def _remove(self, request: Request, body: Json) -> Json:
        block = self._notion.remove(request.path_params["id"])
        return {**self._notion.show_block(block, {}), "archived": True, "in_trash": True}

    def _children(self, request: Request, body: Json) -> Json:
        page, block = self._notion.place(request.path_params["id"])
        shown, after = _portion((block or page).children, dict(request.query_params))
        key = "page_id" if block is None else "block_id"
        parent = {"type": key, key: (block or page).id}
        return {
            **_list([self._notion.show_block(one, parent) for one in shown], after),
            "type": "block",
            "block": {},
        }

    def _append(self, request: Request, body: Json) -> Json:
        parent = request.path_params["id"]
        made = self._notion.append(parent, body.get("children", []))
        return _list(
            [self._notion.show_block(one, {"type": "block_id", "block_id": parent}) for one in made], None
        )

    def _check_source(self, request: Request) -> None:
        if same_id(request.path_params["id"]) != self._notion.source_id:
            raise missing("data source", request.path_params["id"])


def _list(results: list[Json], after: str | None) -> Json:
    return {"object": "list", "results": results, "next_cursor": after, "has_more": after is not None}


def _portion(rows: list[Any], asked: Json) -> tuple[list[Any], str | None]:
    """Rows from the cursor on; a cursor is the id of what comes next."""
    size = int(asked.get("page_size", MOST))
    if not 1 <= size <= MOST:
        raise invalid(f"body failed validation: body.page_size should be ≤ `{MOST}`, instead was `{size}`.")
    cursor, start = asked.get("start_cursor"), 0
    if cursor is not None:
        places = [place for place, row in enumerate(rows) if row.id == cursor]
        if not places:
            raise invalid("The start_cursor provided is invalid.")
        start = places[0]
    rest = rows[start + size :]
    return rows[start : start + size], rest[0].id if rest else None
