"""Embeddings of one desk, plugged in as config.yaml says: who makes them, and what is compared by them."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from adapters.openai_embeddings import EmbeddingSettings, OpenAIEmbeddings
from app.settings import Settings
from app.vendor_settings import EmbeddingConfig
from casefile.errors import BadInput
from casefile.money import Price
from gateway.health import Board
from gateway.purse import Purse
from gateway.watched_embedder import WatchedEmbedder
from ports.embeddings import Vector
from ports.models import ModelCall
from services.meaning import TextMeaning
from store.database import Database
from store.vectors import SqlVectors

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Embedding:
    """The endpoint, and the comparison that rests on it."""

    embedder: OpenAIEmbeddings
    meaning: TextMeaning


def embedding_of(
    settings: Settings,
    opened: Database,
    board: Board,
    purse: Purse,
    on_call: Callable[[ModelCall], None],
) -> Embedding | None:
    """Return the embeddings of config.yaml, or None where it names none."""
    told = settings.shared.embedding
    if told.provider == "none":
        return None
    embedder = embedder_of(settings, on_call)
    index = opened.vector_index(told.space, told.dimensions)
    if isinstance(index, str) and settings.shared.database.url is not None:
        log.warning("no_pgvector", why=index)
    vectors = SqlVectors(opened, told.space, None if isinstance(index, str) else index)
    meaning = TextMeaning(WatchedEmbedder(embedder, board, purse), vectors, told.rescue_above)
    return Embedding(embedder, meaning)


def meaning_of(embedding: Embedding | None) -> TextMeaning | None:
    """Return what search compares by; None where words have to do."""
    return None if embedding is None else embedding.meaning


def embedder_of(settings: Settings, on_call: Callable[[ModelCall], None]) -> OpenAIEmbeddings:
    """Return who asks the endpoint of config.yaml."""
    told: EmbeddingConfig = settings.shared.embedding
    key = settings.secrets.embedding_api_key
    return OpenAIEmbeddings(
        EmbeddingSettings(
            **told.model_dump(exclude={"provider", "price", "rescue_above"}),
            api_key=key.get_secret_value() if key else "",
            price=Price(input=told.price, cached=told.price, output=0),
        ),
        on_call,
    )


def unit_vector(told: EmbeddingConfig, vector: Vector) -> Vector:
    """Return somebody's vector in the length it is compared in; raises BadInput where it compares with nothing."""
    if told.provider == "none":
        raise BadInput("vector: this deployment has no embeddings (embedding.provider is none): send a text")
    if len(vector) != told.dimensions:
        raise BadInput(f"vector: {len(vector)} numbers; those of {told.model} have {told.dimensions}")
    length = math.hypot(*vector)
    if length == 0 or not math.isfinite(length):
        raise BadInput("vector: it points nowhere; its numbers are not all 0, nor too large to be measured")
    return tuple(one / length for one in vector)
