"""Whether search finds what people mean: recall over our own phrasings, by words alone and with embeddings as well.

The embeddings are those of config.yaml, where it names an endpoint, else the sandbox's, which know no meaning: their
lines show that the way works, not what a model is worth.
"""

import shutil
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from adapters.openai_embeddings import OpenAIEmbeddings
from app.embedding import embedder_of
from app.finding import asked_at, texts_of
from app.settings import ROOT, Settings, load
from app.stage_sandbox import SANDBOX_SECRETS, sandbox_settings
from app.vendor_settings import EmbeddingConfig
from benchmarks.desk import scratch
from benchmarks.report import Line, median
from policies.limits import Limits
from ports.search import Found, Query
from sandbox.clock import SharedClock
from sandbox.server import SandboxServer
from services.knowledge import KnowledgeBase
from services.meaning import TextMeaning
from services.pages import read_pages
from services.search import DeskSearch
from store.catalogue import put_product
from store.database import Database
from store.records_load import read_records
from store.shop_sources import SqlShop
from store.transaction import Tx
from store.vectors import SqlVectors

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
SHOP = ROOT / "desks" / "shop"
QUESTIONS = Path(__file__).with_suffix(".yaml")
MEANT = QUESTIONS.with_stem("retrieval_meant")
FIRST, AMONG = 0.90, 0.98
# The spec has no figure for what shares few words or none: half of it is found by somebody who did not give up.
OTHERWISE = 0.50
PIECES = EmbeddingConfig(provider="openai", model="sandbox", dimensions=256)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and what should be found: any of these ids, a page's with "page:" before it."""

    text: str
    wanted: frozenset[str]


async def measure(rounds: int) -> list[Line]:
    """Ask everything over pages and goods together, first by words alone."""
    folder = scratch()
    database = Database.open(folder / "retrieval.db")
    knowledge = await _filled(database)
    asked, otherwise, nothing = _questions()
    shop, at = SqlShop(database), asked_at(SHOP)
    words = DeskSearch(shop, knowledge, at)
    lines = [*await _recall(words, "", asked, otherwise), *await _alone(words, asked)]
    settings = load(ROOT / "config.yaml").alone("shop")
    async with _embedder(settings, folder) as (told, embedder):
        meaning = TextMeaning(embedder, SqlVectors(database, told.space, None), told.rescue_above)
        texts = texts_of(knowledge, database)
        while not await meaning.learn(texts, NOW):
            pass
        meant = DeskSearch(shop, knowledge, at, meaning)
        likest = [max(near.cosines) for q in nothing if (near := await meaning.near(q, texts)) is not None]
        bound = (
            f"; for {len(nothing)} questions of other things nothing is that near from {max(likest):.3f} on"
        )
        lines += await _recall(meant, f" with {told.model}", asked, otherwise, bound)
    database.close()
    shutil.rmtree(folder)
    return lines


async def _recall(
    search: DeskSearch, how: str, asked: Sequence[Asked], otherwise: Sequence[Asked], bound: str = ""
) -> list[Line]:
    ranks = [_rank(await search.find(Query(text=one.text, top=5), NOW), one) for one in asked]
    others = [_rank(await search.find(Query(text=one.text, top=5), NOW), one) for one in otherwise]
    note = f"{len(asked)} phrasings of {len({one.wanted for one in asked})} pages and products"
    unlike = f"{len(otherwise)} phrasings with few words in common with what they mean, or none{bound}"
    return [
        _share(f"search{how}: recall@1", [rank == 0 for rank in ranks], FIRST, note),
        _share(f"search{how}: recall@5", [rank is not None for rank in ranks], AMONG),
        _share(
            f"search{how}: recall@5, other words", [rank is not None for rank in others], OTHERWISE, unlike
        ),
    ]


async def _alone(search: DeskSearch, asked: Sequence[Asked]) -> list[Line]:
    """Search each kind by itself, and take the time of it."""
    right: list[bool] = []
    times: list[float] = []
    for one in asked:
        (wanted,) = one.wanted
        # The time of this process: what else the machine does is no part of it.
        started = time.process_time()
        await search.find(Query(text=one.text, top=5), NOW)
        times.append(1000 * (time.process_time() - started))
        kind = "page" if wanted.startswith("page:") else "product"
        found = await search.find(Query.model_validate({"text": one.text, "kinds": {kind}, "top": 1}), NOW)
        right.append(_rank(found, one) == 0)
    return [
        _share("search: recall@1 of one kind", right, FIRST),
        Line("search: CPU of one question", median(times), "ms", 20.0),
    ]


def _rank(found: Sequence[Found], asked: Asked) -> int | None:
    names = [f"page:{one.id}" if one.kind == "page" else one.id for one in found]
    return next((place for place, name in enumerate(names) if name in asked.wanted), None)


def _share(what: str, right: Sequence[bool], target: float, note: str = "") -> Line:
    return Line(what, sum(right) / len(right), "", target, at_most=False, note=note)


def _questions() -> tuple[list[Asked], list[Asked], list[str]]:
    plain: dict[str, list[str]] = yaml.safe_load(QUESTIONS.read_text(encoding="utf-8"))
    meant: dict[str, Any] = yaml.safe_load(MEANT.read_text(encoding="utf-8"))
    asked = [Asked(text, frozenset({wanted})) for wanted, texts in plain.items() for text in texts]
    otherwise = [Asked(one["text"], frozenset(one["any"])) for one in meant["otherwise"]]
    return asked, otherwise, meant["nothing"]


async def _filled(database: Database) -> KnowledgeBase:
    records = read_records(SHOP / "records")

    def put(tx: Tx) -> None:
        for place, product in enumerate(records.rows["products"]):
            put_product(tx, product, place)

    await database.submit(put)
    knowledge = KnowledgeBase(database, Limits(), ZoneInfo("Asia/Jakarta"))
    await knowledge.publish(read_pages(SHOP / "knowledge"), "bench", NOW)
    return knowledge


@asynccontextmanager
async def _embedder(
    settings: Settings, folder: Path
) -> AsyncIterator[tuple[EmbeddingConfig, OpenAIEmbeddings]]:
    sandbox: SandboxServer | None = None
    if settings.shared.embedding.provider == "none":
        ((home, config),) = settings.desks
        clock = SharedClock(folder / "clock.json")
        sandbox = SandboxServer(sandbox_settings(home, config, folder, "http://127.0.0.1:9"), clock)
        await sandbox.start()
        told = PIECES.model_copy(update={"base_url": f"{sandbox.url}/v1"})
        shared = settings.shared.model_copy(update={"embedding": told})
        settings = settings.model_copy(update={"shared": shared, "secrets": SANDBOX_SECRETS})
    embedder = embedder_of(settings, lambda call: None)
    try:
        yield settings.shared.embedding, embedder
    finally:
        await embedder.close()
        if sandbox is not None:
            await sandbox.stop()
