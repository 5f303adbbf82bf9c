"""Two who keep the same record: what each changed since both knew the same, put together."""

from collections.abc import Mapping

from pydantic import JsonValue


def merged(
    known: Mapping[str, JsonValue], ours: Mapping[str, JsonValue], theirs: Mapping[str, JsonValue]
) -> tuple[dict[str, JsonValue], tuple[str, ...]]:
    """Return the record with each one's changes, and what both changed, each to something else: there theirs stands."""
    both = {
        name: ours[name] if name in known and theirs[name] == known[name] else theirs[name] for name in theirs
    }
    clashes = (name for name in theirs if ours[name] not in (known.get(name), theirs[name], both[name]))
    return both, tuple(clashes)
