"""`loket audit label`: one answer after another with what was asked and what it stood on; a person says what it is."""

import argparse
import asyncio
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import get_args

from agents.work import Desk
from app.cli.audit import sampled
from app.cli.common import block, database, desk_config, person, say, settings_of
from app.desk import desk_for
from app.wire import clock_for
from casefile.auditing import Answer, Flaw, Judgement, Label
from casefile.effects import SendMessage
from casefile.errors import BadInput
from casefile.events import MessageReceived
from casefile.records import StaffMember
from gateway.auditing import SIZE
from graph.persons import persons_of
from graph.recheck import recheck
from graph.record import TurnRecord, unpacked
from policies.privacy import mask_name, mask_phone, scrub
from ports.clock import Clock
from store.auditing import SqlAuditBook
from store.records import staff
from store.views import Views

LABELS: dict[str, Label] = {label[0]: label for label in get_args(Label)}
FLAWS: tuple[Flaw, ...] = get_args(Flaw)
ASKS = "correct, incorrect, risky, skip or quit? [c/i/r/s/q] "
FLAW_WORDS: dict[Flaw, str] = {
    "no_source": "states something that nothing holds",
    "invented_state": "says something is done or promised that is not",
    "wrong": "answers wrongly, or something else",
    "incomplete": "leaves out what was asked",
    "tone": "is not how we sound",
    "privacy": "tells too much",
}


def run(args: argparse.Namespace) -> int:
    """Judge one answer, or walk through those of a week that nobody has judged."""
    return asyncio.run(_run(args))


async def _run(args: argparse.Namespace) -> int:
    if (args.key is None) != (args.label is None):
        raise BadInput("--id and --label belong together: which answer, and what it is")
    settings = settings_of(args)
    with database(settings) as opened:
        clock, book = clock_for(settings), SqlAuditBook(opened, desk_config(settings).name)
        judge = Judge(book, clock, person(staff(opened.read), args.by))
        if args.key is not None:
            return await _one(judge, args)
        sample = await sampled(opened, settings, args.week, SIZE)
        waiting = [answer for answer in sample.answers if answer.judgement is None]
        if not waiting:
            say(f"{sample.week}: nothing left to judge ({len(sample.answers)} answers).")
            return 0
        desk = desk_for(*settings.desks[0], clock.now().year)
        for number, answer in enumerate(waiting, 1):
            say(f"\n── {number} of {len(waiting)} · {sample.week} " + "─" * 60)
            records = [unpacked(body) for _, _, body in Views(opened, mask_phone).records(answer.case_id)]
            say("\n".join(await _card(records, answer, desk, args.plain)))
            if not await judge.asked(answer.key):
                break
    return 0


async def _one(judge: "Judge", args: argparse.Namespace) -> int:
    if args.label == "correct" and (args.flaw or args.reason):
        raise BadInput("what is correct has no flaw; leave --flaw and --reason out")
    if args.label != "correct" and args.flaw is None:
        raise BadInput(f"--flaw says what is wrong: {', '.join(FLAWS)}")
    return 0 if await judge.keep(args.key, args.label, args.flaw, args.reason) else 1


@dataclass(frozen=True, slots=True)
class Judge:
    """Who is at the keyboard, and where what they say is kept."""

    book: SqlAuditBook
    clock: Clock
    by: StaffMember

    async def asked(self, key: str) -> bool:
        """Ask until the answer is one, and keep it; False when they have had enough."""
        while True:
            said = _typed(ASKS)
            # The end of the input is a quit.
            if said is None or said.startswith("q"):
                return False
            if said.startswith("s"):
                return True
            label = LABELS.get(said[:1])
            flaw = _flaw() if label in {"incorrect", "risky"} else None
            if label == "correct":
                await self.keep(key, label, None, "")
                return True
            if label is not None and flaw is not None:
                await self.keep(key, label, flaw, _typed("why? ") or "")
                return True

    async def keep(self, key: str, label: Label, flaw: Flaw | None, reason: str) -> bool:
        """Keep it and say so; False when somebody was first, or nobody is asked about this answer."""
        found = Judgement(label=label, flaw=flaw, reason=reason, by=self.by.id, at=self.clock.now())
        kept = await self.book.judge(key, found)
        if kept:
            say(f"{key}: {label}, by {self.by.name}.")
        else:
            say(f"{key} is judged already, or was never picked; `loket audit sample` shows what was.")
        return kept


def _flaw() -> Flaw | None:
    for number, flaw in enumerate(FLAWS, 1):
        say(f"  {number}  {flaw:<15}{FLAW_WORDS[flaw]}")
    said = _typed("what is wrong? ")
    return FLAWS[int(said) - 1] if said and said.isdigit() and 0 < int(said) <= len(FLAWS) else None


def _typed(asks: str) -> str | None:
    print(asks, end="", flush=True)
    line = sys.stdin.readline()
    return line.strip() if line else None


async def _card(records: Sequence[TurnRecord], answer: Answer, desk: Desk, plain: bool) -> list[str]:
    """Return an answer as a person judges it; unless plain, without names, numbers and addresses."""
    record = next((r for r in records if r.turn == answer.turn), None)
    sent = next((e for e in record.effects if e.key == answer.key), None) if record else None
    head = f"{answer.key}  {answer.tier}, {answer.language}, by {'a model' if answer.drafted else 'template'}"
    if record is None or not isinstance(sent, SendMessage):
        return [head, "   its record is gone (docs/clocks.md, Retention); only --id can judge it"]
    names = () if plain else _names(records)
    again = await recheck(records, desk, answer.key)
    shown = [head, f"   {sent.template}, {record.verdict.decision} by {record.verdict.rules[0].id}"]
    asked = [e.message.text for e in record.events if isinstance(e, MessageReceived)]
    shown += _part("asked", [_masked(text, names, plain) for text in asked])
    shown += _part("sent", [_masked(sent.text, names, plain)])
    shown += _part("facts", [_masked(value, names, plain) for value in again.stands_on])
    shown += _part("pages", [f"{cited.page_id} of {cited.release}" for cited in sent.citations])
    against = [f"{rule.id}: {_masked(rule.words, names, plain)}" for rule in again.found]
    if not again.comparable:
        against = [
            "cannot be run again: its records do not reach back far enough, or asked something else then"
        ]
    return [*shown, *_part("today", against)]


def _part(title: str, values: Sequence[str]) -> Iterator[str]:
    for number, value in enumerate(values):
        yield f"   {title if number == 0 else '':<7}" + block(value, " " * 10).lstrip()


def _names(records: Sequence[TurnRecord]) -> tuple[str, ...]:
    known = persons_of(records)
    whole = {name for name in (*known.names, *known.students) if len(name) > 1}
    return tuple(sorted(whole | {part for name in whole for part in name.split() if len(part) > 2}, key=len))[
        ::-1
    ]


def _masked(text: str, names: Sequence[str], plain: bool) -> str:
    if plain:
        return text
    # Addresses first: what is left of one that names were taken out of is not known for one any more.
    text = scrub(text)
    for name in names:
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", mask_name(name), text, flags=re.IGNORECASE)
    return text
