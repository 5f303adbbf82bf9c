"""A run as one page to look at, with nothing to load from elsewhere: scorecard, changes, every conversation."""

from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from html import escape
from pathlib import Path

from evals.beside import HEADS, by_tier
from evals.diff import KINDS, Change
from evals.outcome import DIMENSIONS, Heard, Judged, Outcome, Step, scorecard
from evals.run import Run, stamp
from evals.table import amiss

STYLE = Path(__file__).with_name("report.css")
WHAT: dict[str, str] = {
    "correctness": "understood, tier, decision and rules as expected",
    "completeness": "the customer and the staff hear what they have to",
    "safety": "nothing forbidden said, nothing done that nobody may do",
    "tone": "language, length, questions",
    "efficiency": "no role woken and no message sent for nothing",
    "tools": "effects, records and ledger as expected, nothing twice",
}


def page(run: Run, found: Sequence[Change] | None, since: str) -> str:
    """Return the report; `found` are the changes since another run, None where there is none."""
    failed = sum(1 for outcomes in run.by_name.values() if any(not outcome.ok for outcome in outcomes))
    total = len(run.by_name)
    verdict = f"{total - failed} of {total} as they have to be"
    body = [
        f'<header class="{"bad" if failed else "good"}"><p>{escape(stamp(run.at))} · {_variant(run)}</p>',
        f"<h1>{escape(run.exam)}</h1><strong>{verdict}</strong></header>",
        *_figures(run),
        *(_changes(found, since) if found is not None else ()),
        *_conversations(run),
    ]
    return _whole(f"{run.exam}: {verdict}", body)


def side_by_side(before: Run, after: Run, found: Sequence[Change]) -> str:
    """Return two runs next to one another, with every conversation that differs."""
    names = "".join(
        f"<div><h2>{letter}</h2><p>{escape(run.id)} · {_variant(run)}</p>{''.join(_figures(run))}</div>"
        for letter, run in (("A", before), ("B", after))
    )
    body = [
        f"<header><p>A: {escape(before.id)} · B: {escape(after.id)}</p><h1>{escape(after.exam)}: A and B</h1>",
        f"<strong>{len(found)} conversations differ</strong></header>",
        f'<section class="two">{names}</section>',
        *_tiers(before, after),
        *_changes(found, "A"),
    ]
    return _whole(f"{after.exam}: A and B", body)


def _tiers(before: Run, after: Run) -> Iterator[str]:
    rows = [HEADS, *by_tier(before, after)]
    yield "<section><h2>By tier</h2><table>"
    yield "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    yield "</table></section>"


def _whole(title: str, body: Iterable[str]) -> str:
    style = STYLE.read_text(encoding="utf-8")
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{style}</style></head><body>{''.join(body)}</body></html>\n"
    )


def _variant(run: Run) -> str:
    said = ", ".join(f"{name} {value}" for name, value in run.variant.items())
    return escape(said or "as shipped")


def _figures(run: Run) -> Iterator[str]:
    yield '<section class="marks">'
    for name, mark in run.marks.items():
        yield (
            f'<div title="{escape(WHAT[name])}"><b>{mark:.2f}</b><span>{name}</span>'
            f'<meter min="0" max="2" low="1.6" high="1.95" optimum="2" value="{mark:.3f}"></meter></div>'
        )
    yield "</section>"
    used, half = run.usage, run.step_seconds(0.5)
    facts = [
        ("pass^1", f"{run.pass_1:.3f}"),
        *([(f"pass^{run.epochs}", f"{run.pass_k:.3f}")] if run.epochs > 1 else []),
        # An accepted run keeps no times.
        *([("a step", f"{half:.2f} s p50, {run.step_seconds(0.95):.2f} s p95")] if half else []),
        ("model calls", f"{used.calls}"),
        ("tokens", f"{used.tokens_in:,} in, {used.tokens_out:,} out"),
        ("cost", f"Rp {used.rupiah:,.0f}"),
    ]
    yield "<dl>" + "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in facts) + "</dl>"


