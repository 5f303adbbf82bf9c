"""The simulation's report: what each number of requests a day needs, and how near the model comes to the measured."""

from collections.abc import Sequence

from benchmarks.figures import Figures
from benchmarks.queueing import Station, Timeline
from benchmarks.simulate import AT_MOST, Part, Setup, demand, setup_for, simulate, writer_of

SIZES = (80, 1_000, 10_000, 100_000, 1_000_000)
HEADS = (
    "requests/day",
    "processes",
    "numbers",
    "groups",
    "coaches",
    "p50",
    "p99",
    "fills up first, one of each",
)
USED = ("requests/day", "door", "worker", "database", "number", "ops group", "coach group", "coaches")
CUSTOMERS, EACH = 32, 40


def report(figures: Figures, seed: int) -> str:
    """Simulate every size and return the tables."""
    needs: list[tuple[str, ...]] = [HEADS]
    used: list[tuple[str, ...]] = [USED]
    for requests in SIZES:
        setup = setup_for(requests, figures)
        outcome = simulate(requests, setup, figures, seed)
        needs.append(
            (
                f"{requests:,}",
                _processes(setup),
                str(setup.numbers),
                f"{setup.ops_groups} + {setup.coach_groups}",
                str(setup.coaches),
                f"{outcome.wait(0.5):.1f} s",
                f"{outcome.wait(0.99):.1f} s",
                _first(demand(requests, figures, alone=True)),
            )
        )
        shares = outcome.utilisation
        used.append((f"{requests:,}", *(_share(shares[part]) for part in _parts(shares))))
    return "\n\n".join(
        (
            f"From {figures.source}: the busiest hour of a day with a campaign in it, seed {seed}.",
            f"Needed, with no part worked more than {AT_MOST:.0%}, and the time to the first answer:",
            _table(needs),
            "Worked in that hour, of what is needed:",
            _table(used),
            _against(figures),
        )
    )


def closed_loop(figures: Figures, customers: int = CUSTOMERS, each: int = EACH) -> tuple[float, float, float]:
    """Let customers write without pause, as `loket bench --only throughput` does, understanding and sends excluded.

    Returns messages a second, the p99 of their waits in milliseconds, and transactions a message.
    """
    timeline = Timeline()
    process = Station(timeline, 1, lambda _: (figures.turn_ms - 2 * figures.write_ms) / 1000)
    writer = writer_of(timeline, process, figures)
    waits: list[float] = []

    def message(left: int) -> None:
        began = timeline.now

        def done() -> None:
            waits.append(timeline.now - began)
            if left > 1:
                message(left - 1)

        writer.arrive(lambda: process.arrive(lambda: writer.arrive(done)))

    for _ in range(customers):
        message(each)
    timeline.run()
    ordered = sorted(waits)
    return len(waits) / timeline.now, ordered[int(0.99 * len(ordered))] * 1000, writer.starts / len(waits)


def _against(figures: Figures) -> str:
    second, p99, transactions = closed_loop(figures)
    measured = 1000 / figures.turn_ms
    rows = [
        ("32 customers without pause, one process", "model", "measured", "off by"),
        ("messages a second", f"{second:.0f}", f"{measured:.0f}", _off(second, measured)),
        ("p99 of their waits", f"{p99:.0f} ms", f"{figures.p99_ms:.0f} ms", _off(p99, figures.p99_ms)),
        (
            "transactions a message",
            f"{transactions:.3f}",
            f"{figures.transactions:.3f}",
            _off(transactions, figures.transactions),
        ),
    ]
    return f"The model against the measured (the time of a turn is given to it, the rest is not):\n\n{_table(rows)}"


def _processes(setup: Setup) -> str:
    if setup.alone:
        return "1, on SQLite"
    return f"{setup.doors} door, {setup.workers} workers, PostgreSQL"


def _first(alone: dict[Part, float]) -> str:
    part = max(alone, key=lambda one: alone[one])
    full = [name for name, share in alone.items() if share > AT_MOST and name != part]
    return f"{part} ({_share(alone[part])})" + (f", then {', '.join(full)}" if full else "")


def _parts(shares: dict[Part, float]) -> list[Part]:
    order: tuple[Part, ...] = ("door", "worker", "database", "number", "ops group", "coach group", "coaches")
    return [part for part in order if part in shares]


def _share(share: float) -> str:
    return f"{share:.1%}" if share < 0.1 else f"{share:.0%}"


def _off(ours: float, theirs: float) -> str:
    return f"{ours / theirs - 1:+.0%}"


def _table(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    return "\n".join([lines[0], "-" * max(map(len, lines)), *lines[1:]])
