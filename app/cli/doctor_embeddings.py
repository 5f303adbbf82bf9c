"""`loket doctor` on embeddings: whether the endpoint answers, with vectors as long as config.yaml says."""

import asyncio
from collections.abc import Iterator

from app.cli.doctor import Finding
from app.database import backend_of
from app.embedding import embedder_of
from app.settings import Settings
from casefile.errors import DependencyDown

PART = "embeddings"


def embeddings(settings: Settings) -> Iterator[Finding]:
    """Have one word embedded, and see whether PostgreSQL can compare vectors itself."""
    told = settings.shared.embedding
    if told.provider == "none":
        return
    try:
        asyncio.run(_ask(settings))
    except DependencyDown as down:
        mend = "correct embedding in config.yaml, or LOKET_EMBEDDING_API_KEY; until then words have to do"
        yield Finding(PART, "problem", f"{told.model} at {told.base_url}: {down.why}", mend)
    else:
        said = f"{told.model} at {told.base_url} answers, {told.dimensions} numbers a vector"
        yield Finding(PART, "ok", said)
    backend = backend_of(settings)
    if settings.shared.database.url is None or not backend.exists():
        return
    index = backend.vector_index(told.space, told.dimensions)
    if isinstance(index, str):
        yield Finding(PART, "note", "PostgreSQL compares no vectors itself", index)


async def _ask(settings: Settings) -> None:
    embedder = embedder_of(settings, lambda call: None)
    try:
        await embedder.question("halo")
    finally:
        await embedder.close()
