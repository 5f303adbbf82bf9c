"""Who of the desk's sample people stands in for the people of a case, so that it can be told in a file."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graph.lessons import read_in
from graph.persons import Persons, persons_of
from graph.record import TurnRecord
from policies.stand_ins import StandIns, disguised
from policies.words import DAYS, MONTHS
from prompts.render import Templates
from services.pages import Page
from store.records_load import Records

WORD = re.compile(r"[^\W\d_]{2,}")
SOMEBODY, NUMBER = "Sari", "+6281300000001"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words that name nobody: the desk's own, and those that people begin a sentence with."""

    ordinary: frozenset[str]
    spoken: frozenset[str]


@dataclass(frozen=True, slots=True)
class Cast:
    """One case's people: `sender` is who writes in a script, `staff` who of the sample's acts for whom."""

    sender: str
    stand_ins: StandIns
    staff: dict[str, str]

    def told(self, text: str) -> str:
        """Return a text with everybody in it replaced."""
        return disguised(text, self.stand_ins)


def vocabulary(pages: Iterable[Page], templates: Templates, examples: Path) -> Vocabulary:
    """Collect the words of published pages, of templates and of the desk's examples."""
    own = [*(page.answer for page in pages), *(page.title for page in pages)]
    own += [template.text.literal for template in templates.templates.values()]
    own += [
        *templates.labels.values(),
        *(name for names in (*DAYS.values(), *MONTHS.values()) for name in names),
    ]
    asked = (path.read_text(encoding="utf-8") for path in sorted(examples.rglob("*.yaml")))
    return Vocabulary(_words(own), _words(asked))


def cast_of(records: Sequence[TurnRecord], sample: Records, words: Vocabulary, others: Iterable[str]) -> Cast:
    """Choose who stands in; `others` are names of further people that stand in the case's words."""
    known = persons_of(records)
    stand_in = _alike(records, known, sample.rows["contacts"], sample)
    students = [s.name for s in sample.rows["students"] if stand_in.id in {s.own_contact, *s.guardians}]
    bills = [bill.number for bill in sample.rows["invoices"] if bill.contact == stand_in.id] or [
        "INV-2026-0101-001"
    ]
    names = [
        pair for number, real in enumerate(known.students) for pair in _paired(real, _nth(students, number))
    ]
    names += [pair for real in known.names for pair in _paired(real, stand_in.full_name or SOMEBODY)]
    names += [(real, SOMEBODY) for real in others if WORD.search(real)]
    registered = read_in(records, "Contacts.registered")
    return Cast(
        sender=stand_in.id if registered else NUMBER,
        stand_ins=StandIns(
            names=tuple(dict(reversed(names)).items()),
            invoices=tuple((real, _nth(bills, number)) for number, real in enumerate(known.invoices)),
            ordinary=words.ordinary,
            spoken=words.spoken,
            person=SOMEBODY,
            phone=stand_in.phone or NUMBER,
            email=stand_in.email or "contoh@example.com",
            invoice=bills[0],
        ),
        staff=_staff(sample),
    )


def _alike(records: Sequence[TurnRecord], known: Persons, contacts: Sequence[Any], sample: Records) -> Any:
    """Return the contact most like the case's own who is somebody else."""
    contact = read_in(records, "Contacts.contact") or {}
    students = read_in(records, "Contacts.students_of") or []
    snapshot = read_in(records, "Snapshots.snapshot") or {}
    own = any(student.get("own_contact") for student in students)
    states = {bill["payment"]["state"] for bill in snapshot.get("invoices", [])}

    def likeness(row: Any) -> tuple[bool, ...]:
        theirs = [s for s in sample.rows["students"] if row.id in {s.own_contact, *s.guardians}]
        bills = {bill.payment.state for bill in sample.rows["invoices"] if bill.contact == row.id}
        return (
            row.vip == contact.get("vip", False),
            row.opt_out == contact.get("opt_out", False),
            min(len(theirs), 2) == min(len(students), 2),
            any(s.own_contact == row.id for s in theirs) == own,
            bills == states,
        )

    others = [row for row in contacts if not {row.phone, row.email} & set(known.reached) and row.full_name]
    return max(others, key=lambda row: sum(likeness(row)))


def _staff(sample: Records) -> dict[str, str]:
    """Return who acts for a person by lane, and for everybody the sample knows, themselves."""
    people = sample.rows["staff"]
    first = {role: next(p.id for p in people if role in p.roles) for role in ("coach", "operator")}
    return {"coach": first["coach"], "ops": first["operator"], **{p.id: p.id for p in people}}


def _paired(real: str, stand_in: str) -> list[tuple[str, str]]:
    """Pair a name with another, whole and word by word."""
    parts = stand_in.split()
    whole = [(real, stand_in)]
    return whole + [(word, _nth(parts, n)) for n, word in enumerate(real.split()) if WORD.fullmatch(word)]


def _nth(values: Sequence[str], number: int) -> str:
    return values[number % len(values)] if values else SOMEBODY


def _words(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(word.casefold() for text in texts for word in WORD.findall(text))
