"""Checking a desk's record files: every row against its shape, and every reference followed."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from casefile.base import Frozen
from store.record_rows import ROWS
from store.shop_load import problems_of
from store.shop_rows import SHOP_ROWS

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
FILES = ROWS | SHOP_ROWS
# Every desk has these; what it does not sell or teach it needs no file for.
NEEDED = frozenset({"contacts", "staff"})
KEYS = ("id", "number", "code")


def checked_rows(folder: Path) -> tuple[dict[str, tuple[Any, ...]], list[str]]:
    """Return a folder's rows by file name without its ending, and every problem found in them."""
    problems = [
        f"{file.name}: no file of records is called so; known are {', '.join(sorted(FILES))}"
        for file in sorted(folder.glob("*.yaml"))
        if file.stem not in FILES
    ]
    rows: dict[str, tuple[Any, ...]] = {}
    for name, shape in FILES.items():
        rows[name] = tuple(_rows(folder / f"{name}.yaml", shape, problems))
    _references(rows, problems)
    problems += problems_of(rows)
    return rows, problems


def _rows(path: Path, shape: type[Frozen], problems: list[str]) -> Iterable[Frozen]:
    if not path.is_file():
        if path.stem in NEEDED:
            problems.append(f"{path.name}: the file is missing")
        return
    try:
        found = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)
    except yaml.YAMLError as error:
        problems.append(f"{path.name}: not YAML: {error}")
        return
    if not isinstance(found, list):
        problems.append(f"{path.name}: a list of rows is expected")
        return
    seen: set[str] = set()
    for number, raw in enumerate(found, start=1):
        try:
            row = shape.model_validate(raw)
        except ValidationError as error:
            problems.extend(_said(path.name, number, raw, problem) for problem in error.errors())
            continue
        name = next((str(found) for key in KEYS if (found := getattr(row, key, None))), "")
        if name in seen:
            problems.append(f"{path.name} row {number}: {name!r} is used twice; each row needs its own")
        if name:
            seen.add(name)
        yield row


def _said(file: str, number: int, raw: Any, problem: Any) -> str:
    name = next((raw[one] for one in KEYS if raw.get(one)), None) if isinstance(raw, dict) else None
    key = ".".join(str(part) for part in problem["loc"]) or "row"
    where = f"{file} row {number}" + (f" ({name})" if name else "")
    return f"{where}: {key} = {problem['input']!r}: {problem['msg']}"


def _references(rows: dict[str, tuple[Any, ...]], problems: list[str]) -> None:
    known = {name: {getattr(r, "id", None) for r in rows[name]} for name in ("contacts", "students", "staff")}
    known["coaches"] = {coach.name for coach in rows["coaches"]}
    wanted = [
        ("students", "guardians", "contacts"),
        ("students", "own_contact", "contacts"),
        ("sessions", "student", "students"),
        ("sessions", "coach", "coaches"),
        ("slots", "coach", "coaches"),
        ("reschedules", "student", "students"),
        ("invoices", "contact", "contacts"),
        ("invoices", "student", "students"),
    ]
    for file, key, target in wanted:
        for number, row in enumerate(rows[file], start=1):
            value = getattr(row, key)
            for name in value if isinstance(value, tuple) else (value,):
                if name is not None and name not in known[target]:
                    problems.append(f"{file}.yaml row {number}: {key} = {name!r}: not in {target}.yaml")
