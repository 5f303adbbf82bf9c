"""What a script changes in the world before it starts: words of published pages, and values of sample records."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from app.desk import Loaded
from app.script import Script
from casefile.errors import BadInput
from services.pages import Page, parse_page


def changed(loaded: Loaded, script: Script) -> Loaded:
    """Return the desk as the script wants it; raises BadInput naming what there is not, or what is not allowed."""
    if not script.pages and not script.records:
        return loaded
    pages = {f"{page.page_id}.{page.language}": page for page in loaded.pages}
    for name, words in script.pages.items():
        if name not in pages:
            raise BadInput(f"pages: there is no page {name!r}; write it like {next(iter(pages))}")
        pages[name] = _reworded(name, pages[name], words)
    records = loaded.records
    if script.records:
        if records is None:
            raise BadInput("records: this desk has no sample records")
        rows = dict(records.rows)
        for table, changes in script.records.items():
            if table not in rows:
                raise BadInput(f"records: there is no table {table!r}; allowed are {', '.join(rows)}")
            rows[table] = _rows(table, rows[table], changes)
        records = replace(records, rows=rows)
    return replace(loaded, pages=tuple(pages.values()), records=records)


def _reworded(name: str, page: Page, words: str) -> Page:
    front = page.source.partition("\n---")[0]
    return parse_page(name, f"{front}\n---\n\n{words}\n")


def _rows(table: str, rows: tuple[Any, ...], changes: Mapping[str, Mapping[str, Any]]) -> tuple[Any, ...]:
    known = {_key(row, number): row for number, row in enumerate(rows, 1)}
    for key, values in changes.items():
        if key not in known:
            raise BadInput(f"records: {table} holds no {key!r}; there are {', '.join(known)}")
        try:
            known[key] = type(known[key]).model_validate(known[key].model_dump() | dict(values))
        except ValidationError as error:
            raise BadInput(f"records: {table} {key}: {error}") from error
    return tuple(known.values())


def _key(row: Any, number: int) -> str:
    """Name a row the way its file does; one without a name is known by its place in the file."""
    return str(getattr(row, "id", None) or getattr(row, "number", None) or number)