def _changes(found: Sequence[Change], since: str) -> Iterator[str]:
    yield f"<section><h2>Changed since {escape(since)} <small>{len(found)}</small></h2>"
    if not found:
        yield "<p>Nothing: every conversation went the same way, word for word.</p>"
    for change in found:
        wide = " open" if change.kind in {"broken", "decided", "worded"} else ""
        yield (
            f'<details class="{change.kind}"{wide}><summary><i>{KINDS[change.kind]}</i>'
            f"<b>{escape(change.name)}</b> {escape(change.title)}</summary>"
        )
        for step in change.steps:
            known = step.after or step.before
            yield f'<p class="did">{step.number}. {_did(known)}</p><div class="two">'
            yield from _side(step.before, step.after, "del")
            yield from _side(step.after, step.before, "ins")
            yield "</div>"
        yield "</details>"
    yield "</section>"


def _side(step: Step | None, other: Step | None, mark: str) -> Iterator[str]:
    """Show one side of a change, with what only this side has marked."""
    yield "<div>"
    if step is None:
        yield '<p class="none">not reached</p>'
    else:
        theirs = " ".join(reply.text for reply in other.heard) if other else ""
        yield "".join(_turn(turn) for turn in step.judged)
        yield _marked(" ".join(reply.text for reply in step.heard), theirs, mark)
        yield "".join(f'<p class="amiss">{escape(one.words)}</p>' for one in step.amiss)
    yield "</div>"


def _marked(text: str, other: str, mark: str) -> str:
    mine, theirs = text.split(), other.split()
    parts = []
    for tag, start, end, _, _ in SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes():
        words = escape(" ".join(mine[start:end]))
        if words:
            parts.append(words if tag == "equal" else f"<{mark}>{words}</{mark}>")
    return f"<blockquote>{' '.join(parts)}</blockquote>" if parts else '<p class="none">nothing said</p>'


def _conversations(run: Run) -> Iterator[str]:
    yield f"<section><h2>Conversations <small>{len(run.by_name)}</small></h2>"
    ordered = sorted(run.by_name.values(), key=lambda each: (all(o.ok for o in each), not _any(each)))
    for outcomes in ordered:
        worst = next((outcome for outcome in outcomes if not outcome.ok), outcomes[0])
        times = f" {sum(o.ok for o in outcomes)}/{len(outcomes)}" if len(outcomes) > 1 else ""
        state = "broken" if not worst.ok else "slight" if worst.found else "fine"
        yield (
            f'<details class="{state}"{" open" if state == "broken" else ""}><summary>{_tier(worst.tier)}'
            f"<b>{escape(worst.name)}</b> {escape(worst.title)}<i>{worst.language}{times} {_card(worst)}</i></summary>"
        )
        for number, words in amiss(worst):
            yield f'<p class="amiss">{f"step {number}: " if number else ""}{escape(words)}</p>'
        for step in worst.steps:
            yield f'<p class="did">{_did(step)}</p>'
            yield "".join(_turn(turn) for turn in step.judged) + "".join(_reply(r) for r in step.heard)
        yield "</details>"
    yield "</section>"


def _any(outcomes: Sequence[Outcome]) -> bool:
    return any(outcome.found for outcome in outcomes)


def _card(outcome: Outcome) -> str:
    marks = scorecard(outcome)
    return "".join(
        f'<span class="m{marks[name]}" title="{name} {marks[name]}"></span>' for name in DIMENSIONS
    )


def _did(step: Step | None) -> str:
    if step is None:
        return ""
    return f"<b>{escape(step.who or '·')}</b> {escape(step.did)}"


def _reply(reply: Heard) -> str:
    buttons = "".join(f"<kbd>{escape(label)}</kbd>" for label in reply.buttons)
    by = "" if reply.by == "B" else f"<b>{escape(reply.by)}</b> "
    return f"<blockquote>{by}{escape(reply.text)}{buttons}<cite>{escape(reply.template)}</cite></blockquote>"


def _turn(turn: Judged) -> str:
    way = "→".join("coach" if role == "person" else role for role in turn.roles)
    rules = escape(" ".join(turn.rules))
    return (
        f'<p class="turn">{_tier(turn.tier)} {turn.decision} <code>{escape(turn.intent)}</code> '
        f"<code>{rules}</code> <span>{way}</span> <em>{escape(', '.join(turn.effects))}</em></p>"
    )


def _tier(tier: str) -> str:
    return f'<span class="tier {escape(tier)}">{escape(tier)}</span>'
