"""Knowledge pages as files: front matter and Markdown, one file per topic and language."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from casefile.base import Language
from casefile.errors import BadInput
from store.errors import BadRecords

REQUIRED = ("Topic", "Title", "Status", "Effective date", "Owner", "Last reviewed", "Applies to", "Language")
OPTIONAL = ("Intent", "Next detail")
STATUSES = ("Published", "Draft")
LANGUAGES = ("id", "en")
# What fits: a title is a button, an answer and its next detail are one message on a phone.
LONGEST = {"Title": 20, "answer": 420, "Next detail": 140}
_MARKED = re.compile(r"[#>|]|[-*] |\d+\. ")
_PLACEHOLDER = re.compile(r"\{[^{}\s]*\}")
# Written in C where the library was built so: a start reads a hundred and sixty of these.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FRONT = re.compile(r"\A---\r?\n(.*?)\r?\n---\r?\n(.*)\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Page:
    """One page; `answer` is its first paragraph, what a customer would be sent. `source` is the whole file."""

    page_id: str
    language: Language
    title: str
    status: str
    effective: date
    owner: str
    last_reviewed: date
    applies_to: str
    next_detail: str
    answer: str
    source: str
    content_hash: str

    @property
    def name(self) -> str:
        """What it is called among a release's pages."""
        return f"{self.page_id}.{self.language}"


def parse_page(name: str, source: str) -> Page:
    """Read a page; raises BadInput naming the file, the key, the bad value and what is allowed."""
    found = _FRONT.match(source)
    if not found:
        raise BadInput(f"{name}: starts with no front matter between two lines of ---")
    try:
        front = yaml.load(found[1], Loader=LOADER)
    except yaml.YAMLError as error:
        raise BadInput(f"{name}: the front matter is not YAML: {error}") from error
    if not isinstance(front, dict):
        raise BadInput(f"{name}: the front matter is a list of `Key: value` lines")
    missing = [key for key in REQUIRED if front.get(key) in (None, "")]
    if missing:
        raise BadInput(f"{name}: {', '.join(missing)} missing")
    answer = " ".join(found[2].strip().split("\n\n", 1)[0].split())
    if not answer:
        raise BadInput(f"{name}: no text after the front matter")
    language: Language = _one_of(name, front, "Language", LANGUAGES)
    return Page(
        page_id=str(front["Topic"]),
        language=language,
        title=str(front["Title"]),
        status=_one_of(name, front, "Status", STATUSES),
        effective=_day(name, front, "Effective date"),
        owner=str(front["Owner"]),
        last_reviewed=_day(name, front, "Last reviewed"),
        applies_to=str(front["Applies to"]),
        next_detail=str(front.get("Next detail") or ""),
        answer=answer,
        source=source,
        content_hash=hashlib.sha256(source.encode()).hexdigest(),
    )


def sendable(page: Page, placeholders: frozenset[str]) -> Page:
    """Return a page that can be sent as it stands; raises BadInput for what its customers would stumble over."""
    for what, words in (("Title", page.title), ("answer", page.answer), ("Next detail", page.next_detail)):
        if len(words) > LONGEST[what]:
            raise BadInput(
                f"{page.title}: the {what} has {len(words)} characters; at most {LONGEST[what]} fit"
            )
        if strange := sorted({*_PLACEHOLDER.findall(words)} - placeholders):
            known = ", ".join(sorted(placeholders))
            raise BadInput(
                f"{page.title}: nothing is known to fill {', '.join(strange)} in; there are {known}"
            )
    if _MARKED.match(page.answer):
        raise BadInput(
            f"{page.title}: the first paragraph is what is sent, and this one is a heading, list or quote"
        )
    return page


def composed(front: Mapping[str, str], body: str) -> str:
    """Write a page as a file has it; what is no key of a page is left out."""
    lines = [_line(key, front[key]) for key in (*REQUIRED, *OPTIONAL) if front.get(key)]
    return f"---\n{''.join(lines)}---\n\n{body}\n"


def parts_of(source: str) -> tuple[dict[str, str], str]:
    """Take a page that is in order apart: its front matter, and the text below it."""
    found = _FRONT.match(source)
    front = yaml.load(found[1], Loader=LOADER) if found else {}
    return {key: str(value) for key, value in front.items()}, found[2].strip() if found else ""


def read_pages(folder: Path) -> tuple[Page, ...]:
    """Read a folder's pages in order; raises BadRecords with everything that is wrong."""
    pages: dict[tuple[str, str], Page] = {}
    problems: list[str] = []
    for path in sorted(folder.glob("*.md")):
        try:
            page = parse_page(path.name, path.read_text(encoding="utf-8"))
        except BadInput as error:
            problems.append(str(error))
            continue
        if (page.page_id, page.language) in pages:
            problems.append(f"{path.name}: another file is {page.page_id} in {page.language} already")
        pages[page.page_id, page.language] = page
    if not pages and not problems:
        problems.append(f"{folder.name}: no pages (*.md) in this folder")
    if problems:
        raise BadRecords(tuple(problems))
    return tuple(pages.values())


def _line(key: str, value: str) -> str:
    try:
        plain: str | date = date.fromisoformat(value)
    except ValueError:
        plain = value
    # In one line however long, as people write them; quoted only where YAML would read something else.
    return str(yaml.safe_dump({key: plain}, allow_unicode=True, width=float("inf")))


def _one_of(name: str, front: dict[str, Any], key: str, allowed: tuple[str, ...]) -> Any:
    if front[key] not in allowed:
        raise BadInput(f"{name}: {key} = {front[key]!r}; allowed: {', '.join(allowed)}")
    return front[key]


def _day(name: str, front: dict[str, Any], key: str) -> date:
    value = front[key]
    if not isinstance(value, date) or isinstance(value, datetime):
        raise BadInput(f"{name}: {key} = {value!r}; allowed: a day such as 2026-01-05")
    return value
