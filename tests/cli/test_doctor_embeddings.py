"""What `loket doctor` says of embeddings, asked of the sandbox's endpoint and of a real PostgreSQL."""

import asyncio
from pathlib import Path
from typing import Any

from app.cli.doctor_embeddings import embeddings
from app.settings import Settings
from app.stage_sandbox import SANDBOX_SECRETS
from app.vendor_settings import EmbeddingConfig
from sandbox.server import SandboxServer
from tests.cli.cli_scenes import settings
from tests.graph.test_model_cost import sandbox
from tests.support.postgres import Postgres

__all__ = ["sandbox"]


def told(sandbox: SandboxServer, **changes: Any) -> Settings:
    given = {"provider": "openai", "base_url": f"{sandbox.url}/v1", "model": "pieces", "dimensions": 256}
    embedding = EmbeddingConfig.model_validate(given | changes)
    shared = settings().shared.model_copy(update={"embedding": embedding})
    return settings().model_copy(update={"shared": shared, "secrets": SANDBOX_SECRETS})


async def said(asked: Settings) -> list[tuple[str, str]]:
    # On a thread of its own, for the command has no loop running and the sandbox here has.
    found = await asyncio.to_thread(lambda: list(embeddings(asked)))
    return [(one.state, f"{one.said} {one.mend}") for one in found]


async def test_an_endpoint_that_answers_is_in_order_and_without_one_nothing_is_said(
    sandbox: SandboxServer,
) -> None:
    ((state, words),) = await said(told(sandbox))
    assert state == "ok" and "256 numbers" in words and sandbox.url in words
    assert await said(told(sandbox, provider="none")) == []


async def test_a_wrong_length_and_a_wrong_key_are_named_with_how_to_mend_them(sandbox: SandboxServer) -> None:
    ((state, words),) = await said(told(sandbox, dimensions=384))
    assert state == "problem" and "256 numbers, where embedding.dimensions says 384" in words
    no_key = SANDBOX_SECRETS.model_copy(update={"embedding_api_key": None})
    ((state, words),) = await said(told(sandbox).model_copy(update={"secrets": no_key}))
    assert state == "problem" and "HTTP 401" in words and "LOKET_EMBEDDING_API_KEY" in words


async def test_a_server_without_pgvector_is_told_of(
    sandbox: SandboxServer, postgres: Postgres, tmp_path: Path
) -> None:
    def on(conninfo: str) -> Settings:
        asked = told(sandbox)
        database = asked.shared.database.model_copy(update={"url": conninfo, "path": tmp_path / "x.db"})
        return asked.model_copy(update={"shared": asked.shared.model_copy(update={"database": database})})

    name = postgres.lend()
    with postgres.guest(name) as guest:
        (_, (state, words)) = await said(on(guest))
    assert state == "note" and "in memory" in words
    assert [state for state, _ in await said(on(postgres.url(name)))] == ["ok"]
    postgres.take_back(name)
