"""A wired desk for the length of one command."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.cli.common import existing
from app.settings import Settings
from app.wire import Wired, wire


@asynccontextmanager
async def wired(settings: Settings) -> AsyncIterator[Wired]:
    """Wire the desk to its existing database; a server may be running on it."""
    existing(settings)
    parts = await wire(settings, cache=settings.cache)
    try:
        yield parts
    finally:
        if parts.source is not None:
            await parts.source.close()
        if parts.sheet is not None:
            await parts.sheet.there.close()
        if parts.embedding is not None:
            await parts.embedding.embedder.close()
        if parts.model is not None:
            await parts.model.close()
        parts.database.close()
