"""Messages a second, the slowest of a hundred, and bytes written, beside both stock builds."""

import asyncio
import shutil
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from benchmarks.desk import STATUS_QUESTION, OurDesk, open_desk, scratch, settled
from benchmarks.five_nodes import open_five
from benchmarks.report import Line, median, quantile
from benchmarks.stock import StockDesk, open_stock
from casefile.case import Case

CASES = 32
OURS_EACH, STOCK_EACH = 6, 2


@dataclass(slots=True)
class Rounds:
    """What the rounds of one build gave."""

    per_second: list[float] = field(default_factory=list)
    p99_ms: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)


async def measure(rounds: int) -> list[Line]:
    """Let 32 customers write without pause, to each build in turn."""
    ours = await open_desk(CASES)
    folder = scratch()
    same, five = await open_stock(ours, folder / "same"), await open_five(ours, folder / "five")
    builds: tuple[tuple[Callable[[int], Awaitable[object]], int, Rounds], ...] = (
        (ours.message, OURS_EACH, Rounds()),
        (lambda customer: same.message(customer, STATUS_QUESTION), STOCK_EACH, Rounds()),
        (lambda customer: five.message(customer, STATUS_QUESTION), STOCK_EACH, Rounds()),
    )
    for say, _, _ in builds:
        await _round(say, 1)
    settled()
    for _ in range(rounds):
        for say, each, found in builds:
            began = time.process_time()
            took, waits = await _round(say, each)
            found.cpu_ms.append((time.process_time() - began) / (CASES * each) * 1000)
            found.per_second.append(CASES * each / took)
            found.p99_ms.append(quantile(waits, 0.99) * 1000)
    written, kept = await _bytes(ours)
    written_same, written_five = await _stock_bytes(same), await _stock_bytes(five)
    await same.close()
    await five.close()
    ours.close()
    shutil.rmtree(folder)
    (per_second, p99), (same_second, same_p99), (five_second, five_p99) = (
        (median(found.per_second), median(found.p99_ms)) for _, _, found in builds
    )
    cpu = [median(found.cpu_ms) for _, _, found in builds]
    note = f"CPU a message {cpu[0]:.1f} ms; same graph {cpu[1]:.1f}, five-node graph {cpu[2]:.1f}"
    return [
        _line("throughput, same graph", per_second, same_second, "/s", 6, at_most=False, note=note),
        _line("throughput, five-node graph", per_second, five_second, "/s", 14, at_most=False),
        _line("p99, same graph", p99, same_p99, "ms", 0.30),
        _line("p99, five-node graph", p99, five_p99, "ms", 0.08),
        Line("bytes a turn / case file", written, "x", 1.5, peer=written_five, peer_name="five-node"),
        Line("  of it the turn record", kept, "x", 0.5, peer=written_same, peer_name="same graph, all"),
    ]


async def _round(say: Callable[[int], Awaitable[object]], each: int) -> tuple[float, list[float]]:
    waits: list[float] = []

    async def customer(number: int) -> None:
        for _ in range(each):
            began = time.perf_counter()
            await say(number)
            waits.append(time.perf_counter() - began)

    began = time.perf_counter()
    await asyncio.gather(*(customer(number) for number in range(CASES)))
    return time.perf_counter() - began, waits


async def _bytes(ours: OurDesk) -> tuple[float, float]:
    """Return (checkpoint + turn record, turn record) over the case file, averaged over twenty turns."""
    both = records = cases = 0
    for _ in range(20):
        turn = await ours.message(0)
        records += sum(len(body) for _, _, body in turn.records)
        both += sum(_staged_bytes(row) for row in turn.staged)
        cases += sum(case_bytes(case) for case in turn.cases)
    return (both + records) / cases, records / cases


async def _stock_bytes(stock: StockDesk) -> float:
    before = await stock.kept_bytes()
    turns = 4
    for _ in range(turns):
        await stock.message(0, STATUS_QUESTION)
    case = await stock.case_of(0, "wa-school-ct_b0")
    return (await stock.kept_bytes() - before) / turns / case_bytes(case)


def case_bytes(case: Case) -> int:
    """Return the size of a case file as the checkpoint holds it, before compression."""
    return len(case.model_dump_json().encode())


def _staged_bytes(row: object) -> int:
    """Return what a staged row of our saver holds: the checkpoint, or a write, with its metadata."""
    metadata = getattr(row, "metadata", "")
    body: bytes = getattr(row, "body")  # noqa: B009 - the rows are the store's own, opaque here
    return len(body) + len(metadata)


def _line(
    what: str, ours: float, peer: float, unit: str, target: float, at_most: bool = True, note: str = ""
) -> Line:
    return Line(
        what, ours, unit, target, at_most=at_most, compared="ratio", peer=peer, peer_name=unit, note=note
    )
