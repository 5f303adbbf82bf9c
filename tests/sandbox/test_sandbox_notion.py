"""The emulated Notion with the real client: what an integration reads and writes, and the webhooks it gets."""

import hashlib
import hmac
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from notion_client import AsyncClient
from notion_client.errors import APIResponseError, HTTPResponseError
from sandbox_scenes import Client, serving
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.server import SandboxServer

DATABASE = "2f26ee68-df30-4251-aad4-8ddc420cba3d"
PUBLISHED = {"property": "Status", "status": {"equals": "Published"}}


@pytest.fixture
async def notion(server: SandboxServer) -> AsyncIterator[AsyncClient]:
    http = httpx.AsyncClient(trust_env=False)
    client = AsyncClient(
        client=http, auth="sandbox-notion-token", base_url=f"{server.url}/notion", retry=False, log_level=50
    )
    yield client
    await http.aclose()


async def source(notion: AsyncClient) -> str:
    return str((await notion.databases.retrieve(DATABASE))["data_sources"][0]["id"])


def words(text: str) -> list[dict[str, Any]]:
    return [{"type": "text", "text": {"content": text}}]


def new_page(title: str, status: str = "Draft") -> dict[str, Any]:
    return {
        "parent": {"database_id": DATABASE},
        "properties": {
            "Title": {"title": words(title)},
            "Topic": {"rich_text": words(title.lower())},
            "Language": {"select": {"name": "id"}},
            "Status": {"status": {"name": status}},
        },
        "children": [{"type": "paragraph", "paragraph": {"rich_text": words("Halo, Kak.")}}],
    }


async def test_pages_and_blocks_are_made_changed_and_thrown_away(notion: AsyncClient) -> None:
    made = await notion.pages.create(**new_page("Parkir"))
    data_source = await source(notion)
    assert made["properties"]["Title"]["title"][0]["plain_text"] == "Parkir"
    assert made["last_edited_time"].endswith(":00.000Z")
    assert (await notion.data_sources.query(data_source, filter=PUBLISHED))["results"] == []
    await notion.pages.update(made["id"], properties={"Status": {"status": {"name": "Published"}}})
    (found,) = (await notion.data_sources.query(data_source, filter=PUBLISHED))["results"]
    assert found["id"] == made["id"]
    (block,) = (await notion.blocks.children.list(made["id"]))["results"]
    await notion.blocks.update(block["id"], paragraph={"rich_text": words("Halo lagi, Kak.")})
    children = [{"type": "toggle", "toggle": {"rich_text": words("Rincian"), "children": [
        {"type": "paragraph", "paragraph": {"rich_text": words("di dalam")}}
    ]}}]  # fmt: skip
    await notion.blocks.children.append(made["id"], children=children)
    first, toggle = (await notion.blocks.children.list(made["id"]))["results"]
    assert first["paragraph"]["rich_text"][0]["plain_text"] == "Halo lagi, Kak."
    assert (first["has_children"], toggle["has_children"]) == (False, True)
    (inside,) = (await notion.blocks.children.list(toggle["id"]))["results"]
    assert inside["parent"] == {"type": "block_id", "block_id": toggle["id"]}
    await notion.blocks.delete(first["id"])
    assert len((await notion.blocks.children.list(made["id"]))["results"]) == 1
    await notion.pages.update(made["id"], in_trash=True)
    assert (await notion.data_sources.query(data_source))["results"] == []
    assert (await notion.pages.retrieve(made["id"]))["in_trash"] is True


