"""The desk's search, plugged together: what it can cite, what it sells, and the ways people are known to ask."""

from collections.abc import Callable
from pathlib import Path

from app.desk import UNDERSTANDING
from app.embedding import meaning_of
from app.wire import Wired
from policies.intents import topic_of
from services.knowledge import KnowledgeBase
from services.search import Asked, DeskSearch, page_passage
from store.catalogue import everything
from store.database import Database
from store.shop_sources import passage_of
from understanding.corpus import load_examples


def search_of(wired: Wired) -> DeskSearch:
    """Return the search over a wired desk's pages and goods."""
    meaning = meaning_of(wired.embedding)
    return DeskSearch(wired.sources.catalogue, wired.knowledge, asked_at(wired.desk_home), meaning)


def texts_of(knowledge: KnowledgeBase, database: Database) -> list[str]:
    """Return everything that can be found, each as the one text that is embedded; no draft leaves the house."""
    pages = (page for page in knowledge.pages_in_force() if page.status == "Published")
    goods = everything(database.read)
    return [*map(page_passage, pages), *map(passage_of, goods)]


def asked_at(home: Path) -> Callable[[], Asked]:
    """Return what reads the desk's examples of questions, by the topic of the page that answers them."""

    def read() -> Asked:
        asked: dict[str, list[str]] = {}
        for example in load_examples(UNDERSTANDING, home / "understanding"):
            topic = topic_of(example.intent)
            if topic is not None:
                asked.setdefault(topic, []).append(example.text)
        return asked

    return read
