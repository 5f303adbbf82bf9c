"""Drafts of changed pages, beside the requests they answer: kept for people, and never in force by themselves."""

import json
from dataclasses import dataclass
from datetime import date, datetime

from casefile.base import Language
from services.pages import Page, composed, parse_page, parts_of, sendable
from store.database import Database
from store.times import iso, moment

MODEL = "D, F"


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft of a page's first paragraph; `by` is MODEL or a person; both are empty until it is written."""

    key: str
    page: str
    text: str
    by: str
    held: tuple[str, ...]
    at: datetime


class ChangeDrafts:
    """One desk's drafts, the latest for each request."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, key: str) -> Drafted | None:
        """Return what was drafted for a request."""
        row = self._database.read_one("SELECT * FROM change_drafts WHERE key = ?", (key,))
        if row is None:
            return None
        held = tuple(json.loads(row["held"]))
        return Drafted(row["key"], row["page"], row["text"], row["by"], held, moment(row["at"]))

    def keys(self) -> frozenset[str]:
        """Return the requests for which a text was drafted."""
        return frozenset(
            row["key"] for row in self._database.read("SELECT key FROM change_drafts WHERE text <> ''")
        )

    async def keep(self, draft: Drafted) -> None:
        """Keep a draft in the place of an earlier one."""
        await self._database.submit(
            lambda tx: tx.execute(
                "INSERT INTO change_drafts (key, page, text, by, held, at) VALUES (?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (key) DO UPDATE SET page = excluded.page, text = excluded.text, by = excluded.by,"
                " held = excluded.held, at = excluded.at",
                (
                    draft.key,
                    draft.page,
                    draft.text,
                    draft.by,
                    json.dumps(draft.held, ensure_ascii=False),
                    iso(draft.at),
                ),
            )
        )


def page_with(
    name: str, before: Page | None, text: str, owner: str, today: date, placeholders: frozenset[str]
) -> Page:
    """Return a page with another first paragraph, a new page as a draft; BadInput for what cannot be sent."""
    topic, _, language = name.rpartition(".")
    if before is None:
        front = _front(topic, "en" if language == "en" else "id", owner, today)
        body = text
    else:
        front, old = parts_of(before.source)
        _, *rest = old.split("\n\n", 1)
        body = "\n\n".join((text, *rest))
    return sendable(parse_page(f"{name}.md", composed(front, body)), placeholders)


def _front(topic: str, language: Language, owner: str, today: date) -> dict[str, str]:
    return {
        "Topic": topic,
        "Title": topic.replace("_", " ").capitalize()[:20],
        "Status": "Draft",
        "Effective date": today.isoformat(),
        "Owner": owner,
        "Last reviewed": today.isoformat(),
        "Applies to": "all customers",
        "Language": language,
        "Intent": f"faq.{topic}",
    }
