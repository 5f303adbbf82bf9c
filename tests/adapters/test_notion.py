"""Pages read with the real client over HTTP: every type of block, portions, faults, and how long to wait."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from adapters.clock import ManualClock
from adapters.notion import Notion, NotionSettings
from adapters.notion_text import listed, property_words
from casefile.errors import DependencyDown
from tests.adapters.stage import NOW, Stage
from tests.sandbox.sandbox_scenes import serving

DATABASE = "2f26ee68df304251aad48ddc420cba3d"
PARKING = {
    "Title": "Parkir",
    "Status": "Published",
    "Effective date": "2026-01-05",
    "Owner": "Administrasi",
    "Last reviewed": "2026-09-15",
    "Applies to": "prospects, parents",
}


class Waits:
    """Keeps how long was to be waited, and waits for nothing."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


@pytest.fixture
def waits() -> Waits:
    return Waits()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
async def notion(stage: Stage, clock: ManualClock, waits: Waits) -> AsyncIterator[Notion]:
    made = Notion(
        NotionSettings(
            base_url=f"{stage.url}/notion",
            token="sandbox-notion-token",
            database_id=DATABASE,
            timeout_seconds=2,
        ),
        clock,
        waits,
    )
    yield made
    await made.close()


async def written(stage: Stage, topic: str = "parking", **changes: Any) -> str:
    told = await stage.do(
        "notion/page", topic=topic, create=True, **{"properties": PARKING, "text": "Ada, Kak.", **changes}
    )
    return str(told["id"])


def text(words: str, link: str | None = None) -> list[dict[str, Any]]:
    return [{"type": "text", "text": {"content": words, "link": {"url": link} if link else None}}]


def block(kind: str, words: str, *children: dict[str, Any]) -> dict[str, Any]:
    return {"type": kind, kind: {"rich_text": text(words), "children": list(children)}}


async def test_published_pages_come_with_their_properties_as_front_matter(
    stage: Stage, notion: Notion
) -> None:
    stage.clock.freeze(NOW + timedelta(seconds=42))
    page_id = await written(stage)
    await written(stage, "rahasia", properties={**PARKING, "Status": "Draft"})
    trashed = {"topic": "lama", "create": True, "properties": PARKING}
    await stage.do("notion/page", **trashed)
    await stage.do("notion/page", topic="lama", trash=True)
    (page,) = await notion.published()
    assert (page.id, page.title) == (page_id, "Parkir")
    # Notion rounds down to the minute.
    assert page.edited_at == NOW
    assert page.link.endswith(page_id.replace("-", ""))
    assert page.front == {**PARKING, "Topic": "parking", "Language": "id"}


async def test_every_page_and_every_block_of_a_long_list_is_read(stage: Stage, notion: Notion) -> None:
    for number in range(205):
        await written(stage, f"topik{number}")
    assert len({page.id for page in await notion.published()}) == 205
    long = await written(stage, "panjang", text="\n\n".join(f"Alinea {n}." for n in range(230)))
    assert (await notion.text(long)).split("\n\n") == [f"Alinea {n}." for n in range(230)]
    queries = [call for call in await stage.receipts("notion.call") if call["op"] == "query"]
    assert len(queries) == 3


async def test_blocks_become_markdown_whatever_is_below_them(stage: Stage, notion: Notion) -> None:
    row = {"type": "table_row", "table_row": {"cells": [text("Paket"), text("Harga")]}}
    other = {"type": "table_row", "table_row": {"cells": [text("4 sesi"), text("Rp 1|2")]}}
    page_id = await written(
        stage,
        text=None,
        blocks=[
            block("paragraph", "Ada parkir gratis, Kak."),
            block("heading_1", "Rincian"),
            block("heading_2", "Mobil"),
            block("heading_3", "Motor"),
            block("bulleted_list_item", "satu", block("bulleted_list_item", "di dalam")),
            block("bulleted_list_item", "dua"),
            block("numbered_list_item", "pertama"),
            block("numbered_list_item", "kedua"),
            block("toggle", "Lebih lanjut", block("paragraph", "Tersembunyi", block("paragraph", "lagi"))),
            block("quote", "kata orang", block("paragraph", "dan lagi")),
            block("callout", "Penting"),
            block("to_do", "periksa"),
            {
                "type": "table",
                "table": {"table_width": 2, "has_column_header": True, "children": [row, other]},
            },
            {"type": "divider", "divider": {}},
            {"type": "paragraph", "paragraph": {"rich_text": text("formulir", "https://contoh.example/f")}},
            {"type": "paragraph", "paragraph": {"rich_text": []}},
            {
                "type": "child_page",
                "child_page": {"title": "Bukan kami", "children": [block("paragraph", "x")]},
            },
        ],
    )
    assert await notion.text(page_id) == "\n\n".join(
        [
            "Ada parkir gratis, Kak.",
            "# Rincian",
            "## Mobil",
            "### Motor",
            "- satu\n  - di dalam\n- dua",
            "1. pertama\n1. kedua",
            "Lebih lanjut\n\nTersembunyi\n\nlagi",
            "> kata orang\n> dan lagi",
            "> Penting",
            "- periksa",
            "| Paket | Harga |\n| --- | --- |\n| 4 sesi | Rp 1\\|2 |",
            "formulir (https://contoh.example/f)",
        ]
    )


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (
            {"type": "people", "people": [{"name": "Tari"}, {"object": "user"}, {"name": "Agus"}]},
            "Tari, Agus",
        ),
        ({"type": "date", "date": {"start": "2026-01-05", "end": "2026-02-01"}}, "2026-01-05 - 2026-02-01"),
        ({"type": "date", "date": None}, ""),
        ({"type": "select", "select": None}, ""),
        ({"type": "formula", "formula": {"type": "string", "string": "id"}}, "id"),
        ({"type": "number", "number": 3}, "3"),
        ({"type": "checkbox", "checkbox": False}, ""),
        ({"type": "files", "files": [{"name": "x"}]}, ""),
        ({}, ""),
    ],
)
def test_a_property_of_any_type_is_read_or_says_nothing(value: dict[str, Any], said: str) -> None:
    assert property_words(value) == said


