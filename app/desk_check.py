"""What is wrong with a desk's folder: everything that can be seen without serving it, each with how to mend it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from app.desk import templates_of
from app.desk_check_words import misunderstood
from app.desk_settings import DeskConfig, read_desk
from app.script import load_scripts
from app.yaml_lines import line_of
from casefile.errors import BadInput
from services.pages import LANGUAGES, Page, read_pages
from store.errors import BadRecords
from store.records_load import Records, read_records

PARTS = ("knowledge", "records", "templates", "understanding", "scripts")
# What messages say of a place: a row of a file of records, or a key of a file by its path.
_ROW = re.compile(r"(?P<file>[\w-]+\.yaml) row (?P<row>\d+)")
_STEP = re.compile(r"(?P<path>.+?\.ya?ml)(?:, script (?P<script>\d+))?: (?:step (?P<step>\d+))?")
_KEYED = re.compile(r"(?P<file>\S+\.yaml): (?P<key>[\w.-]+): ")


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing to mend: in which file of the folder (and line, where one can be named), and what about it."""

    where: str
    said: str


def mistakes(home: Path, today: date) -> list[Mistake]:
    """Return everything that is wrong with a folder; only the settings while they cannot be read."""
    if not home.is_dir():
        return [Mistake(str(home), "there is no such folder; give the folder that holds desk.yaml")]
    found = [Mistake(f"{part}/", "the folder is missing") for part in PARTS if not (home / part).is_dir()]
    try:
        config = read_desk(home / "desk.yaml")
    except BadInput as error:
        return [*found, *_settings(str(error))]
    if found:
        return found
    pages: Sequence[Page] | None = None
    try:
        pages = read_pages(home / "knowledge")
    except BadRecords as error:
        found += [Mistake("knowledge/", problem) for problem in error.problems]
    try:
        found += _records(home, config, read_records(home / "records"))
    except BadRecords as error:
        found += [_placed(home / "records", problem) for problem in error.problems]
    try:
        templates_of(home, config, None)
    except BadInput as error:
        found.append(_placed(home, str(error)))
    found += [Mistake(where, said) for where, said in misunderstood(home, config, pages, today)]
    found += _unanswered(pages or ())
    if pages is not None:
        found += _pointed(home, config, pages)
    try:
        load_scripts(sorted((home / "scripts").glob("*.yaml")))
    except BadInput as error:
        found += [_in_script(line) for line in str(error).splitlines()]
    return found


def _settings(said: str) -> Iterator[Mistake]:
    """Take an error of desk.yaml apart: its lines name their own places; what is no YAML the last it names."""
    if "is not YAML" in said:
        line = re.findall(r"line (\d+)", said)[-1]
        yield Mistake(f"desk.yaml:{line}", " ".join(said.partition("desk.yaml: ")[2].split()))
        return
    _, *lines = said.splitlines()
    for line in lines or [said.partition(": ")[2]]:
        at = re.search(r" \(line (\d+)\)$", line)
        where = f"desk.yaml:{at[1]}" if at else "desk.yaml"
        yield Mistake(where, line.strip().removesuffix(at[0] if at else ""))


def _placed(folder: Path, said: str) -> Mistake:
    """Find the line that a message is about, by the row or the key it names."""
    row, keyed = _ROW.search(said), _KEYED.search(said)
    place: list[str | int] = [int(row["row"]) - 1] if row else []
    if keyed and not row:
        place += keyed["key"].split(".")
    named = next((match["file"] for match in (row, keyed) if match), None)
    if named is None:
        return Mistake(f"{folder.name}/", said)
    file = Path(named) if Path(named).is_absolute() else folder / named
    line = line_of(file.read_text(encoding="utf-8"), place) if file.is_file() else None
    shown = f"{file.parent.name}/{file.name}"
    words = said[row.start() :] if row else said[keyed.end() - len(keyed["key"]) - 2 :] if keyed else said
    return Mistake(f"{shown}:{line}" if line else shown, words)


def _in_script(said: str) -> Mistake:
    """Find the line of the step that a message on a script is about."""
    at = _STEP.match(said)
    if at is None:
        return Mistake("scripts/", said)
    file = Path(at["path"])
    place: list[str | int] = ["steps", int(at["step"]) - 1] if at["step"] else []
    line = line_of(file.read_text(encoding="utf-8"), place, int(at["script"] or 1) - 1)
    return Mistake(f"scripts/{file.name}" + (f":{line}" if line else ""), said[at.end() :].strip())


def _records(home: Path, config: DeskConfig, records: Records) -> Iterator[Mistake]:
    """Yield what the records do not hold that the settings, or the sample customers, name."""
    coaches = {coach.name for coach in records.rows["coaches"]}
    offered = config.appointments
    services = {service.id for service in offered.services} if offered else set()
    for service in offered.services if offered else ():
        if strange := [person for person in service.people if person not in coaches]:
            yield Mistake(
                "desk.yaml",
                f"appointments.services.{service.id}.people: {', '.join(strange)}: not in records/coaches.yaml",
            )
    for number, row in enumerate(records.rows["sessions"]):
        if row.service and row.service not in services:
            known = ", ".join(sorted(services)) or "none"
            said = f"sessions.yaml row {number + 1} ({row.id}): service = {row.service!r}: known are {known}"
            yield _placed(home / "records", said)
    contacts = {contact.id for contact in records.rows["contacts"]}
    for number, persona in enumerate(_rows(home / "personas.yaml"), start=1):
        named = persona.get("contact")
        if named is None and not (persona.get("name") and persona.get("phone")):
            said = f"personas.yaml row {number}: a contact of the records, or a name and a phone, has to stand here"
            yield _placed(home, said)
        if named is not None and named not in contacts:
            said = f"personas.yaml row {number}: contact = {named!r}: not in records/contacts.yaml"
            yield _placed(home, said)


def _rows(path: Path) -> list[dict[str, Any]]:
    raw = yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else None
    return [row for row in raw or () if isinstance(row, dict)]


def _pointed(home: Path, config: DeskConfig, pages: Sequence[Page]) -> Iterator[Mistake]:
    """Yield the page that prospects are pointed to, where it is not there to be read."""
    topic = config.leads.page if config.leads else None
    if topic and topic not in {page.page_id for page in pages if page.status == "Published"}:
        said = f"desk.yaml: leads.page: {topic}: there is no published page knowledge/{topic}.id.md"
        yield _placed(home, said)


def _unanswered(pages: Sequence[Page]) -> Iterator[Mistake]:
    """Yield pages that only half of the customers can be answered from."""
    there = {(page.page_id, page.language) for page in pages if page.status == "Published"}
    for topic, language in sorted(there):
        for other in LANGUAGES:
            if other != language and (topic, other) not in there:
                yield Mistake(f"knowledge/{topic}.{other}.md", f"{topic} is published in {language} only")
