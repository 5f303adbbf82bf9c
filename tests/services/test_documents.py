"""Documents from the books, on both databases: what stands on an invoice, a receipt, a QR code - and what does not."""

import re
import zlib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from services_scenes import NOW, School
from shop_scenes import Shop

from casefile.base import Language
from casefile.payments import PaymentLink
from policies.payments import PayTo
from services.documents import Documents, Issuer, qr_png
from store.database import Database
from store.payments import add_link

PAY_TO = PayTo(bank="BCA", account="1230004567", holder="PT Suara Kita")
QR = "00020101021226620014COM.GO-JEK.WWW5204899953033605406120000"


def label(name: str, language: Language) -> str:
    return "{bank} {account} {holder} {number}" if name == "document.pay_to" else f"<{name}.{language}>"


def documents(database: Database, zone: object) -> Documents:
    return Documents(database, Issuer(title="Suara Kita", zone=zone, pay_to=PAY_TO), label)  # type: ignore[arg-type]


def words(pdf: bytes) -> str:
    """Return the words drawn on a PDF's pages, in order."""
    pages = [zlib.decompress(found) for found in re.findall(rb"stream\r?\n(x.*?)\r?\nendstream", pdf, re.S)]
    shown = re.findall(rb"\((.*?)(?<!\\)\) Tj|\[(.*?)\] TJ", b"\n".join(pages), re.S)
    parts = [one or b"".join(re.findall(rb"\((.*?)(?<!\\)\)", many, re.S)) for one, many in shown]
    return "\n".join(part.decode("latin-1").replace("\\(", "(").replace("\\)", ")") for part in parts)


async def test_an_open_bill_is_an_invoice_with_where_to_pay(school: School) -> None:
    file = await documents(school.database, UTC).file("invoice:INV-2026-0201-001:id")
    assert file is not None and file.mime == "application/pdf" and file.data.startswith(b"%PDF")
    said = words(file.data)
    for part in (
        "Suara Kita",
        "<DOCUMENT.INVOICE.ID>",
        "INV-2026-0201-001",
        "Rp 1.200.000",
        "BCA 1230004567",
    ):
        assert part in said
    assert "<PAYMENT.PENDING.ID>" in said


async def test_a_paid_bill_is_a_receipt_and_asks_for_no_money(school: School) -> None:
    file = await documents(school.database, UTC).file("invoice:INV-2026-0101-001:en")
    assert file is not None
    said = words(file.data)
    assert "<DOCUMENT.RECEIPT.EN>" in said and "<PAYMENT.CONFIRMED.EN>" in said
    assert "BCA" not in said and "document.due" not in said


async def test_the_same_books_give_the_same_bytes(school: School) -> None:
    made = [await documents(school.database, UTC).file("invoice:INV-2026-0201-001:id") for _ in range(2)]
    assert made[0] == made[1] is not None


async def test_an_orders_bill_lists_its_goods_and_adds_up(shop: Shop) -> None:
    rows = shop.database.read("SELECT invoice_number, total FROM orders WHERE invoice_number IS NOT NULL")
    number = rows[0]["invoice_number"]
    file = await documents(shop.database, UTC).file(f"invoice:{number}:id")
    assert file is not None
    amounts = [
        (-1 if sign else 1) * int(digits.replace(".", ""))
        for sign, digits in re.findall(r"(-?)Rp ([\d.]+)", words(file.data))
    ]
    assert amounts[-1] == rows[0]["total"] == sum(amounts[:-1])


async def test_what_is_not_in_the_books_has_no_document(school: School) -> None:
    paper = documents(school.database, UTC)
    for name in (
        "invoice:INV-2026-9999-001:id",
        "invoice:INV-2026-0201-001:fr",
        "qr:INV-2026-0201-001",
        "x:y",
    ):
        assert await paper.file(name) is None


async def test_a_way_to_pay_with_a_code_is_a_picture_and_stands_on_the_invoice(school: School) -> None:
    paper = documents(school.database, UTC)
    bare = await paper.file("invoice:INV-2026-0201-001:id")
    link = PaymentLink(
        reference="INV-2026-0201-001",
        invoice="INV-2026-0201-001",
        provider="midtrans",
        provider_id="m1",
        amount=1_200_000,
        url="http://127.0.0.1/qr",
        qr_string=QR,
        expires_at=datetime(2099, 1, 1, tzinfo=UTC),
    )
    await school.database.submit(lambda tx: add_link(tx, link, "", "", NOW))
    code = await paper.file("qr:INV-2026-0201-001")
    assert code is not None and code.mime == "image/png" and code.data == qr_png(QR)
    shown = await paper.file("invoice:INV-2026-0201-001:id")
    assert bare is not None and shown is not None
    assert b"/Subtype /Image" in shown.data and b"/Subtype /Image" not in bare.data
    assert "<document.scan.id>" in words(shown.data)


def test_other_codes_are_other_pictures() -> None:
    assert qr_png(QR).startswith(b"\x89PNG") and qr_png(QR) != qr_png(QR + "1")


@pytest.mark.parametrize(
    ("image", "mime"),
    [
        ("images/kaos.png", "image/png"),
        ("images/kaos.JPG", "image/jpeg"),
        ("", None),
        ("images/none.png", None),
        ("images/kaos.txt", None),
        # What an import says leads nowhere but into the folder.
        ("../outside.png", None),
    ],
)
async def test_a_photo_is_the_file_its_product_names(
    shop: Shop, tmp_path: Path, image: str, mime: str | None
) -> None:
    folder = tmp_path / "beside"
    (folder / "images").mkdir(parents=True)
    for name in ("images/kaos.png", "images/kaos.JPG", "images/kaos.txt", "../outside.png"):
        (folder / name).write_bytes(b"picture")
    await shop.set(f"UPDATE products SET image = '{image}' WHERE id = 'pr_kaos'")
    issuer = Issuer(title="Toko", zone=UTC, photos=folder)
    file = await Documents(shop.database, issuer, label).file("photo:Kaos Lurik:pr_kaos")
    assert (file and file.mime) == mime
    assert file is None or file.data == b"picture"
    assert await Documents(shop.database, issuer, label).file("photo:Nothing:pr_none") is None
    nowhere = Issuer(title="Toko", zone=UTC)
    assert await Documents(shop.database, nowhere, label).file("photo:Kaos Lurik:pr_kaos") is None
