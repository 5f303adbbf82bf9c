"""Tables as people keep them: CSV from any spreadsheet, or JSON; every row with its line."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from casefile.errors import BadInput

# What spreadsheets write: a mark at the beginning, and the separator of their country.
SEPARATORS = ",;\t"


class Row(NamedTuple):
    """A row of a table and the line it begins on (of JSON: its place in the list)."""

    line: int
    cells: dict[str, Any]


def read_table(name: str, raw: bytes, known: Sequence[str], needed: Sequence[str]) -> list[Row]:
    """Read a file's rows; raises BadInput for what is no table of these columns."""
    text = _text(name, raw)
    if not text.strip():
        raise BadInput(f"{name} is empty")
    rows = list(_from_json(name, text) if text.lstrip()[0] in "[{" else _from_csv(name, text))
    columns = {column for row in rows for column in row.cells}
    if unknown := sorted(columns - set(known)):
        raise BadInput(f"{name}: unknown columns {', '.join(unknown)}; known are {', '.join(known)}")
    if missing := [column for column in needed if column not in columns]:
        raise BadInput(f"{name}: the columns {', '.join(missing)} are missing; known are {', '.join(known)}")
    return rows


def write_csv(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> str:
    """Return rows as CSV; what a spreadsheet would take for a formula is kept from being one."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _inert(value) for name, value in row.items()} for row in rows)
    return out.getvalue()


def _text(name: str, raw: bytes) -> str:
    encoding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        place = raw[: error.start].count(b"\n") + 1
        raise BadInput(
            f"{name} line {place}: not UTF-8; in the spreadsheet choose 'CSV UTF-8' when saving"
        ) from error


def _from_csv(name: str, text: str) -> Iterator[Row]:
    first = text.splitlines()[0]
    separator = max(SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        heads = [head.strip().casefold().replace(" ", "_") for head in next(reader)]
        if twice := sorted({head for head in heads if head and heads.count(head) > 1}):
            raise BadInput(f"{name}: the columns {', '.join(twice)} are there twice")
        line = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                if len(cells) > len(heads) and any(cell.strip() for cell in cells[len(heads) :]):
                    raise BadInput(
                        f"{name} line {line}: more cells than columns; put a cell that holds {separator!r} in quotes"
                    )
                named = zip(heads, cells, strict=False)
                yield Row(line, {head: _plain(cell) for head, cell in named if head and cell.strip()})
            line = reader.line_num + 1
    except csv.Error as error:
        raise BadInput(f"{name} line {reader.line_num}: not CSV ({error})") from error


def _from_json(name: str, text: str) -> Iterator[Row]:
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        raise BadInput(f"{name} line {error.lineno}: not JSON ({error.msg})") from error
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise BadInput(f"{name}: a list of objects is expected, one a row")
    for number, row in enumerate(found, start=1):
        yield Row(number, {str(key): value for key, value in row.items() if value not in (None, "")})


def _plain(cell: str) -> str:
    cell = cell.strip()
    # The mark that keeps a spreadsheet from reading a number or a formula into it.
    return cell[1:] if cell[0] == "'" else cell


def _inert(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@") else value
