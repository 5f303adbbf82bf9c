"""Embeddings as a desk asks for them: not while they are out of order, nor with the day's money spent."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from casefile.errors import DependencyDown
from gateway.health import Board
from gateway.purse import Purse
from ports.embeddings import NAME, Embedder, Vector

T = TypeVar("T")


class WatchedEmbedder:
    """Implements ports.embeddings.Embedder over another, every failure and every success told to the board."""

    def __init__(self, embedder: Embedder, board: Board, purse: Purse) -> None:
        self._embedder = embedder
        self._board = board
        self._purse = purse

    async def question(self, text: str) -> Vector:
        """Return the vector of what somebody looks for."""
        return await self._told(lambda: self._embedder.question(text))

    async def passages(self, texts: Sequence[str]) -> tuple[Vector, ...]:
        """Return the vectors of texts that can be found, in their order."""
        return await self._told(lambda: self._embedder.passages(texts))

    async def _told(self, ask: Callable[[], Awaitable[T]]) -> T:
        if NAME in await self._board.down():
            raise DependencyDown(NAME, "out of order")
        if not await self._purse.open():
            raise DependencyDown(NAME, "the day's money is spent")
        try:
            found = await ask()
        except DependencyDown as error:
            self._board.failed(error.name)
            raise
        self._board.worked(NAME)
        return found
