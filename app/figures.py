"""One desk's figures for /metrics."""

from app.wire import Wired
from casefile.money import MICRO
from gateway.metrics import Sample
from graph.calls import dated
from store.model_calls import SqlSpending


def desk_samples(wired: Wired) -> list[Sample]:
    """Return what the desk's store has done since it was opened, and what its models have cost today."""
    stats, desk = wired.database.stats, {"desk": wired.desk.rules.desk}
    return [
        Sample("loket_store_commits_total", stats.commits, "Write transactions.", "counter", desk),
        Sample("loket_store_submissions_total", stats.submissions, "Writes asked for.", "counter", desk),
        Sample("loket_store_refused_total", stats.refused, "Faults of the database.", "counter", desk),
        *_spent_today(wired),
    ]


def _spent_today(wired: Wired) -> list[Sample]:
    rules = wired.desk.rules
    day = dated(rules, wired.clock.now())["day"]
    found = []
    for row in SqlSpending(wired.database).totals(rules.desk, day):
        labels = {"desk": rules.desk, **{name: str(row[name]) for name in ("task", "model", "outcome")}}
        tokens = int(row["input_tokens"]) + int(row["output_tokens"])
        found += [
            Sample("loket_model_calls_today", int(row["calls"]), "Calls of models today.", labels=labels),
            Sample("loket_model_tokens_today", tokens, "Tokens in and out today.", labels=labels),
            Sample("loket_model_rupiah_today", int(row["cost"]) / MICRO, "Spent today.", labels=labels),
        ]
    return found
