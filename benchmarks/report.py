"""Lines of a report: our figure, the peer's, their ratio, the target, and whether it was met."""

import json
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

Compared = Literal["ours", "ratio"]


@dataclass(frozen=True, slots=True)
class Line:
    """One measured line.

    `target` bounds our figure or its ratio to the peer's (`compared`), from above or from below (`at_most`).
    """

    what: str
    ours: float
    unit: str
    target: float
    at_most: bool = True
    compared: Compared = "ours"
    peer: float | None = None
    peer_name: str = ""
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Our figure over the peer's."""
        return self.ours / self.peer if self.peer else None

    @property
    def met(self) -> bool:
        """Say whether the target holds."""
        judged = self.ours if self.compared == "ours" else self.ratio
        if judged is None:
            return False
        return judged <= self.target if self.at_most else judged >= self.target


HEADS = ("what", "ours", "peer", "ratio", "target", "")


def table(lines: Sequence[Line]) -> str:
    """Return the lines as an aligned table, the notes below it."""
    rows = [HEADS, *(_row(line) for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADS))]
    text = [_aligned(row, widths) for row in rows]
    notes = [f"  {line.what}: {line.note}" for line in lines if line.note]
    return "\n".join([text[0], "-" * len(text[0].rstrip()), *text[1:], *(["", *notes] if notes else [])])


def keep(path: Path, lines: Iterable[Line], machine: dict[str, object]) -> None:
    """Write everything measured as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    measured = [asdict(line) | {"ratio": line.ratio, "met": line.met} for line in lines]
    whole = json.dumps({"machine": machine, "lines": measured}, indent=2, ensure_ascii=False)
    path.write_text(whole + "\n", encoding="utf-8")


def median(values: Iterable[float]) -> float:
    """Return the middle of some rounds."""
    return statistics.median(values)


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value that this share of all values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _row(line: Line) -> tuple[str, ...]:
    peer = f"{_figure(line.peer)} {line.peer_name}" if line.peer is not None else "-"
    ratio = f"{_figure(line.ratio)}x" if line.ratio is not None else "-"
    sign = "<=" if line.at_most else ">="
    unit = "x" if line.compared == "ratio" else f" {line.unit}".rstrip()
    return (
        line.what,
        f"{_figure(line.ours)} {line.unit}".rstrip(),
        peer.rstrip(),
        ratio,
        f"{sign} {_figure(line.target)}{unit}",
        "met" if line.met else "MISSED",
    )


def _figure(value: float | None) -> str:
    if value is None:
        return "-"
    if value == 0 or abs(value) >= 100:
        return f"{value:.0f}"
    return f"{value:.3g}"


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
