"""pgvector: PostgreSQL finds the nearest vectors itself, with an index of its own for each space."""

import hashlib

import psycopg
from psycopg import errors as pg

from store.connection import Row, VectorIndex

# One process at a time makes it ready.
PREPARING = 0x10CE8
INSTALLED = (
    b"SELECT nspname FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace"
    b" WHERE extname = 'vector'"
)
LACKING = (pg.FeatureNotSupported, pg.UndefinedFile, pg.InsufficientPrivilege)
MEND = (
    "install pgvector for this server and let an administrator run CREATE EXTENSION vector SCHEMA public in this"
    " database; until then vectors are compared in memory, with the same results"
)


def prepare(connection: "psycopg.Connection[Row]", space: str, dimensions: int) -> VectorIndex | str:
    """Make the extension, the column and the index of a space ready, or say why that cannot be.

    The space becomes part of the statements: its index is used only by a question that names it.
    """
    name = f"embeddings_near_{hashlib.sha256(f'{space} {dimensions}'.encode()).hexdigest()[:12]}"
    try:
        schema = _ready(connection, name, space, dimensions)
    except LACKING as error:
        return f"{str(error).partition(chr(10))[0]}: {MEND}"
    distance = f"{_near(schema, dimensions)} OPERATOR({schema}.<=>) asked.vector"
    return VectorIndex(
        column="near",
        value=f"CAST(? AS {schema}.vector)",
        nearest=(
            f"SELECT content_hash, 1 - ({distance}) AS cosine"
            f" FROM embeddings, (SELECT CAST(? AS {schema}.vector({dimensions})) AS vector) AS asked"
            f" WHERE space = {_quoted(space)} AND near IS NOT NULL ORDER BY {distance} LIMIT ?"
        ),
    )


def _ready(connection: "psycopg.Connection[Row]", name: str, space: str, dimensions: int) -> str:
    """Do what has not been done yet, and return the schema the extension is in."""
    there = connection.execute(INSTALLED).fetchone()
    made = connection.execute(b"SELECT to_regclass(%s)", (name,)).fetchone()
    if there is not None and made is not None and made[0] is not None:
        return _named(str(there[0]))
    with connection.transaction():
        connection.execute(b"SELECT pg_advisory_xact_lock(%s)", (PREPARING,))
        # In a schema that every desk's connection can name, and not in the first desk's own.
        connection.execute(b"CREATE EXTENSION IF NOT EXISTS vector SCHEMA public")
        there = connection.execute(INSTALLED).fetchone()
        schema = _named(str(there[0]) if there else "public")
        connection.execute(f"ALTER TABLE embeddings ADD COLUMN IF NOT EXISTS near {schema}.vector".encode())
        connection.execute(
            f"CREATE INDEX IF NOT EXISTS {name} ON embeddings USING hnsw"
            f" (({_near(schema, dimensions)}) {schema}.vector_cosine_ops)"
            f" WHERE space = {_quoted(space)} AND near IS NOT NULL".encode()
        )
    return schema


def _near(schema: str, dimensions: int) -> str:
    return f"CAST(near AS {schema}.vector({dimensions}))"


def _named(schema: str) -> str:
    return '"' + schema.replace('"', '""') + '"'


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
