"""Which dependencies the sandbox has broken, as its state folder says."""

import json
from pathlib import Path

from casefile.errors import LoketError

FILE = "dependencies.json"


class SandboxHealth:
    """Implements ports.sources.Health from `dependencies.json`, which maps a broken name to its fault.

    No file means that nothing is down.
    """

    def __init__(self, state_dir: Path) -> None:
        self._path = state_dir / FILE

    async def down(self) -> frozenset[str]:
        """Return the names of the dependencies that are down now."""
        try:
            told = json.loads(self._path.read_bytes())
        except FileNotFoundError:
            return frozenset()
        except ValueError as error:
            raise LoketError(
                f"{FILE} is not JSON; mend a dependency on the sandbox's page to rewrite it"
            ) from error
        if not isinstance(told, dict):
            raise LoketError(f"{FILE} must hold an object of names")
        return frozenset(name for name, state in told.items() if state != "up")
