"""Documents made from the books: an invoice or a receipt as PDF, and what a QR code says as a picture."""

import hashlib
import io
from collections.abc import Callable
from datetime import UTC, date, datetime, time, tzinfo
from pathlib import Path

import segno
from fpdf import FPDF

from casefile.base import Frozen, Language
from casefile.effects import DOCUMENT_LANGUAGES
from casefile.money import rupiah
from casefile.records import Invoice
from policies.payments import PayTo, may_say_paid, still_to_pay
from policies.words import date_words
from ports.channels import MediaFile
from services.paper import Line, Paper, drawn
from store import catalogue, orders, records
from store.database import Database

PDF, PNG = "application/pdf", "image/png"
QR_SCALE = 10
# What WhatsApp takes for a picture.
PICTURES = {".png": PNG, ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}


class Issuer(Frozen):
    """Whose documents they are: the desk's title, its zone, where its bills are paid, where its goods' photos are."""

    title: str
    zone: tzinfo
    pay_to: PayTo | None = None
    photos: Path | None = None

    model_config = {"arbitrary_types_allowed": True}


class Documents:
    """Implements ports.sources.Files for what `casefile.effects.Attachment` names: bills, QR codes, photos of goods.

    They are made when they are asked for, from what the books say then; asked again they say the same, so nothing
    of them is kept beside the books. `label` returns a phrase in a language.
    """

    def __init__(self, database: Database, issuer: Issuer, label: Callable[[str, Language], str]) -> None:
        self._database = database
        self._issuer = issuer
        self._label = label

    async def file(self, key: str) -> MediaFile | None:
        """Return a document by its name, or None when the books have nothing to make it from."""
        kind, _, rest = key.partition(":")
        if kind == "photo":
            return self._photo(rest.rpartition(":")[2])
        number, _, language = rest.partition(":")
        invoice = records.invoice(self._database.read, number)
        if invoice is None:
            return None
        if kind == "qr":
            return self._code(invoice)
        known = next((one for one in DOCUMENT_LANGUAGES if one == language), None)
        return self._paper(invoice, known) if kind == "invoice" and known else None

    def _photo(self, product_id: str) -> MediaFile | None:
        folder = self._issuer.photos
        image = catalogue.image_of(self._database.read, product_id)
        if folder is None or not image:
            return None
        # The name came with an import: it leads nowhere but into the folder, and to nothing but a picture.
        path = (folder / image).resolve()
        mime = PICTURES.get(path.suffix.lower())
        if mime is None or not path.is_relative_to(folder.resolve()) or not path.is_file():
            return None
        return _file(path.read_bytes(), mime)

    def _code(self, invoice: Invoice) -> MediaFile | None:
        says = _payable(invoice)
        return _file(qr_png(says), PNG) if says else None

    def _paper(self, invoice: Invoice, language: Language) -> MediaFile:
        def label(name: str) -> str:
            return self._label(f"document.{name}", language)

        paid = may_say_paid(invoice.payment)
        contact = records.contact(self._database.read, invoice.contact_id)
        who = (contact.full_name or contact.wa_name or "") if contact else ""
        facts = [(label("number"), invoice.number), (label("for"), who)]
        if paid:
            facts.append((label("paid_on"), self._day(invoice.payment.at, language)))
        else:
            facts.append((label("due"), self._due(invoice, language)))
        pay_to = self._issuer.pay_to
        how = ""
        if not paid and still_to_pay(invoice) and pay_to is not None:
            how = label("pay_to").format(**pay_to.values(), number=invoice.number)
        says = "" if paid else _payable(invoice)
        paper = Paper(
            title=self._issuer.title,
            heading=label("receipt" if paid else "invoice"),
            dated=invoice.payment.at or self._noon(invoice.due),
            facts=tuple((name, value) for name, value in facts if value),
            columns=(label("what"), label("qty"), label("amount")),
            lines=self._lines(invoice, language),
            total=(label("total"), rupiah(invoice.amount, language)),
            status=self._label(f"payment.{invoice.payment.state}", language),
            paid=paid,
            how=how,
            qr=qr_png(says) if says else b"",
            scan=label("scan") if says else "",
        )
        return _file(drawn(paper, FPDF()), PDF)

    def _lines(self, invoice: Invoice, language: Language) -> tuple[Line, ...]:
        order = orders.order_billed(self._database.read, invoice.number)
        if order is None:
            return (Line(invoice.description, "1", rupiah(invoice.amount, language)),)
        goods = [Line(i.name, str(i.qty), rupiah(i.qty * i.unit_price, language)) for i in order.items]
        for name, amount in (("shipping", order.shipping), ("discount", -order.discount)):
            if amount:
                goods.append(Line(self._label(f"document.{name}", language), "", rupiah(amount, language)))
        return tuple(goods)

    def _due(self, invoice: Invoice, language: Language) -> str:
        return self._day(self._noon(invoice.due), language)

    def _noon(self, day: date) -> datetime:
        return datetime.combine(day, time(12), self._issuer.zone)

    def _day(self, at: datetime | None, language: Language) -> str:
        return date_words(at.astimezone(UTC), self._issuer.zone, language) if at else ""


def qr_png(says: str) -> bytes:
    """Return a QR code as a PNG."""
    out = io.BytesIO()
    segno.make_qr(says, error="m").save(out, kind="png", scale=QR_SCALE, border=4)
    return out.getvalue()


def _payable(invoice: Invoice) -> str:
    return invoice.link.qr_string if invoice.link is not None and still_to_pay(invoice) else ""


def _file(data: bytes, mime: str) -> MediaFile:
    return MediaFile(data, mime, hashlib.sha256(data).hexdigest())
