"""`loket doctor`: everything the desk needs, checked one by one, each with how to mend it."""

import argparse
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Literal

from app.cli.common import block, config_path, every_desk, say, say_json
from app.settings import Settings
from casefile.errors import LoketError

MARKS = {"ok": "ok", "note": "note", "problem": "FAIL"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `mend` says what to do about it."""

    part: str
    state: Literal["ok", "note", "problem"]
    said: str
    mend: str = ""


Check = Callable[[Settings], Iterator[Finding]]


def run(args: argparse.Namespace) -> int:
    """Check everything; 1 when something has to be mended."""
    findings = list(_findings(args))
    if args.json:
        say_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            say(_words(finding))
    problems = sum(finding.state == "problem" for finding in findings)
    if not args.json:
        say(f"\n{problems} to mend." if problems else "\nEverything is in order.")
    return 1 if problems else 0


def _findings(args: argparse.Namespace) -> Iterator[Finding]:
    try:
        settings = every_desk(args)
        settings = settings if args.desk is None else settings.alone(args.desk)
    except LoketError as error:
        yield Finding("config", "problem", str(error), "change it there; config.yaml says what each value is")
        return
    from app.cli import doctor_checks

    yield Finding("config", "ok", f"{config_path(args)}: {', '.join(d.name for _, d in settings.desks)}")
    for part, check in doctor_checks.CHECKS.items():
        for looked_at in (settings,) if part in doctor_checks.ONCE else settings.each:
            try:
                yield from check(looked_at)
            except LoketError as error:
                yield Finding(part, "problem", str(error), doctor_checks.MEND.get(part, "see the message"))


def _words(finding: Finding) -> str:
    first, *rest = finding.said.splitlines() or [""]
    lines = [f"{MARKS[finding.state]:<6}{finding.part:<15}{first}", *(f"{'':<21}{line}" for line in rest)]
    if finding.mend:
        lines.append(f"{'':<21}-> " + block(finding.mend, " " * 24).lstrip())
    return "\n".join(lines)
