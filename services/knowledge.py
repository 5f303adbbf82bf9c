"""Published knowledge: immutable releases of pages, one of them in force."""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Literal

from casefile.base import Language
from casefile.money import rupiah
from casefile.packets import KbExcerpt
from casefile.vitals import KnowledgeChange, ReviewedPage
from policies.limits import Limits
from policies.payments import PayTo
from services.change_requests import ChangeRequest
from services.pages import Page, parse_page
from services.releases import Changes, Order, by_name, changes_of, released
from store.database import Database
from store.errors import NotFound
from store.times import iso


class KnowledgeBase:
    """Implements ports.sources.Knowledge; limits and the account to pay to are rendered into their pages."""

    def __init__(self, database: Database, limits: Limits, zone: tzinfo, pay_to: PayTo | None = None) -> None:
        self._database = database
        self._limits = limits
        self._zone = zone
        self._pay_to = pay_to.values() if pay_to else {}
        self._read: tuple[str, dict[tuple[str, str], Page]] = ("", {})

    async def excerpt(self, topic: str, language: Language, now: datetime) -> KbExcerpt | None:
        """Return the page on a topic if it is published and in effect in the release in force, else None."""
        release, pages = self._pages()
        page = pages.get((topic, language))
        if page is None or not self.citable(page, now):
            return None
        answer, next_detail = self.words(page)
        return KbExcerpt(
            topic=page.page_id,
            title=page.title,
            status="Published",
            effective_date=page.effective,
            language=page.language,
            excerpt=answer,
            next_detail=next_detail,
            source_link=f"{page.page_id}.{page.language}.md",
            page_id=page.page_id,
            release=release,
            content_hash=page.content_hash,
        )

    def citable(self, page: Page, now: datetime) -> bool:
        """Say whether a page is published and in effect."""
        return page.status == "Published" and page.effective <= now.astimezone(self._zone).date()

    def words(self, page: Page) -> tuple[str, str]:
        """Return what customers are told of a page: its answer, and the next detail (may be empty)."""
        return self._render(page.answer, page.language), self._render(page.next_detail, page.language)

    def ever(self, name: str) -> bool:
        """Say whether any release has had a page of this name."""
        topic, _, language = name.rpartition(".")
        found = self._database.read_one(
            "SELECT 1 AS one FROM kb_bodies WHERE page_id = ? AND language = ?", (topic, language)
        )
        return found is not None

    def in_force(self) -> str | None:
        """Name the release in force; None before the first."""
        row = self._database.read_one("SELECT release FROM kb_in_force WHERE slot = 1")
        return None if row is None else str(row["release"])

    def pages_in_force(self) -> tuple[Page, ...]:
        """Return the pages of the release in force; none before the first."""
        return tuple(self._pages()[1].values())

    def reviewed(self) -> tuple[ReviewedPage, ...]:
        """Return the published pages in force, each with whose it is and when they last read it."""
        return tuple(
            ReviewedPage(page=page.name, owner=page.owner, last_reviewed=page.last_reviewed)
            for page in self.pages_in_force()
            if page.status == "Published"
        )

    def sync(self, pages: Sequence[Page]) -> Changes:
        """Say what publishing these pages would change; changes nothing."""
        known = self._hashes(self.in_force() or "")
        return changes_of(known, {page.name: page.content_hash for page in pages})

    async def changed_since(self, at: datetime) -> KnowledgeChange | None:
        """Return the release in force and how it differs from the one in force at a moment; None without any."""
        now = self.in_force()
        if now is None:
            return None
        # A moment before the first release is taken for its own.
        (then,) = self._database.read(
            "SELECT release FROM kb_releases WHERE at <= ? OR seq = (SELECT MIN(seq) FROM kb_releases)"
            " ORDER BY seq DESC LIMIT 1",
            (iso(at),),
        )
        found = changes_of(self._hashes(then["release"]), self._hashes(now))
        return KnowledgeChange(release=now, added=found.added, changed=found.changed, removed=found.removed)

    async def publish(
        self,
        pages: Sequence[Page],
        by: str,
        now: datetime,
        *,
        action: Literal["publish", "rollback"] = "publish",
        upon: str | None = None,
        closes: Sequence[ChangeRequest] = (),
    ) -> str:
        """Make these pages the release in force, documented, and return its name, `vYYYY-MM-DD.N`.

        The set already in force is not released again. Going back is publishing an older set. With `upon` nothing is
        released unless that is still in force; `closes` are the requests it answers, beside those about its pages.
        """
        order = Order(by, now, action, upon, tuple(closes))
        day = now.astimezone(self._zone).date().isoformat()
        return await self._database.submit(lambda tx: released(tx, pages, day, order))

    def pages_of(self, release: str) -> tuple[Page, ...]:
        """Return a release's pages as they were published (NotFound for a release nobody made)."""
        rows = self._database.read(
            "SELECT kb_bodies.source, kb_pages.page_id, kb_pages.language FROM kb_pages"
            " JOIN kb_bodies ON kb_bodies.content_hash = kb_pages.content_hash"
            " WHERE kb_pages.release = ? ORDER BY kb_pages.page_id, kb_pages.language",
            (release,),
        )
        if not rows:
            raise NotFound(f"no release {release!r}")
        return tuple(parse_page(f"{row['page_id']}.{row['language']}", row["source"]) for row in rows)

    def titles(self, language: Language, now: datetime) -> dict[str, str]:
        """Return topic -> title of everything that can be cited now."""
        return {
            page.page_id: page.title
            for page in self._pages()[1].values()
            if page.language == language and self.citable(page, now)
        }

    def _hashes(self, release: str) -> dict[str, str]:
        """Return the hash of each page of a release, by `page_id.language`."""
        return by_name(self._database.read("SELECT * FROM kb_pages WHERE release = ?", (release,)))

    def _pages(self) -> tuple[str, dict[tuple[str, str], Page]]:
        release = self.in_force()
        if release is not None and release != self._read[0]:
            # A release never changes, so its pages are read once.
            self._read = (release, {(p.page_id, p.language): p for p in self.pages_of(release)})
        return self._read

    @property
    def placeholders(self) -> frozenset[str]:
        """What a page may leave to be filled in."""
        return frozenset(self._values("id"))

    def _render(self, text: str, language: Language) -> str:
        for placeholder, value in self._values(language).items():
            text = text.replace(placeholder, value)
        return text

    def _values(self, language: Language) -> dict[str, str]:
        return {
            "{free_reschedules}": str(self._limits.free_reschedules),
            "{cutoff_text}": self._limits.cutoff.words(language),
            "{exchange_days}": str(self._limits.exchange_days),
            "{pay_hours}": str(self._limits.reservation_minutes // 60),
            "{order_review}": rupiah(self._limits.order_review, language),
            **{f"{{{name}}}": value for name, value in self._pay_to.items()},
        }
