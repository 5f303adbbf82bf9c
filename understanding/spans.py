"""A piece of a text with what it was read as."""

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Span(Generic[T]):
    """Characters `start` to `end` of the text, read as `value`."""

    start: int
    end: int
    value: T
