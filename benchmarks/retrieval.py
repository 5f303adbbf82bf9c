"""Whether search finds what people mean: recall over two hundred phrasings of our own (retrieval.yaml)."""

import shutil
import time
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

from app.finding import asked_at
from app.settings import ROOT
from benchmarks.desk import scratch
from benchmarks.report import Line, median
from policies.limits import Limits
from ports.search import Query
from services.knowledge import KnowledgeBase
from services.pages import read_pages
from services.search import DeskSearch
from store.catalogue import put_product
from store.database import Database
from store.records_load import read_records
from store.shop_sources import SqlShop
from store.transaction import Tx

NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
SHOP = ROOT / "desks" / "shop"
QUESTIONS = Path(__file__).with_suffix(".yaml")
FIRST, AMONG = 0.90, 0.98


async def measure(rounds: int) -> list[Line]:
    """Ask everything over pages and goods together, and each kind by itself."""
    folder = scratch()
    database = Database.open(folder / "retrieval.db")
    search = await _opened(database)
    asked = [
        (wanted, text)
        for wanted, texts in yaml.safe_load(QUESTIONS.read_text(encoding="utf-8")).items()
        for text in texts
    ]
    ranks: list[int | None] = []
    alone = 0
    times: list[float] = []
    for wanted, text in asked:
        # The time of this process: what else the machine does is no part of it.
        started = time.process_time()
        found = await search.find(Query(text=text, top=5), NOW)
        times.append(1000 * (time.process_time() - started))
        names = [f"page:{one.id}" if one.kind == "page" else one.id for one in found]
        ranks.append(names.index(wanted) if wanted in names else None)
        kind = "page" if wanted.startswith("page:") else "product"
        (first, *_) = await search.find(Query(text=text, kinds=frozenset({kind}), top=1), NOW) or (None,)
        alone += first is not None and first.id == wanted.removeprefix("page:")
    database.close()
    shutil.rmtree(folder)
    of = len(asked)
    note = f"{of} phrasings of {len({wanted for wanted, _ in asked})} pages and products"
    return [
        Line("search: recall@1", sum(r == 0 for r in ranks) / of, "", FIRST, at_most=False, note=note),
        Line("search: recall@5", sum(r is not None for r in ranks) / of, "", AMONG, at_most=False),
        Line("search: recall@1 of one kind", alone / of, "", FIRST, at_most=False),
        Line("search: CPU of one question", median(times), "ms", 20.0),
    ]


async def _opened(database: Database) -> DeskSearch:
    records = read_records(SHOP / "records")

    def put(tx: Tx) -> None:
        for place, product in enumerate(records.rows["products"]):
            put_product(tx, product, place)

    await database.submit(put)
    knowledge = KnowledgeBase(database, Limits(), ZoneInfo("Asia/Jakarta"))
    await knowledge.publish(read_pages(SHOP / "knowledge"), "bench", NOW)
    return DeskSearch(SqlShop(database), knowledge, asked_at(SHOP))
