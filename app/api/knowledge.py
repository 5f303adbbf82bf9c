"""Published knowledge, as B would cite it now; it is written in its source, not here."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Query

from app.api.access import Caller, caller_for
from casefile.base import Frozen, Language
from casefile.packets import KbExcerpt
from ports.search import Query as Wanted

router = APIRouter(prefix="/knowledge", tags=["knowledge"])
Reader = Annotated[Caller, Depends(caller_for("knowledge:read"))]
UNKNOWN = "no page on this is published and in effect"


class Release(Frozen):
    """The release in force and the pages in it."""

    release: str | None
    pages: tuple[str, ...]


@router.get("/release")
async def release(caller: Reader) -> Release:
    """Return the release in force and the names of its pages."""
    known = caller.wired.knowledge
    return Release(
        release=known.in_force(), pages=tuple(sorted(page.name for page in known.pages_in_force()))
    )


@router.get("/pages/{topic}", responses={404: {"description": UNKNOWN}})
async def page(
    caller: Reader, topic: Annotated[str, Path(max_length=80)], language: Language = "id"
) -> KbExcerpt:
    """Return the page on a topic if it may be cited now."""
    found = await caller.wired.knowledge.excerpt(topic, language, caller.wired.clock.now())
    if found is None:
        raise HTTPException(404, UNKNOWN)
    return found


@router.get("/search")
async def search(
    caller: Reader,
    text: Annotated[str, Query(max_length=200)],
    language: Language = "id",
    top_k: Annotated[int, Query(ge=1, le=20)] = 5,
) -> list[KbExcerpt]:
    """Return the pages that fit the words and may be cited now, best first."""
    wanted = Wanted(text=text, language=language, kinds=frozenset({"page"}), top=top_k)
    found = await caller.search.find(wanted, caller.wired.clock.now())
    return [one.page for one in found if one.page is not None]
