"""How a document looks: one A4 page, the desk on top, a table, the total, how to pay."""

import io
from dataclasses import dataclass
from datetime import datetime

from fpdf import FPDF

INK, SOFT, PALE, DEEP, GREEN = (33, 37, 41), (108, 117, 125), (241, 243, 245), (31, 78, 121), (25, 135, 84)
WIDE, MARGIN = 170.0, 20.0
COLUMNS = (110.0, 18.0, 42.0)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table, in words."""

    what: str
    qty: str
    amount: str


@dataclass(frozen=True, slots=True)
class Paper:
    """Everything that stands on the page, in words; `qr` is a PNG or empty."""

    title: str
    heading: str
    dated: datetime
    facts: tuple[tuple[str, str], ...]
    columns: tuple[str, str, str]
    lines: tuple[Line, ...]
    total: tuple[str, str]
    status: str
    paid: bool
    how: str = ""
    qr: bytes = b""
    scan: str = ""


def drawn(paper: Paper, pdf: FPDF) -> bytes:
    """Draw a document; the same words give the same bytes."""
    pdf.set_creation_date(paper.dated)
    pdf.set_title(f"{paper.heading} {paper.facts[0][1]}")
    pdf.set_margins(MARGIN, MARGIN)
    pdf.set_auto_page_break(auto=True, margin=MARGIN)
    pdf.add_page()
    _head(paper, pdf)
    _table(paper, pdf)
    _payment(paper, pdf)
    return bytes(pdf.output())


def _head(paper: Paper, pdf: FPDF) -> None:
    pdf.set_fill_color(*DEEP)
    pdf.rect(0, 0, 210, 32, style="F")
    pdf.set_xy(MARGIN, 11)
    _font(pdf, 18, (255, 255, 255), bold=True)
    pdf.cell(110, 10, _plain(paper.title))
    pdf.cell(60, 10, _plain(paper.heading.upper()), align="R")
    pdf.set_xy(MARGIN, 42)
    for name, value in paper.facts:
        _font(pdf, 10, SOFT)
        pdf.cell(38, 7, _plain(name))
        _font(pdf, 10, INK, bold=True)
        pdf.multi_cell(WIDE - 38, 7, _plain(value), new_x="LMARGIN", new_y="NEXT")
    pdf.ln(2)
    _font(pdf, 10, (255, 255, 255), bold=True)
    pdf.set_fill_color(*(GREEN if paper.paid else SOFT))
    words = _plain(paper.status.upper())
    pdf.cell(pdf.get_string_width(words) + 8, 8, words, fill=True, align="C", new_x="LMARGIN", new_y="NEXT")
    pdf.ln(6)


def _table(paper: Paper, pdf: FPDF) -> None:
    _font(pdf, 10, SOFT, bold=True)
    pdf.set_fill_color(*PALE)
    for width, words, align in zip(COLUMNS, paper.columns, "LCR", strict=True):
        pdf.cell(width, 9, _plain(words), fill=True, align=align)
    pdf.ln(9)
    pdf.set_draw_color(*PALE)
    _font(pdf, 10, INK)
    for line in paper.lines:
        if pdf.will_page_break(16):
            pdf.add_page()
        top = pdf.get_y()
        pdf.multi_cell(COLUMNS[0], 8, _plain(line.what), new_x="LMARGIN", new_y="NEXT")
        bottom = pdf.get_y()
        pdf.set_xy(MARGIN + COLUMNS[0], top)
        pdf.cell(COLUMNS[1], 8, _plain(line.qty), align="C")
        pdf.cell(COLUMNS[2], 8, _plain(line.amount), align="R")
        pdf.set_xy(MARGIN, bottom)
        pdf.line(MARGIN, bottom, MARGIN + WIDE, bottom)
    pdf.ln(3)
    _font(pdf, 13, DEEP, bold=True)
    pdf.cell(COLUMNS[0] + COLUMNS[1], 10, _plain(paper.total[0]), align="R")
    pdf.cell(COLUMNS[2], 10, _plain(paper.total[1]), align="R", new_x="LMARGIN", new_y="NEXT")
    pdf.ln(8)


def _payment(paper: Paper, pdf: FPDF) -> None:
    _font(pdf, 10, INK)
    if paper.how:
        pdf.multi_cell(WIDE, 6, _plain(paper.how), align="L", new_x="LMARGIN", new_y="NEXT")
        pdf.ln(4)
    if paper.qr:
        pdf.image(io.BytesIO(paper.qr), x=MARGIN, w=48)
        _font(pdf, 9, SOFT)
        pdf.cell(WIDE, 6, _plain(paper.scan))


def _font(pdf: FPDF, size: int, colour: tuple[int, int, int], *, bold: bool = False) -> None:
    pdf.set_font("Helvetica", style="B" if bold else "", size=size)
    pdf.set_text_color(*colour)


def _plain(words: str) -> str:
    # The fonts every reader has know Latin letters; a sign they do not know is shown as a question mark.
    return words.encode("latin-1", "replace").decode("latin-1")
