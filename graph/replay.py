"""Run a case's past turns again from their records, with nothing outside, and say where the outcome differs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, get_type_hints

from langgraph.checkpoint.memory import InMemorySaver

from agents.work import Desk
from casefile.base import Frozen
from casefile.case import Case
from casefile.errors import LoketError
from casefile.verdict import Verdict
from graph import step
from graph.build import build
from graph.collect import who
from graph.outcome import digest_of
from graph.record import TurnRecord, step_summary
from graph.run import Run
from graph.second import NODE as UNDERSTAND
from graph.sources import Playing, Sources
from graph.state import Entry
from graph.tape import Read, Tape


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that came out otherwise; `then` and `now` are plain data."""

    what: str
    then: Any
    now: Any


@dataclass(frozen=True, slots=True)
class Replayed:
    """One turn run again; `run` is None when it could not be finished, and `why` says what stopped it.

    `entry` is how it entered, where it came that far; `carried` marks a turn that started from an earlier turn's
    different outcome.
    """

    record: TurnRecord
    before: Case
    verdict: Verdict | None
    run: Run | None
    differences: tuple[Difference, ...]
    why: str = ""
    carried: bool = False
    entry: Entry | None = None


async def replay(records: Sequence[TurnRecord], desk: Desk) -> tuple[Replayed, ...]:
    """Run a case's turns again, in order; `records` start at a keyframe (LoketError when they do not)."""
    if not records or records[0].before is None:
        raise LoketError("the records do not reach back to a keyframe, so nothing can be run again from them")
    done: list[Replayed] = []
    case: Case | None = None
    carried = False
    for record in records:
        if record.before is not None:
            before, carried = record.before, False
        elif case is not None:
            before = step.enters(step.next_turn(case), record.events, record.reading, record.now)
        else:
            # What stopped an earlier turn leaves nothing to stand on before the next keyframe.
            continue
        turn = await _again(record, before, desk)
        done.append(replace(turn, carried=carried))
        # The store keeps JSON; so must what the next turn starts from.
        case = Case.model_validate_json(turn.run.final.model_dump_json()) if turn.run else None
        carried = carried or bool(turn.differences)
    return tuple(done)


async def what_if(turns: Sequence[Replayed], desk: Desk) -> tuple[Replayed, ...]:
    """Run each turn under another desk's rules and words, from where it really started."""
    return tuple([await _again(turn.record, turn.before, desk) for turn in turns])


async def _again(record: TurnRecord, before: Case, desk: Desk) -> Replayed:
    graph = build(desk.rules, InMemorySaver())
    reads = [read for read in record.reads if read.node != UNDERSTAND]
    sources, tape = _played(reads), Tape()
    entry: Entry | None = None
    try:
        known = await who(before.conversation_id, sources, record.now)
        if record.turn == 1:
            year = record.now.astimezone(desk.rules.zone).year
            await sources.numbers.next_case_id(desk.case_prefix, year)
        entry = await step.admit(
            desk, sources, before, record.events, known, record.reading, tape, record.now
        )
        if before.approval_id is not None:
            await step.restore(graph, desk, sources, entry)
        run = await step.work(desk, graph, sources, before, entry, record.reading, tape)
        run = replace(run, spent=record.spent)
    except LoketError as error:
        verdict = entry.verdict if entry else None
        found = (*_verdicts(record, verdict), Difference("it could not be finished", None, str(error)))
        return Replayed(record, before, verdict, None, found, str(error), entry=entry)
    return Replayed(record, before, entry.verdict, run, differences(record, run, reads), entry=entry)


def differences(record: TurnRecord, run: Run, unread: Sequence[Read] = ()) -> tuple[Difference, ...]:
    """Compare a turn run again with its record: verdict, nodes, effects, the case, and questions not asked."""
    found = [*_verdicts(record, run.entry.verdict)]
    steps = [step_summary(s) for s in run.context.steps]
    if steps != list(record.steps):
        found.append(Difference("nodes", list(record.steps), steps))
    then, now = ({e.key: _plain(e) for e in effects} for effects in (record.effects, run.effects))
    for key in dict.fromkeys((*then, *now)):
        found += _changed(f"effect {key}", then.get(key), now.get(key))
    if unread:
        asked = [f"{r.node} {r.port}{r.question}" for r in unread]
        found.append(Difference("questions asked then and not now", asked, []))
    if (digest := digest_of(run.final)) != record.after_digest:
        found.append(Difference("case file", record.after_digest, digest))
    return tuple(found)


def _verdicts(record: TurnRecord, verdict: Verdict | None) -> tuple[Difference, ...]:
    if verdict is None:
        return ()
    return tuple(_changed("verdict", _plain(record.verdict), _plain(verdict)))


def _changed(what: str, then: Any, now: Any) -> list[Difference]:
    """Name the smallest parts that differ."""
    if then == now:
        return []
    if isinstance(then, dict) and isinstance(now, dict):
        names = dict.fromkeys((*then, *now))
        return [d for name in names for d in _changed(f"{what} {name}", then.get(name), now.get(name))]
    return [Difference(what, then, now)]


def _plain(value: Frozen) -> dict[str, Any]:
    return value.model_dump(mode="json")


def _played(reads: list[Read]) -> Sources:
    """Return sources that answer nothing but what was written down then."""
    window, nothing = Playing("replay", reads), object()
    ports: dict[str, Any] = {
        name: window.look(port, nothing) for name, port in get_type_hints(Sources).items()
    }
    return Sources(**ports)
