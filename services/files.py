"""Customers' files as they lie in the media folder."""

from collections.abc import Iterable
from pathlib import Path


def remove_files(folder: Path, names: Iterable[str]) -> int:
    """Delete kept files; one that is gone already is no error."""
    count = 0
    for name in names:
        path = folder / name
        count += path.exists()
        path.unlink(missing_ok=True)
        (folder / f"{name}.part").unlink(missing_ok=True)
    return count
