"""A thread of a thousand turns: what is kept of it, and whether its turns grow slower."""

import shutil
import time

from benchmarks.desk import STATUS_QUESTION, open_desk, scratch
from benchmarks.report import Line, median
from benchmarks.stock import open_stock
from benchmarks.throughput import case_bytes

TURNS, STOCK_TURNS = 1000, 100
# The CPU of one turn is small beside the noise of a shared machine: a window of turns stands for each end.
WINDOW = 60


async def measure(rounds: int) -> list[Line]:
    """Run one long thread on ours and a shorter one on the stock saver."""
    ours = await open_desk(1)
    cpu: list[float] = []
    records: list[float] = []
    for _ in range(TURNS):
        began = time.process_time()
        turn = await ours.message(0)
        cpu.append(time.process_time() - began)
        records.append(sum(len(body) for _, _, body in turn.records) / case_bytes(turn.cases[0]))
    kept = ours.wired.database.read(
        "SELECT (SELECT SUM(LENGTH(body) + LENGTH(metadata)) FROM checkpoints)"
        " + (SELECT COALESCE(SUM(LENGTH(body)), 0) FROM checkpoint_writes) AS n"
    )[0]["n"]
    case = turn.cases[0]
    folder = scratch()
    stock = await open_stock(ours, folder / "same")
    for _ in range(STOCK_TURNS):
        await stock.message(0, STATUS_QUESTION)
    stock_kept = await stock.kept_bytes() / case_bytes(await stock.case_of(0, "wa-school-ct_b0"))
    await stock.close()
    ours.close()
    shutil.rmtree(folder)
    # The first turns have a shorter window of messages in the case; from the tenth on it is full.
    early, late = median(cpu[10 : 10 + WINDOW]), median(cpu[-WINDOW:])
    return [
        Line(
            f"checkpoint bytes kept after {TURNS} turns / case file",
            kept / case_bytes(case),
            "x",
            2,
            peer=stock_kept * TURNS / STOCK_TURNS,
            peer_name="same graph",
            note=f"the peer grows without bound; measured over {STOCK_TURNS} turns and scaled",
        ),
        Line("turn record / case file", median(records), "x", 0.5),
        Line(f"CPU of turn {TURNS} / turn 10", late / early, "x", 1.1),
    ]
