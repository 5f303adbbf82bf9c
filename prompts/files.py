"""Reading our YAML files: plain mappings, no silent duplicates, errors that name the place."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from casefile.errors import BadInput

try:
    # Ten times as quick; a start-up reads some fifty thousand tokens.
    from yaml import CSafeLoader as SafeLoader
except ImportError:
    from yaml import SafeLoader  # type: ignore[assignment]


class _Strict(SafeLoader):
    """YAML's safe loader, which by itself lets a repeated key silently win over the earlier one."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if str(key.value) in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key.value!r} is there twice", key.start_mark
                )
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)


def parse_mapping(text: str, name: str) -> dict[str, Any]:
    """Parse YAML text into a mapping with text keys; raises BadInput naming `name` and the fault."""
    try:
        # _Strict is a SafeLoader: it builds plain data only
        data = yaml.load(text, Loader=_Strict)
    except yaml.YAMLError as fault:
        raise BadInput(f"{name}: not readable as YAML: {fault}") from fault
    if not isinstance(data, dict) or not all(isinstance(key, str) for key in data):
        raise BadInput(f"{name}: must be a mapping from names to values")
    return data


def read_mapping(path: Path) -> dict[str, Any]:
    """Read a YAML file that holds a mapping; raises BadInput when it is absent or has another shape."""
    if not path.is_file():
        raise BadInput(f"{path}: there is no such file")
    return parse_mapping(path.read_text(encoding="utf-8"), str(path))


def only_keys(entry: object, allowed: frozenset[str], place: str) -> Mapping[str, Any]:
    """Return the entry as a mapping after refusing anything but the allowed keys."""
    if not isinstance(entry, dict):
        raise BadInput(f"{place}: must be a mapping with {_listed(allowed)}")
    strange = {str(key) for key in entry} - allowed
    if strange:
        raise BadInput(f"{place}: unknown key {_listed(strange)}; allowed: {_listed(allowed)}")
    return entry


def _listed(names: set[str] | frozenset[str]) -> str:
    return ", ".join(sorted(names))
