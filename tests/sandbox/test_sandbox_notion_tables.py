"""Rows in the emulated Notion with the real client: held to their schema, filtered, sorted, in portions."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from notion_client import AsyncClient
from notion_client.errors import APIResponseError

from sandbox.clock import SharedClock
from sandbox.server import SandboxServer
from sandbox.settings import (
    NotionAccount,
    NotionTable,
    SandboxSettings,
    TelegramAccount,
    WhatsAppAccount,
)

DATABASE = "a1aaaaaa-1111-4111-8111-1111111111a1"
LESSONS = NotionTable(
    name="lessons",
    database_id=DATABASE,
    columns={
        "Name": "title",
        "ID": "rich_text",
        "Coach": "select",
        "Status": "status",
        "Time": "date",
        "Student": "relation",
        "Left": "number",
        "Paid": "checkbox",
        "Phone": "phone_number",
    },
    options={"Status": ("scheduled", "moved")},
)
STUDENT = "b1aaaaaa-1111-4111-8111-1111111111b1"


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[SandboxServer]:
    account = WhatsAppAccount(
        app_secret="s", verify_token="v", access_token="a", phone_number_id="1", display_number="62"
    )
    settings = SandboxSettings(
        wa=account,
        telegram=TelegramAccount(bot_token="7:t", lanes={}),
        notion=NotionAccount(tables=(LESSONS,)),
        state_dir=tmp_path,
        receipts=tmp_path / "receipts.jsonl",
    )
    made = SandboxServer(settings, SharedClock(tmp_path / "clock.json"))
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def notion(server: SandboxServer) -> AsyncIterator[AsyncClient]:
    http = httpx.AsyncClient(trust_env=False)
    yield AsyncClient(
        client=http, auth="sandbox-notion-token", base_url=f"{server.url}/notion", retry=False, log_level=50
    )
    await http.aclose()


def words(text: str) -> list[dict[str, Any]]:
    return [{"type": "text", "text": {"content": text}}]


async def made(notion: AsyncClient, name: str, day: int, **more: Any) -> dict[str, Any]:
    start = f"2026-12-{day:02d}T10:00:00+07:00"
    properties = {
        "Name": {"title": words(name)},
        "ID": {"rich_text": words(name.lower())},
        "Time": {"date": {"start": start, "end": f"2026-12-{day:02d}T11:00:00+07:00"}},
        "Status": {"status": {"name": "scheduled"}},
        "Coach": {"select": {"name": "Sinta"}},
        "Student": {"relation": [{"id": STUDENT.replace("-", "")}]},
        **more,
    }
    told: dict[str, Any] = await notion.pages.create(parent={"database_id": DATABASE}, properties=properties)
    return told


async def source(notion: AsyncClient) -> str:
    database = await notion.databases.retrieve(DATABASE)
    assert database["title"][0]["plain_text"] == "lessons"
    return str(database["data_sources"][0]["id"])


async def found(notion: AsyncClient, **asked: Any) -> list[str]:
    told = await notion.data_sources.query(await source(notion), **asked)
    return [row["properties"]["ID"]["rich_text"][0]["plain_text"] for row in told["results"]]


async def test_rows_are_found_by_what_they_say_and_come_sorted_and_in_portions(notion: AsyncClient) -> None:
    pages = [await made(notion, name, day) for name, day in (("B", 2), ("A", 1), ("C", 3))]
    await notion.pages.update(pages[2]["id"], properties={"Status": {"status": {"name": "moved"}}})
    time = [
        {"property": "Time", "date": {"on_or_after": "2026-12-01T03:00:00Z"}},
        {"property": "Time", "date": {"before": "2026-12-03T03:00:00Z"}},
    ]
    assert await found(notion, filter={"and": time}) == ["b", "a"]
    assert await found(notion, filter={"property": "ID", "rich_text": {"equals": "a"}}) == ["a"]
    assert await found(notion, filter={"property": "Student", "relation": {"contains": STUDENT}}) == [
        *("b", "a", "c")
    ]
    moved = {"property": "Status", "status": {"equals": "moved"}}
    assert await found(notion, filter={"or": [moved, {"property": "ID", "rich_text": {"equals": "b"}}]}) == [
        *("b", "c")
    ]
    by_time = [{"property": "Time", "direction": "descending"}]
    assert await found(notion, sorts=by_time) == ["c", "b", "a"]
    first = await notion.data_sources.query(await source(notion), page_size=2)
    rest = await notion.data_sources.query(await source(notion), start_cursor=first["next_cursor"])
    assert (len(first["results"]), first["has_more"], len(rest["results"])) == (2, True, 1)
    await notion.pages.update(pages[0]["id"], in_trash=True)
    assert await found(notion) == ["a", "c"]
    shown = await notion.pages.retrieve(pages[1]["id"])
    assert shown["properties"]["Time"]["date"]["start"] == "2026-12-01T10:00:00.000+07:00"
    assert (shown["properties"]["Left"]["number"], shown["properties"]["Paid"]["checkbox"]) == (None, False)
    assert shown["last_edited_time"].endswith(":00.000Z")


@pytest.mark.parametrize(
    ("properties", "words_of_it"),
    [
        ({"Nope": {"number": 1}}, "Nope is not a property that exists"),
        ({"Left": {"rich_text": []}}, "Left is expected to be number"),
        ({"Left": {"number": "3"}}, "Left is expected to be number"),
        ({"Status": {"status": {"name": "lost"}}}, 'Status option "lost" does not exist'),
        ({"Time": {"date": {"start": "tomorrow"}}}, "not a valid ISO 8601 date"),
        ({"ID": {"rich_text": words("x" * 2001)}}, "should be ≤ `2000`"),
    ],
)
async def test_what_the_schema_does_not_take_is_refused_as_notion_does(
    notion: AsyncClient, properties: dict[str, Any], words_of_it: str
) -> None:
    page = await made(notion, "A", 1)
    with pytest.raises(APIResponseError, match=words_of_it) as refused:
        await notion.pages.update(page["id"], properties=properties)
    assert (refused.value.status, refused.value.code.value) == (400, "validation_error")
    await notion.pages.update(page["id"], properties={"Coach": {"select": {"name": "Baru"}}})


@pytest.mark.parametrize(
    "asked",
    [
        {"filter": {"property": "Nope", "number": {"equals": 1}}},
        {"filter": {"property": "Left", "rich_text": {"equals": "1"}}},
        {"filter": {"property": "ID", "rich_text": {"contains": "a"}}},
        {"sorts": [{"property": "Nope"}]},
    ],
)
async def test_a_question_it_cannot_answer_is_refused(notion: AsyncClient, asked: dict[str, Any]) -> None:
    await made(notion, "A", 1)
    with pytest.raises(APIResponseError) as refused:
        await notion.data_sources.query(await source(notion), **asked)
    assert refused.value.status == 400


async def test_a_row_in_the_bin_is_not_edited(notion: AsyncClient) -> None:
    page = await made(notion, "A", 1)
    await notion.pages.update(page["id"], in_trash=True)
    with pytest.raises(APIResponseError, match="archived"):
        await notion.pages.update(page["id"], properties={"Left": {"number": 1}})
    assert (await notion.pages.retrieve(page["id"]))["in_trash"]
    await notion.pages.update(page["id"], in_trash=False)
    assert await found(notion) == ["a"]
