"""What releasing a set of pages would change, page by page, and whose it is to approve."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from policies.knowledge import Grave, PageChange, grave
from services.pages import Page


@dataclass(frozen=True, slots=True)
class Proposal:
    """One page that would be added, changed or removed; `grave` says why a person has to approve it."""

    page: str
    kind: Literal["added", "changed", "removed"]
    grave: tuple[Grave, ...]
    before: Page | None
    after: Page | None


def proposals(before: Sequence[Page], after: Sequence[Page]) -> tuple[Proposal, ...]:
    """Compare a release's pages with those that would follow it, in the order of their names."""
    old, new = {page.name: page for page in before}, {page.name: page for page in after}
    return tuple(
        _proposal(name, old.get(name), new.get(name))
        for name in sorted(old.keys() | new.keys())
        if _hash(old.get(name)) != _hash(new.get(name))
    )


def without_grave(before: Sequence[Page], changes: Sequence[Proposal]) -> tuple[Page, ...]:
    """Return the release's pages with only those changes made that role A may approve."""
    pages = {page.name: page for page in before}
    pages |= {
        change.page: change.after for change in changes if change.after is not None and not change.grave
    }
    return tuple(pages.values())


def _proposal(name: str, old: Page | None, new: Page | None) -> Proposal:
    change = PageChange(page=name, before=old.source if old else "", after=new.source if new else "")
    kind: Literal["added", "changed", "removed"] = "changed"
    if old is None or new is None:
        kind = "added" if old is None else "removed"
    return Proposal(name, kind, grave(change), old, new)


def _hash(page: Page | None) -> str | None:
    return page.content_hash if page else None
