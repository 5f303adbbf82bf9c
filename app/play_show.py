"""How a played script looks in the terminal: who said what, and beside it what the gate made of it."""

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import zip_longest
from typing import Any

from app.play_seen import Difference, Said, Seen, Turn
from app.script import Named
from app.script_steps import StaffAct, Step

TICK, CROSS = "✓", "✗"
NAME, WORDS = 12, 62
MARGIN = " " * 10


@dataclass(frozen=True, slots=True)
class PlayedStep:
    """One step that was played: who wrote, or would have, what came of it, and how that differs; real seconds."""

    step: Step
    who: str
    seen: Seen
    differences: tuple[Difference, ...]
    seconds: float


@dataclass(slots=True)
class Played:
    """What became of one script; `seconds` are real ones. A step that could not be done is not among `played`."""

    name: str
    title: str
    language: str
    steps: int
    failures: list[str] = field(default_factory=list)
    seconds: float = 0.0
    played: list[PlayedStep] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Say whether everything was as expected."""
        return not self.failures

    def as_json(self) -> dict[str, Any]:
        """Return the result for machines."""
        return {
            "name": self.name,
            "ok": self.ok,
            "title": self.title,
            "language": self.language,
            "steps": self.steps,
            "failures": self.failures,
            "seconds": round(self.seconds, 2),
        }


def heading(named: Named) -> list[str]:
    """Introduce a script."""
    script = named.script
    about = f"{script.language} · {script.sender} · {script.clock}"
    if script.desk:
        about += " · " + ", ".join(f"{key}: {value}" for key, value in script.desk.items())
    return ["", f"▶ {named.name} — {script.title}", f"  {about}"]


def step_lines(step: Step, who: str, at: datetime, seen: Seen, failures: Sequence[str]) -> Iterator[str]:
    """Show one step: what happened, what came of it, and a tick where it is what was expected."""
    if step.note:
        yield f"{MARGIN}· {step.note}"
    for name, words in happened(step, who):
        yield from _row(f"{at:%H:%M:%S}", name, words)
    told = [line for words in seen.told if words for line in _row("", "→ staff", words)]
    yield from told
    beside = [_verdict(turn) for turn in seen.turns]
    said = [line for reply in seen.replies for line in _reply(reply)]
    for left, right in zip_longest(said, beside, fillvalue=""):
        yield f"{left:<{len(MARGIN) + NAME + 3 + WORDS}}  {right}".rstrip()
    if failures:
        for failure in failures:
            yield from _wrapped(f"{MARGIN}{CROSS} ", failure)
    elif step.expect is not None:
        yield f"{MARGIN}{TICK}"


def ending(played: Played) -> str:
    """Say how one script ended."""
    return f"  {TICK if played.ok else CROSS} {played.name} ({played.seconds:.1f} s)"


def summary(results: Sequence[Played]) -> list[str]:
    """Say how all of them ended, the failed ones with what was expected and seen."""
    failed = [played for played in results if not played.ok]
    seconds = sum(played.seconds for played in results)
    lines = ["", f"{len(results) - len(failed)} of {len(results)} scripts as expected, {seconds:.0f} s"]
    for played in failed:
        lines.append(f"  {CROSS} {played.name}")
        for failure in played.failures:
            lines += _wrapped("      ", failure)
    return lines


def happened(step: Step, who: str) -> Iterator[tuple[str, str]]:
    """Say what a step is, as who did what."""
    if step.speaks:
        for words in step.say or ("",):
            kind = "" if step.kind == "text" else f"[{step.kind}] "
            often = f" (×{step.times})" if step.times > 1 else ""
            yield who, f"{kind}{words}{often}"
    elif step.press is not None:
        yield who, f"[{step.press}]"
    for lane, acts in (("coach", step.coach), ("ops", step.ops)):
        for act in acts:
            yield act.by or lane, _act(act)
    if step.advance is not None:
        yield "time", f"+ {step.advance}"
    if step.broken is not None:
        yield "world", f"{step.broken} breaks"
    if step.mend is not None:
        yield "world", f"{step.mend} is mended"
    if step.fault is not None:
        yield "world", f"{step.fault.target}: {step.fault.mode}"
    if step.command is not None:
        yield "command", f"{step.command.do} {step.command.words}".strip() + f" (by {step.command.by})"


def _act(act: StaffAct) -> str:
    return f"[{act.press}]" if act.press is not None else f"↩ {act.reply}"


def _row(time: str, name: str, words: str) -> Iterator[str]:
    first = f"{time:<{len(MARGIN)}}{name[:NAME]:<{NAME}} │ "
    rest = f"{MARGIN}{'':<{NAME}} │ "
    lines = [part for line in words.splitlines() or [""] for part in textwrap.wrap(line, WORDS) or [""]]
    for number, line in enumerate(lines):
        yield f"{rest if number else first}{line}"


def _reply(reply: Said) -> Iterator[str]:
    author = "Loket" if reply.by == "B" else f"Loket ({reply.by})"
    yield from _row(f"{reply.at:%H:%M:%S}", author, reply.text)
    if reply.buttons:
        yield from _row("", "", "  ".join(f"[{label}]" for label in reply.buttons))


def _verdict(turn: Turn) -> str:
    verdict = turn.verdict
    rules = " ".join(hit.id for hit in verdict.rules)
    roles = "→".join("coach" if role == "person" else role for role in turn.roles)
    return f"{verdict.tier} {verdict.decision} · {rules} · {roles}"


def _wrapped(lead: str, words: str) -> list[str]:
    return textwrap.wrap(words, 110, initial_indent=lead, subsequent_indent=" " * len(lead))