def test_the_title_is_the_title_whatever_its_column_is_called() -> None:
    name = {"type": "title", "title": [{"plain_text": "Parkir"}]}
    page = {"id": "1", "last_edited_time": "2026-11-21T03:00:00.000Z", "properties": {"Nama": name}}
    assert listed(page).front == {"Title": "Parkir"}


@pytest.mark.parametrize("mode", ["down", "5xx", "429", "cut", "bad_json", "half_body", "slow"])
async def test_a_source_that_fails_is_down_and_one_that_recovers_is_read(
    stage: Stage, notion: Notion, waits: Waits, mode: str
) -> None:
    page_id = await written(stage)
    await stage.do("faults", target="notion", mode=mode, op="query", count=2, seconds=5)
    assert [page.id for page in await notion.published()] == [page_id]
    assert len(waits.seconds) == 2
    await stage.do("faults", target="notion", mode=mode, op="children", seconds=5)
    with pytest.raises(DependencyDown, match="3 times in a row") as failed:
        await notion.text(page_id)
    assert failed.value.name == "knowledge"
    await stage.http.delete("/sandbox/faults")
    assert await notion.text(page_id) == "Ada, Kak."


async def test_what_retry_after_asks_for_is_waited(
    stage: Stage, notion: Notion, waits: Waits, clock: ManualClock
) -> None:
    await stage.do("faults", target="notion", mode="429", count=1, seconds=4)
    await stage.do("faults", target="notion", mode="error", code=529, count=1)
    await notion.published()
    assert waits.seconds == [4.0, 1.0]
    # Longer than a call can take: nothing is asked before that, and then everything works again.
    await stage.do("faults", target="notion", mode="429", count=1, seconds=90)
    with pytest.raises(DependencyDown, match="left alone for 90 s"):
        await notion.check()
    asked = len(await stage.receipts("notion.call"))
    clock.advance(timedelta(seconds=89))
    with pytest.raises(DependencyDown, match="another 1 s"):
        await notion.published()
    # It is there, it only wants to be left alone.
    await notion.check()
    assert len(await stage.receipts("notion.call")) == asked
    clock.advance(timedelta(seconds=1))
    await notion.check()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"token": "wrong"}, "LOKET_NOTION_TOKEN"),
        ({"database_id": "00000000000000000000000000000000"}, "share the database"),
        ({"database_id": "../users"}, "no whole answer"),
    ],
)
async def test_what_is_set_up_wrongly_says_how_to_mend_it(
    stage: Stage, clock: ManualClock, waits: Waits, changes: dict[str, str], words: str
) -> None:
    told = {"base_url": f"{stage.url}/notion", "token": "sandbox-notion-token", "database_id": DATABASE}
    notion = Notion(NotionSettings.model_validate(told | changes), clock, waits)
    with pytest.raises(DependencyDown, match=words):
        await notion.check()
    await notion.close()


async def test_a_look_does_not_try_again(stage: Stage, notion: Notion, waits: Waits) -> None:
    await notion.check()
    await stage.do("faults", target="notion", mode="5xx", count=1)
    with pytest.raises(DependencyDown):
        await notion.check()
    assert waits.seconds == []
    await asyncio.gather(notion.check(), notion.published())


@pytest.mark.parametrize(
    "told",
    [
        "[]",
        "{}",
        '{"results": null}',
        '{"results": ["x"]}',
        '{"results": [{"id": 1}]}',
        '{"results": [{"id": "1", "properties": [], "last_edited_time": "x"}]}',
        '{"results": [{"id": "1", "properties": {"Title": "x"}, "last_edited_time": "2026-01-05T00:00:00Z"}]}',
        '{"results": [{"id": "1", "properties": {}, "last_edited_time": "2026-01-05T00:00:00"}]}',
    ],
)
async def test_an_answer_that_is_none_is_the_sources_fault_not_ours(
    clock: ManualClock, waits: Waits, told: str
) -> None:
    async def answer(request: Request) -> Response:
        database = '{"data_sources": [{"id": "1"}]}'
        return Response(database if "databases" in request.url.path else told, media_type="application/json")

    app = Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "POST"])])
    async with serving(app) as url:
        settings = NotionSettings(base_url=url, token="x", database_id=DATABASE)
        notion = Notion(settings, clock, waits)
        with pytest.raises(DependencyDown):
            await notion.published()
        with pytest.raises(DependencyDown):
            await notion.text("1")
        await notion.close()
