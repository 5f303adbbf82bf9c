"""What one core does, as it was measured: from the last run's figures, else from what the documents hold."""

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path

from app.settings import ROOT
from casefile.errors import BadInput

WRITTEN = ROOT / "docs" / "performance.md"
LINES = {
    "webhooks": "webhooks acknowledged, FastAPI on h11",
    "turns": "throughput, same graph",
    "p99": "p99, same graph",
    "understanding": "understanding one message",
    "transactions": "transactions a message, 32 cases",
}
# Its peer is the rate of one worker.
ONE_WORKER = "PostgreSQL, 1 -> 4 workers"


@dataclass(frozen=True, slots=True)
class Figures:
    """CPU milliseconds of one core: a webhook, a turn without understanding, understanding, a send over HTTP.

    `worker_ms` and `database_ms` are a message's at a worker, its sends included, and at its PostgreSQL (docs/scale.md
    says how they were come by; a run of `scaling` replaces the first by what one worker took). `write_ms` is a
    submission's at the writer, `commit_ms` what a commit takes on the disk. `p99_ms` and `transactions` are of 32
    customers who write without pause: what the model is checked against.
    """

    door_ms: float
    turn_ms: float
    understanding_ms: float
    p99_ms: float
    transactions: float
    send_ms: float = 0.9
    worker_ms: float = 29.3
    database_ms: float = 8.0
    write_ms: float = 0.175
    commit_ms: float = 0.3
    source: str = ""


def read_figures(kept: Path, written: Path = WRITTEN) -> Figures:
    """Read each figure from the JSON of `loket bench` where it has it, else from the table in the document."""
    found = _written(written) | _kept(kept)
    missing = [line for name, line in LINES.items() if name not in found]
    if missing:
        raise BadInput(f"neither {kept} nor {written} has the line {missing[0]!r}; run `loket bench`")
    figures = Figures(
        door_ms=1000 / found["webhooks"],
        turn_ms=1000 / found["turns"],
        understanding_ms=found["understanding"],
        p99_ms=found["p99"],
        transactions=found["transactions"],
        source=f"{kept.name} and {written.name}" if kept.exists() else written.name,
    )
    return replace(figures, worker_ms=1000 / found["worker"]) if "worker" in found else figures


def _kept(path: Path) -> dict[str, float]:
    if not path.exists():
        return {}
    try:
        kept = json.loads(path.read_bytes())["lines"]
        lines = {line["what"].strip(): float(line["ours"]) for line in kept}
        one = next(({"worker": float(line["peer"])} for line in kept if line["what"] == ONE_WORKER), {})
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput(
            f"{path} does not hold what `loket bench` keeps; run it again or move it away"
        ) from error
    return one | {name: lines[line] for name, line in LINES.items() if lines.get(line)}


def _written(path: Path) -> dict[str, float]:
    text = path.read_text(encoding="utf-8")
    found = {
        name: re.search(rf"^\s*{re.escape(line)}\s+([\d.]+)", text, re.M) for name, line in LINES.items()
    }
    return {name: float(match[1]) for name, match in found.items() if match}
