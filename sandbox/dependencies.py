"""Which of the server's own sources are out of order, in a file the server reads."""

import json
import os
from pathlib import Path

IN_SERVER = ("schedule", "payments", "knowledge", "model")
OUTSIDE = ("telegram", "whatsapp")


class Dependencies:
    """`dependencies.json` in the state folder: the name of a source to the mode of its fault."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / "dependencies.json"
        self._down: dict[str, str] = json.loads(self._path.read_text()) if self._path.exists() else {}
        self._write()

    @property
    def down(self) -> dict[str, str]:
        """What is out of order, and how."""
        return dict(self._down)

    def set(self, name: str, mode: str | None) -> None:
        """Break a source, or mend it with None."""
        if mode is None:
            self._down.pop(name, None)
        else:
            self._down[name] = mode
        self._write()

    def _write(self) -> None:
        fresh = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        fresh.write_text(json.dumps(self._down, sort_keys=True))
        fresh.replace(self._path)
