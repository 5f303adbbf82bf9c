"""Vectors of texts: kept as bytes, and the nearest found by numpy or, where PostgreSQL has it, by pgvector."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import numpy as np

from ports.embeddings import Vector
from store.connection import VectorIndex
from store.database import Database
from store.times import iso
from store.transaction import Tx

# One's own order of bytes would not be another machine's.
FLOATS = np.dtype("<f4")


class SqlVectors:
    """The vectors of one space: of one model and one length, so that they compare.

    `index` is the database's own for that space, where it has one.
    """

    def __init__(self, database: Database, space: str, index: VectorIndex | None) -> None:
        self._database = database
        self._space = space
        self._index = index
        self._read: tuple[tuple[int, int], list[str], np.ndarray[Any, np.dtype[np.float32]]] | None = None

    def known(self) -> frozenset[str]:
        """Return the hashes of the texts that have a vector."""
        also = f" AND {self._index.column} IS NOT NULL" if self._index else ""
        rows = self._database.read(
            f"SELECT content_hash FROM embeddings WHERE space = ?{also}", (self._space,)
        )
        return frozenset(row["content_hash"] for row in rows)

    def empty(self) -> bool:
        """Say whether no text has a vector."""
        return not self._database.read("SELECT 1 FROM embeddings WHERE space = ? LIMIT 1", (self._space,))

    async def keep(self, vectors: Mapping[str, Vector], at: datetime) -> None:
        """Keep the vectors of texts, by hash; what another process kept meanwhile is the same."""
        column, value, also = "", "", "NOTHING"
        if self._index is not None:
            column, value = f", {self._index.column}", f", {self._index.value}"
            # Kept by who could not write the column yet.
            also = f"UPDATE SET {self._index.column} = excluded.{self._index.column}"
        sql = (
            f"INSERT INTO embeddings (space, content_hash, vector, at{column}) VALUES (?, ?, ?, ?{value})"
            f" ON CONFLICT (space, content_hash) DO {also}"
        )
        rows = [
            (
                *(self._space, name, np.asarray(vector, FLOATS).tobytes(), iso(at)),
                *((written(vector),) if self._index else ()),
            )
            for name, vector in vectors.items()
        ]
        await self._database.submit(lambda tx: tx.insert_many(sql, rows))

    async def forget_all_but(self, hashes: Collection[str]) -> None:
        """Remove the vectors of other spaces, and of texts that are no more."""
        rows = self._database.read("SELECT id, space, content_hash FROM embeddings")
        gone = [row["id"] for row in rows if row["space"] != self._space or row["content_hash"] not in hashes]

        def remove(tx: Tx) -> None:
            tx.insert_many("DELETE FROM embeddings WHERE id = ?", [(one,) for one in gone])

        if gone:
            await self._database.submit(remove)

    def nearest(self, vector: Vector, top: int) -> dict[str, float]:
        """Return the cosines of the texts nearest to a vector of length one, by hash."""
        if self._index is not None:
            rows = self._database.read(self._index.nearest, (written(vector), top))
            return {row["content_hash"]: float(row["cosine"]) for row in rows}
        names, matrix = self._all()
        if not names:
            return {}
        cosines = matrix @ np.asarray(vector, FLOATS)
        order = np.argsort(-cosines, kind="stable")[:top]
        return {names[place]: float(cosines[place]) for place in order}

    def _all(self) -> tuple[list[str], np.ndarray[Any, np.dtype[np.float32]]]:
        """Read every vector of the space; again only when one came or went (no id is ever given twice)."""
        (now,) = self._database.read(
            "SELECT COUNT(*) AS n, COALESCE(MAX(id), 0) AS last FROM embeddings WHERE space = ?",
            (self._space,),
        )
        state = (int(now["n"]), int(now["last"]))
        if self._read is None or self._read[0] != state:
            rows = self._database.read(
                "SELECT content_hash, vector FROM embeddings WHERE space = ? ORDER BY id", (self._space,)
            )
            matrix = np.frombuffer(b"".join(bytes(row["vector"]) for row in rows), FLOATS)
            self._read = (
                state,
                [row["content_hash"] for row in rows],
                matrix.reshape(max(len(rows), 1), -1),
            )
        return self._read[1], self._read[2]


def written(vector: Vector) -> str:
    """Write a vector as pgvector reads it."""
    return f"[{','.join(map(repr, vector))}]"
