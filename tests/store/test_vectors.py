"""Vectors are kept once and the nearest found: by numpy on SQLite, by pgvector on PostgreSQL, the same ones."""

import math
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from store.connection import VectorIndex
from store.database import Database
from store.postgres import PostgresServer
from store.sqlite import SqliteFile
from store.vectors import SqlVectors
from tests.support.postgres import Postgres

NOW = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
# A name may hold what SQL gives a meaning.
SPACE = "model's 8 ?%"


def vectors_of(database: Database, space: str = SPACE, dimensions: int = 8) -> SqlVectors:
    index = database.vector_index(space, dimensions)
    return SqlVectors(database, space, None if isinstance(index, str) else index)


def some(count: int, seed: int = 1, dimensions: int = 8) -> dict[str, tuple[float, ...]]:
    drawn = random.Random(seed)
    raw = [[drawn.gauss(0, 1) for _ in range(dimensions)] for _ in range(count)]
    return {f"h{n}": tuple(x / math.hypot(*one) for x in one) for n, one in enumerate(raw)}


def cosine(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


async def test_the_nearest_are_found_with_their_cosines(database: Database) -> None:
    kept, vectors = some(300), vectors_of(database)
    (asked,) = some(1, seed=2).values()
    await vectors.keep(kept, NOW)
    told = {name: cosine(asked, vector) for name, vector in kept.items()}
    best = sorted(told, key=lambda name: -told[name])[:10]
    found = vectors.nearest(asked, 10)
    assert list(found) == best
    assert list(found.values()) == pytest.approx([told[name] for name in best], abs=1e-6)


async def test_a_text_is_kept_once_and_forgotten_when_it_is_no_more(database: Database) -> None:
    kept, vectors, others = some(3), vectors_of(database), vectors_of(database, "another 8")
    (asked,) = some(1, seed=2).values()
    assert (vectors.empty(), vectors.nearest(asked, 5)) == (True, {})
    await others.keep(some(1), NOW)
    await vectors.keep(kept, NOW)
    await vectors.keep(kept, NOW)
    assert vectors.known() == set(kept) == set(vectors.nearest(asked, 5))
    assert database.read("SELECT COUNT(*) AS n FROM embeddings")[0]["n"] == 4
    # One goes and another comes, at the same moment: what was read before is not what is there now.
    await vectors.forget_all_but({"h0", "h1"})
    await vectors.keep({"h9": asked}, NOW)
    assert next(iter(vectors.nearest(asked, 5).items())) == ("h9", pytest.approx(1, abs=1e-6))
    assert set(vectors.nearest(asked, 5)) == {"h0", "h1", "h9"} and others.empty()


async def test_postgresql_asks_its_own_index_and_a_second_process_finds_it_ready(postgres: Postgres) -> None:
    backend = postgres.backend(name := postgres.lend())
    database = Database.of(backend)
    index = backend.vector_index(SPACE, 8)
    assert isinstance(index, VectorIndex) and index == backend.vector_index(SPACE, 8)
    vectors = SqlVectors(database, SPACE, index)
    await vectors.keep(some(2000), NOW)
    (asked,) = some(1, seed=2).values()
    rows = database.read(f"EXPLAIN {index.nearest}", (str(list(asked)), 5))
    assert any("Index Scan using embeddings_near_" in row[0] for row in rows)
    assert len(vectors.nearest(asked, 150)) == 150
    database.close()
    postgres.take_back(name)


async def test_vectors_kept_before_there_was_pgvector_are_kept_again(postgres: Postgres) -> None:
    database = Database.of(postgres.backend(name := postgres.lend()))
    await SqlVectors(database, SPACE, None).keep(some(2), NOW)
    vectors = vectors_of(database)
    assert vectors.known() == frozenset()
    await vectors.keep(some(2), NOW)
    (asked,) = some(1, seed=2).values()
    assert vectors.known() == {"h0", "h1"} == set(vectors.nearest(asked, 5))
    database.close()
    postgres.take_back(name)


async def test_a_desk_in_a_schema_of_its_own_uses_the_same_extension(postgres: Postgres) -> None:
    name = postgres.lend()
    url = postgres.url(name)
    joint = "&" if "?" in url else "?"
    beside = postgres.backend(name)
    beside.vector_index(SPACE, 8)
    apart = Database.of(PostgresServer(f"{url}{joint}options=-csearch_path%3Dloket_shop", beside.path))
    vectors = vectors_of(apart)
    await vectors.keep(some(3), NOW)
    assert set(vectors.nearest(some(1)["h0"], 2)) <= {"h0", "h1", "h2"}
    assert apart.read("SELECT COUNT(*) AS n FROM embeddings")[0]["n"] == 3
    apart.close()


def test_a_server_without_pgvector_says_so_and_how_to_mend_it(postgres: Postgres) -> None:
    name = postgres.lend()
    with postgres.guest(name) as url:
        why = PostgresServer(url, postgres.backend(name).path).vector_index(SPACE, 8)
    assert isinstance(why, str) and "CREATE EXTENSION vector" in why and "in memory" in why
    postgres.take_back(name)


def test_sqlite_compares_in_memory(tmp_path: Path) -> None:
    assert "in memory" in str(SqliteFile(tmp_path / "loket.db").vector_index(SPACE, 8))
