"""What is known of queues holds in the simulation, the same seed gives the same, and its figures are those kept."""

import json
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.figures import Figures, read_figures
from benchmarks.queueing import Station, Timeline
from benchmarks.simulate import AT_MOST, demand, setup_for, simulate
from benchmarks.simulated import closed_loop
from casefile.errors import BadInput

FIGURES = Figures(door_ms=0.14, turn_ms=3.4, understanding_ms=1.1, p99_ms=131, transactions=0.11)


def poisson(timeline: Timeline, station: Station, rate: float, many: int, drawn: random.Random) -> None:
    at = 0.0
    for _ in range(many):
        at += drawn.expovariate(rate)
        timeline.after(at, lambda: station.arrive(lambda: None))


def test_one_server_with_poisson_arrivals_waits_like_the_book_says() -> None:
    drawn, timeline = random.Random(5), Timeline()
    station = Station(timeline, 1, lambda _: drawn.expovariate(1.0))
    poisson(timeline, station, 0.6, 60_000, drawn)
    timeline.run()
    # M/M/1: a wait of rho / (mu - lambda) before service.
    assert station.waited / station.served == pytest.approx(0.6 / 0.4, rel=0.1)
    assert station.utilisation(timeline.now) == pytest.approx(0.6, rel=0.03)


def test_what_is_worked_is_what_arrives_times_what_it_takes() -> None:
    drawn, timeline = random.Random(6), Timeline()
    station = Station(timeline, 3, lambda _: 2.0)
    poisson(timeline, station, 0.9, 20_000, drawn)
    timeline.run()
    assert station.served == 20_000
    assert station.utilisation(timeline.now) == pytest.approx(0.9 * 2 / 3, rel=0.03)


def test_a_station_serves_in_order_and_all_who_wait_together_where_it_can() -> None:
    timeline = Timeline()
    done: list[tuple[int, float]] = []

    def ends(number: int) -> Callable[[], None]:
        return lambda: done.append((number, timeline.now))

    alone = Station(timeline, 1, lambda n: float(n))
    together = Station(timeline, 1, lambda n: 1.0, together=True)
    for number in range(4):
        alone.arrive(ends(number))
        together.arrive(lambda: None)
    timeline.run()
    assert done == [(0, 1.0), (1, 2.0), (2, 3.0), (3, 4.0)]
    # The first begins at once, the other three share the next.
    assert (together.starts, together.served) == (2, 4)


def test_what_stands_behind_a_station_waits_until_that_is_idle() -> None:
    timeline, done = Timeline(), []
    process = Station(timeline, 1, lambda _: 5.0)
    writer = Station(timeline, 1, lambda _: 1.0, together=True, behind=process)
    process.arrive(lambda: None)
    process.arrive(lambda: None)
    writer.arrive(lambda: done.append(timeline.now))
    timeline.run()
    assert done == [11.0]


def test_the_same_seed_gives_the_same_and_another_one_something_else() -> None:
    setup = setup_for(10_000, FIGURES)
    first = simulate(10_000, setup, FIGURES, seed=3)
    assert simulate(10_000, setup, FIGURES, seed=3) == first
    assert simulate(10_000, setup, FIGURES, seed=4) != first


def test_a_simulated_load_works_its_parts_as_much_as_it_demands() -> None:
    setup = setup_for(10_000, FIGURES)
    outcome = simulate(10_000, setup, FIGURES, seed=1)
    demanded = demand(10_000, FIGURES, alone=True)
    assert outcome.utilisation["coaches"] == pytest.approx(demanded["coaches"] / setup.coaches, rel=0.15)
    assert outcome.utilisation["ops group"] == pytest.approx(
        demanded["ops group"] / setup.ops_groups, rel=0.1
    )
    # Nobody hears anything before the burst is over; then it is the provider's time.
    assert 1.2 < outcome.wait(0.5) < 2.0 < outcome.wait(0.99) < 6.0


def test_what_is_needed_keeps_every_part_below_its_limit_and_grows_with_the_load() -> None:
    for requests in (80, 1_000, 100_000, 1_000_000):
        setup = setup_for(requests, FIGURES)
        demanded = demand(requests, FIGURES, setup.alone)
        assert demanded["worker"] <= AT_MOST * setup.workers
        assert demanded["number"] <= AT_MOST * setup.numbers
        assert demanded["coaches"] <= AT_MOST * setup.coaches
    assert setup_for(80, FIGURES).alone and not setup_for(1_000_000, FIGURES).alone
    slow = replace(FIGURES, worker_ms=2 * FIGURES.worker_ms)
    assert setup_for(1_000_000, slow).workers > setup_for(1_000_000, FIGURES).workers


def test_customers_without_pause_are_served_as_fast_as_turns_are_made() -> None:
    second, p99, transactions = closed_loop(FIGURES)
    assert second == pytest.approx(1000 / FIGURES.turn_ms, rel=0.1)
    # Little's law: 32 customers, each always waiting.
    assert p99 == pytest.approx(32 / second * 1000, rel=0.2)
    assert transactions < 0.15


def test_figures_come_from_the_last_run_and_else_from_the_document(tmp_path: Path) -> None:
    written = read_figures(tmp_path / "none.json")
    assert written.source == "performance.md"
    kept = tmp_path / "bench.json"
    lines = [
        {"what": "understanding one message", "ours": 2.5, "peer": None},
        {"what": "PostgreSQL, 1 -> 4 workers", "ours": 160, "peer": 80},
    ]
    kept.write_text(json.dumps({"lines": lines}))
    read = read_figures(kept)
    assert (read.understanding_ms, read.worker_ms, read.turn_ms) == (2.5, 12.5, written.turn_ms)


def test_figures_that_cannot_be_read_are_one_clear_line(tmp_path: Path) -> None:
    kept, document = tmp_path / "bench.json", tmp_path / "performance.md"
    kept.write_text("[]")
    with pytest.raises(BadInput, match=r"bench\.json does not hold"):
        read_figures(kept)
    document.write_text("nothing")
    with pytest.raises(BadInput, match="run `loket bench`"):
        read_figures(tmp_path / "none.json", document)
