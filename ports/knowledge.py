"""Where pages of knowledge are written, when that is another system than the desk's own folder."""

from datetime import datetime
from typing import Protocol

from pydantic import AwareDatetime

from casefile.base import Frozen


class ListedPage(Frozen):
    """A published page as its source lists it: `title` and `link` are for people who look for it there.

    `edited_at` may be rounded down, so that a page can change twice at the same time. `front` is its properties as the
    front matter of a file has them, a value each; what is empty there is missing here.
    """

    id: str
    title: str
    link: str
    edited_at: AwareDatetime
    front: dict[str, str]


class KnowledgeSource(Protocol):
    """The system in which people write pages; a page that is a draft there is never seen here."""

    async def check(self) -> None:
        """Return when the source can be read; else raise DependencyDown."""
        ...

    async def published(self) -> tuple[ListedPage, ...]:
        """List every page that is published, whatever its age; raises DependencyDown."""
        ...

    async def text(self, page_id: str) -> str:
        """Return what stands on a page as Markdown; raises DependencyDown."""
        ...

    async def close(self) -> None:
        """Give the connections back."""
        ...


class Subscription(Protocol):
    """What is kept of a source that says when there is news: the token it signs with, and that it has news."""

    def token(self) -> str | None:
        """Return the token the source signs with; None before it has sent one."""
        ...

    async def subscribed(self, token: str, at: datetime) -> bool:
        """Keep the token; False when there is one already, which stays."""
        ...

    async def news(self, at: datetime) -> None:
        """Note that the source says there is news: it is looked at next."""
        ...
