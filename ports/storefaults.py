"""What a database was at fault for, as one process has seen it."""

from typing import Protocol

from casefile.errors import StoreDown


class StoreFaults(Protocol):
    """A running count, and the trouble that lasts."""

    @property
    def refused(self) -> int:
        """How often it refused since the process began."""
        ...

    @property
    def why(self) -> str:
        """What it said the last time."""
        ...

    @property
    def trouble(self) -> StoreDown | None:
        """The trouble, until something has been written again."""
        ...
