"""A run in the terminal: the scorecard, what failed and why, and what changed since another run."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap

from evals.beside import HEADS, by_tier
from evals.diff import KINDS, Change, StepChange
from evals.outcome import DIMENSIONS, Outcome, Step, scorecard
from evals.run import Run

TICK, CROSS = "✓", "✗"
WIDTH = 110
SHOWN = 12
# Of texts that begin alike for longer than this, only what leads up to the difference is shown.
LINE, LEAD = 60, 20


def summary(run: Run, home: str, counted: Iterable[str] | None = None) -> Iterator[str]:
    """Say how a run went: the scorecard, repetitions, time, cost and what failed; by tier unless counted otherwise."""
    yield ""
    yield f"{run.exam}: {len(run.by_name)} conversations, {run.seconds:.0f} s" + _variant(run)
    yield ""
    yield from tiers(run) if counted is None else counted
    yield ""
    marks = run.marks
    yield "  ".join(f"{name} {marks[name]:.2f}" for name in DIMENSIONS) + "   (0 to 2)"
    repeated = f", pass^{run.epochs} {run.pass_k:.3f}" if run.epochs > 1 else ""
    yield f"pass^1 {run.pass_1:.3f}{repeated}"
    yield f"a step settles in {run.step_seconds(0.5):.2f} s (p50), {run.step_seconds(0.95):.2f} s (p95)"
    used = run.usage
    yield f"model calls {used.calls}, tokens {used.tokens_in} in and {used.tokens_out} out, Rp {used.rupiah:,.0f}"
    yield from failures(run)
    yield ""
    yield f"report: {home}/report.html    log: inspect view --log-dir {home}"


def tiers(run: Run) -> Iterator[str]:
    """Count what passed by tier and language."""
    rows = [("", "id", "en", "passed")]
    firsts = [outcomes[0] for outcomes in run.by_name.values()]
    for tier in sorted({outcome.tier for outcome in firsts}):
        of = [outcome for outcome in firsts if outcome.tier == tier]
        languages = Counter(outcome.language for outcome in of)
        passed = sum(outcome.ok for outcome in of)
        rows.append((tier, str(languages["id"]), str(languages["en"]), f"{passed} of {len(of)}"))
    return _columns(rows)


def beside(before: Run, after: Run) -> Iterator[str]:
    """Show two runs beside one another by tier: A is the first."""
    yield ""
    yield from _columns((HEADS, *by_tier(before, after)))


def families(run: Run) -> Iterator[str]:
    """Count, for an exam of attacks, what each family of them got through."""
    rows = [("family", "id", "en", "held")]
    firsts = [outcomes[0] for outcomes in run.by_name.values()]
    for family in sorted({outcome.topic for outcome in firsts}):
        of = [outcome for outcome in firsts if outcome.topic == family]
        languages = Counter(outcome.language for outcome in of)
        held = f"{sum(outcome.ok for outcome in of)} of {len(of)}"
        rows.append((family, str(languages["id"]), str(languages["en"]), held))
    return _columns(rows)


def failures(run: Run) -> Iterator[str]:
    """Say of each conversation that is not as it has to be what is amiss; what is slight comes with a dash."""
    for name, outcomes in run.by_name.items():
        worst = next((outcome for outcome in outcomes if not outcome.ok), outcomes[0])
        if not worst.found:
            continue
        times = sum(not outcome.ok for outcome in outcomes)
        often = f" ({times} of {len(outcomes)} times)" if len(outcomes) > 1 and times else ""
        yield ""
        yield f"{'–' if worst.ok else CROSS} {name}{often}  {card(worst)}"
        for step, one in amiss(worst):
            where = f"step {step}: " if step else ""
            yield from wrap(f"{where}{one}", WIDTH, initial_indent="    ", subsequent_indent="      ")


def amiss(outcome: Outcome) -> Iterator[tuple[int, str]]:
    """Return what is amiss with the number of its step, 0 for what shows at the end."""
    for number, step in enumerate(outcome.steps, 1):
        for one in step.amiss:
            yield number, f"{one.dimension}: {one.words}"
    for one in outcome.amiss:
        yield 0, f"{one.dimension}: {one.words}"


def card(outcome: Outcome) -> str:
    """Show the marks that are not full."""
    return " ".join(f"{name} {mark}" for name, mark in scorecard(outcome).items() if mark < 2)


def changed(found: Sequence[Change], since: str) -> Iterator[str]:
    """Say what changed since another run, the gravest first."""
    yield ""
    if not found:
        yield f"nothing changed since {since}"
        return
    counts = Counter(change.kind for change in found)
    yield f"since {since}: " + ", ".join(f"{counts[kind]} {KINDS[kind]}" for kind in KINDS if counts[kind])
    for change in found[:SHOWN]:
        yield f"  {change.name}: {KINDS[change.kind]}"
        for step in change.steps[:2]:
            before = " / ".join(reply.text for reply in step.before.heard) if step.before else "(not reached)"
            after = " / ".join(reply.text for reply in step.after.heard) if step.after else "(not reached)"
            known = step.after or step.before
            yield from _short(f"    step {step.number}: ", known.did if known else "")
            cut = _alike(before, after)
            yield from _short("      - ", f"{_decided(step.before)}{_from(before, cut)}")
            yield from _short("      + ", f"{_decided(step.after)}{_from(after, cut)}")
            for words in _otherwise(step):
                yield from _short("      · ", words)
    if len(found) > SHOWN:
        yield f"  ... and {len(found) - SHOWN} more, all in the report"


def _alike(before: str, after: str) -> int:
    """Return how much of two texts' beginning may be left out, so that what differs is seen; 0 where they are equal."""
    if before == after:
        return 0
    alike = next(
        (n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b),
        min(len(before), len(after)),
    )
    return before.rfind(" ", 0, max(0, alike - LEAD)) + 1 if alike > LINE else 0


def _from(text: str, cut: int) -> str:
    return f"… {text[cut:]}" if cut else text


def _decided(step: Step | None) -> str:
    return "".join(f"[{turn.tier} {turn.decision}] " for turn in step.judged) if step else ""


def _otherwise(step: StepChange) -> Iterator[str]:
    """Name what of a turn is otherwise and does not show beside the words."""
    for old, new in zip(
        step.before.judged if step.before else (), step.after.judged if step.after else (), strict=False
    ):
        for name in ("intent", "floor", "rules", "roles", "effects", "state"):
            was, is_now = getattr(old, name), getattr(new, name)
            if was != is_now:
                yield f"{name}: {_moved(was, is_now)}"


def _moved(was: object, is_now: object) -> str:
    """Say what one became; of several, only those that went and came, unless it is their order alone."""
    if not (isinstance(was, tuple) and isinstance(is_now, tuple)):
        return f"{was} -> {is_now}"
    went = [f"-{one}" for one in was if one not in is_now]
    came = [f"+{one}" for one in is_now if one not in was]
    return " ".join((*went, *came)) or f"{', '.join(was)} -> {', '.join(is_now)}"


def _short(lead: str, words: str) -> Iterator[str]:
    lines = wrap(" ".join(words.split()) or "(nothing)", WIDTH - len(lead)) or [""]
    yield lead + lines[0] + (" …" if len(lines) > 1 else "")


def _variant(run: Run) -> str:
    said = ", ".join(f"{name} {value}" for name, value in run.variant.items())
    return f" — {said}" if said else ""


def _columns(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    for row in rows:
        yield "  " + "  ".join(f"{value:<{width}}" for value, width in zip(row, widths, strict=True)).rstrip()
