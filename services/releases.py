"""Releases as rows: an immutable set of pages by their hashes, one of them in force, each documented."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from casefile.packets import AuditEntry
from services.change_requests import ChangeRequest, release_for
from services.pages import Page
from store.audit import write_audit
from store.connection import Row
from store.times import iso
from store.transaction import Tx


@dataclass(frozen=True, slots=True)
class Order:
    """Who puts pages in force, when and as what; `closes` are the requests it answers.

    With `upon` nothing is put in force unless that release still is.
    """

    by: str
    at: datetime
    action: Literal["publish", "rollback"] = "publish"
    upon: str | None = None
    closes: tuple[ChangeRequest, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """What pages at hand would change of the release in force, as `page_id.language`."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)

    @property
    def pages(self) -> frozenset[str]:
        """Every page that differs."""
        return frozenset((*self.added, *self.changed, *self.removed))

    def words(self) -> str:
        """Say it in a line, for the audit trail."""
        marked = [("+", self.added), ("~", self.changed), ("-", self.removed)]
        return " ".join(f"{mark}{name}" for mark, names in marked for name in names)


def released(tx: Tx, pages: Sequence[Page], day: str, order: Order) -> str:
    """Put pages in force as a release of a day, documented; returns the release that is in force then."""
    by, now = order.by, order.at
    # Who publishes at the same time waits here, and then sees what this one has put in force.
    tx.execute("UPDATE kb_in_force SET release = release WHERE slot = 1")
    found = tx.one("SELECT release FROM kb_in_force WHERE slot = 1")
    current = None if found is None else str(found["release"])
    known = by_name(tx.all("SELECT * FROM kb_pages WHERE release = ?", (current,)))
    changes = changes_of(known, {page.name: page.content_hash for page in pages})
    if current is not None and (not changes or order.upon not in {None, current}):
        return current
    row = tx.one("SELECT COUNT(*) AS n FROM kb_releases WHERE release LIKE ?", (f"v{day}.%",))
    release = f"v{day}.{(row['n'] if row else 0) + 1}"
    tx.execute(
        "INSERT INTO kb_releases (release, at, published_by) VALUES (?, ?, ?)", (release, iso(now), by)
    )
    tx.insert_many(
        "INSERT INTO kb_bodies (content_hash, page_id, language, source) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (content_hash) DO NOTHING",
        [(page.content_hash, page.page_id, page.language, page.source) for page in pages],
    )
    tx.insert_many(
        "INSERT INTO kb_pages (release, page_id, language, content_hash) VALUES (?, ?, ?, ?)",
        [(release, page.page_id, page.language, page.content_hash) for page in pages],
    )
    tx.execute(
        "INSERT INTO kb_in_force (slot, release) VALUES (1, ?)"
        " ON CONFLICT (slot) DO UPDATE SET release = excluded.release",
        (release,),
    )
    entry = AuditEntry(
        at=now,
        case_id=None,
        actor=by,
        service="knowledge",
        action=order.action,
        result="success",
        reason=changes.words(),
        data_refs=(release, *((current,) if current else ())),
    )
    write_audit(tx, f"kb:{release}", entry)
    release_for(tx, changes.pages, order.closes, by, now, release)
    return release


def by_name(rows: Iterable[Row]) -> dict[str, str]:
    """Return the hash of each page, by `page_id.language`."""
    return {f"{row['page_id']}.{row['language']}": row["content_hash"] for row in rows}


def changes_of(known: Mapping[str, str], given: Mapping[str, str]) -> Changes:
    """Compare two sets of pages by their hashes."""
    return Changes(
        added=tuple(sorted(given.keys() - known.keys())),
        changed=tuple(sorted(k for k in given.keys() & known.keys() if given[k] != known[k])),
        removed=tuple(sorted(known.keys() - given.keys())),
    )