async def test_lists_come_in_portions_and_what_is_wrong_is_refused_as_notion_does(
    notion: AsyncClient, server: SandboxServer
) -> None:
    data_source = await source(notion)
    for number in range(5):
        await notion.pages.create(**new_page(f"P{number}"))
    first = await notion.data_sources.query(data_source, page_size=3)
    assert (len(first["results"]), first["has_more"]) == (3, True)
    rest = await notion.data_sources.query(data_source, page_size=3, start_cursor=first["next_cursor"])
    assert (len(rest["results"]), rest["has_more"], rest["next_cursor"]) == (2, False, None)
    since = {"timestamp": "last_edited_time", "last_edited_time": {"on_or_after": "2099-01-01T00:00:00Z"}}
    late = await notion.data_sources.query(data_source, filter={"and": [PUBLISHED, since]})
    assert late["results"] == []
    refused = (
        (notion.data_sources.query(data_source, page_size=101), 400, "validation_error"),
        (notion.data_sources.query(data_source, start_cursor="nowhere"), 400, "validation_error"),
        (notion.data_sources.query(data_source, filter={"property": "Nope", "status": {}}), 400, "validation_error"),
        (notion.data_sources.query(data_source, filter={"property": "Status", "select": {"equals": "x"}}), 400,
         "validation_error"),
        (notion.databases.retrieve("00000000000000000000000000000000"), 404, "object_not_found"),
        (notion.pages.retrieve("00000000000000000000000000000000"), 404, "object_not_found"),
        (notion.blocks.children.list("00000000000000000000000000000000"), 404, "object_not_found"),
    )  # fmt: skip
    for call, status, code in refused:
        with pytest.raises(APIResponseError) as caught:
            await call
        assert (caught.value.status, str(caught.value.code.value)) == (status, code)
    async with httpx.AsyncClient(base_url=f"{server.url}/notion/v1", trust_env=False) as http:
        assert (await http.get(f"/databases/{DATABASE}")).status_code == 401
        bearer = {"Authorization": "Bearer sandbox-notion-token"}
        answer = await http.get(f"/databases/{DATABASE}", headers=bearer)
        assert (answer.status_code, answer.json()["code"]) == (400, "missing_version")


async def test_overload_and_limits_say_how_long_to_wait(notion: AsyncClient, client: Client) -> None:
    for fault, status in (({"mode": "429", "seconds": 9}, 429), ({"mode": "error", "code": 529}, 529)):
        await client.control("faults", target="notion", count=1, **fault)
        with pytest.raises(HTTPResponseError) as caught:
            await notion.databases.retrieve(DATABASE)
        assert caught.value.status == status
        assert caught.value.headers["retry-after"].isdigit()


async def test_webhooks_begin_with_a_token_and_come_signed_repeated_shuffled_or_not_at_all(
    notion: AsyncClient, client: Client
) -> None:
    heard: list[tuple[str | None, bytes]] = []

    async def hear(request: Request) -> Response:
        heard.append((request.headers.get("x-notion-signature"), await request.body()))
        return Response()

    async def until(count: int) -> None:
        while (await client.look("state"))["pending_webhooks"] or len(heard) < count:
            await client.look("events", after=0, wait=0)

    async with serving(Starlette(routes=[Route("/hook", hear, methods=["POST"])])) as url:
        await notion.pages.create(**new_page("Sebelum"))
        token = (await client.control("notion/webhooks", subscribe=f"{url}/hook"))["token"]
        await until(1)
        assert heard == [(None, f'{{"verification_token": "{token}"}}'.encode())]
        page = await notion.pages.create(**new_page("Parkir"))
        assert not (await client.control("notion/webhooks", confirm="wrong"))["active"]
        assert (await client.control("notion/webhooks", confirm=token))["active"]
        await notion.pages.update(page["id"], properties={"Status": {"status": {"name": "Published"}}})
        await until(2)
        signature, body = heard[1]
        made = hmac.new(token.encode(), body, hashlib.sha256).hexdigest()
        assert signature == f"sha256={made}"
        assert b'"type": "page.properties_updated"' in body
        assert b"Published" not in body
        await client.control("notion/webhooks", lose=1)
        await client.control("notion/page", topic="parkir", text="Hilang di jalan.")
        await client.control("notion/webhooks", hold=True)
        await client.control("notion/page", topic="parkir", text="Ditahan.")
        await client.control("notion/page", topic="parkir", trash=True)
        assert (await client.control("notion/webhooks", hold=False, times=2, shuffle=3))["released"] == 4
        await until(6)
        kinds = sorted(
            kind for _, told in heard[2:] for kind in (b"content_updated", b"deleted") if kind in told
        )
        assert kinds == [b"content_updated"] * 2 + [b"deleted"] * 2
