import pytest

from understanding.slots import choice, emails, invoice_numbers, known_names, phones, yes_no


def test_invoice_numbers_however_typed() -> None:
    text = "inv-2026-0105-001, invoice 2026/0203/014 inv 2026 0105 001"
    assert invoice_numbers(text) == ("INV-2026-0105-001", "INV-2026-0203-014")
    assert invoice_numbers("2026-01-05") == ()


def test_emails_and_phones() -> None:
    assert emails("email saya rara.s+1@mail.co.id.") == ("rara.s+1@mail.co.id",)
    assert phones("wa 0812-3456-7890 atau +62 811 222 3334") == ("+6281234567890", "+628112223334")
    assert phones("inv-2026-0105-001 jam 10") == ()


def test_names_are_known_ones_by_full_or_first_name() -> None:
    assert known_names("yang rara kak", ("Rara Putri", "Kevin")) == ("Rara Putri",)
    assert known_names("raranya", ("Rara",)) == ()


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("yang kedua", 2), ("2", 2), ("no 1", 1), ("opsi 3 aja", 3), ("the second one please", 2),
        ("yang terakhir", -1), ("nomor satu", 1), ("saya mau les piano", None), ("jam 3 sore", None),
        ("2 anak saya", None),
    ],
)  # fmt: skip
def test_choice(text: str, want: int | None) -> None:
    assert choice(text) == want


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("iya", "yes"), ("oke kak", "yes"), ("yes please", "yes"), ("setuju", "yes"), ("ga usah", "no"),
        ("no thanks", "no"), ("tidak", "no"), ("nggak kak", "no"), ("mau ganti jadwal", None),
        ("oke makasih kak", "yes"), ("iya\nbener\nmakasih", "yes"), ("👍🏻", "yes"), ("✅ thanks", "yes"),
        ("baik kak, terima kasih banyak 🙏", "yes"), ("ok thanks!", "yes"),
        ("makasih kak", None), ("🙏", None), ("kak", None), ("bisa?", None),
        ("oke bentar ya, tanya suami dulu", None), ("ok let me check first", None),
        ("iyaa betul teh", "yes"), ("nah iya bener yg itu", "yes"), ("nah", "no"), ("mas", None),
        ("yes, that one", "yes"), ("no, the other", "no"), ("harga berapa", None),
    ],
)  # fmt: skip
def test_yes_no(text: str, want: str | None) -> None:
    assert yes_no(text) == want
