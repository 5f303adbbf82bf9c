"""Cells and files as spreadsheets leave them behind."""

import csv
import io
from datetime import date
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from casefile.errors import BadInput
from casefile.money import rupiah
from services.cells import Day, Email, Phone, Rupiah, Text, Whole, Words, Yes
from services.tables import read_table, write_csv

COLUMNS = ("sku", "price", "note")


def read(kind: Any, value: Any) -> Any:
    return TypeAdapter(kind).validate_python(value)


@pytest.mark.parametrize(
    ("kind", "cell", "meant"),
    [
        (Rupiah, "259000", 259_000),
        (Rupiah, "Rp 259.000", 259_000),
        (Rupiah, "Rp259.000,-", 259_000),
        (Rupiah, "rp. 1.259.000,00", 1_259_000),
        (Rupiah, "259,000", 259_000),
        (Rupiah, "259000.00", 259_000),
        (Rupiah, 259_000, 259_000),
        (Phone, "0812-3456-7890", "+6281234567890"),
        (Phone, "812 3456 7890", "+6281234567890"),
        (Phone, "+62 812 3456 7890", "+6281234567890"),
        (Phone, "6281234567890", "+6281234567890"),
        (Phone, "(0812) 3456.7890", "+6281234567890"),
        (Phone, "+1 415 555 0100", "+14155550100"),
        (Phone, 81234567890, "+6281234567890"),
        (Whole, " 12 ", 12),
        (Yes, "Ya", True),
        (Yes, "tidak", False),
        (Yes, True, True),
        (Words, "santai; pria,kerja|", ("santai", "pria", "kerja")),
        (Words, ["a", "b"], ("a", "b")),
        (Day, "31/12/2026", date(2026, 12, 31)),
        (Day, "2026-12-31", date(2026, 12, 31)),
        (Email, " a@b.id ", "a@b.id"),
    ],
)
def test_a_cell_is_read_as_it_is_meant(kind: Any, cell: Any, meant: Any) -> None:
    assert read(kind, cell) == meant


@pytest.mark.parametrize(
    ("kind", "cell", "words"),
    [
        (Phone, "6.28123E+12", "shortened a long number; format the column as text"),
        (Phone, "6,28E12", "shortened a long number"),
        (Text, "8.99E+11", "shortened a long number"),
        (Phone, "0812", "write it as"),
        (Rupiah, "2.59E+05", "shortened a long number"),
        (Rupiah, "259.00.0", "Rp 259.000"),
        (Rupiah, "259.5", "Rp 259.000"),
        (Rupiah, "-5000", "Rp 259.000"),
        (Rupiah, "gratis", "Rp 259.000"),
        (Whole, "1,5", "in figures"),
        (Yes, "mungkin", "yes or no"),
        (Day, "31/02/2026", "not a date"),
        (Email, "a@b", "not an email"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_how_to_mend_it(kind: Any, cell: Any, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        read(kind, cell)


@given(st.integers(0, 10**12), st.sampled_from(["id", "en"]))
def test_a_sum_is_read_as_we_write_it(amount: int, language: Any) -> None:
    assert read(Rupiah, rupiah(amount, language)) == amount


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_table_of_any_spreadsheet_is_read(encoding: str, separator: str) -> None:
    lines = [
        ["SKU ", "Price", "note"],
        ["A-1", "1000", '"två; tre, ""fyra""\nlima"'],
        ["", "", ""],
        ["'007", "", "x"],
    ]
    raw = "\r\n".join(separator.join(cells) for cells in lines).encode(encoding)
    rows = read_table("t.csv", raw, COLUMNS, ("sku",))
    assert [(row.line, row.cells) for row in rows] == [
        (2, {"sku": "A-1", "price": "1000", "note": 'två; tre, "fyra"\nlima'}),
        (5, {"sku": "007", "note": "x"}),
    ]


def test_json_is_a_list_of_objects() -> None:
    rows = read_table("t.json", b'[{"sku": "A", "price": 5, "note": null}]', COLUMNS, ("sku",))
    assert [(row.line, row.cells) for row in rows] == [(1, {"sku": "A", "price": 5})]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "is empty"),
        (b"sku,harga\nA,1\n", "unknown columns harga; known are sku, price, note"),
        (b"price\n1\n", "the columns sku are missing"),
        (b"sku,sku\nA,B\n", "sku are there twice"),
        (b"sku,price\nA,1,200\n", "line 2: more cells than columns"),
        (b'sku,price\n"A,1\n', "not CSV"),
        (b"sku,note\nA,caf\xe9\n", "line 2: not UTF-8; in the spreadsheet"),
        (b'{"sku": "A"}', "a list of objects"),
        (b'[{"sku": "A"', "line 1: not JSON"),
    ],
)
def test_what_is_no_table_is_refused(raw: bytes, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        read_table("t", raw, COLUMNS, ("sku",))


@given(st.lists(st.fixed_dictionaries({"sku": st.text(), "note": st.text()}), min_size=1, max_size=5))
@example([{"sku": "", "note": ",="}])
def test_what_is_written_is_read_back_and_is_no_formula(rows: list[dict[str, str]]) -> None:
    clean = [{k: " ".join(v.replace("\x00", "").split()).lstrip("'") for k, v in row.items()} for row in rows]
    text = write_csv(("sku", "note"), clean)
    _, *lines = csv.reader(io.StringIO(text))
    assert not any(cell[:1] in "=+-@" for cells in lines for cell in cells if cell)
    back = (
        read_table("t", text.encode(), ("sku", "note"), ()) if any(map(any, map(dict.values, clean))) else []
    )
    assert [row.cells for row in back] == [
        {k: v for k, v in row.items() if v} for row in clean if any(row.values())
    ]
