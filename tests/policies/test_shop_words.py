import pytest

from policies.shop_words import (
    asks,
    code_in,
    colours_in,
    courier_in,
    folded,
    names_variant,
    number_in,
    order_in,
    size_in,
    without,
    without_order,
)

SIZES = ("S", "M", "L", "XL", "XXL", "30", "32", "S/M", "4-5th", "all-size")
COLOURS = ("navy", "garis navy", "biru muda", "biru tua", "putih", "hitam", "abu")


@pytest.mark.parametrize(
    ("said", "size"),
    [
        ("yg L item", "L"),
        ("warna navy size m masih?", "M"),
        ("celana ukuran 32", "32"),
        ("32 pcs", ""),
        ("extra large please", "XL"),
        ("2xl", "XXL"),
        ("anak umur 5 tahun", "4-5th"),
        ("anak umur 9 tahun", ""),
        ("all size aja", "all-size"),
        ("I'm in it's time", ""),
        ("j&t", ""),
        ("ukurannya Lnya", "L"),
    ],
)
def test_a_size_is_named_as_people_write_it(said: str, size: str) -> None:
    assert size_in(SIZES, folded(said)) == size


def test_half_of_a_double_size_names_it() -> None:
    assert size_in(("S/M", "L/XL"), folded("yang m")) == "S/M"
    assert size_in((), "m") == ""


@pytest.mark.parametrize(
    ("said", "colours"),
    [
        ("yg item", ("hitam",)),
        ("2 item", ()),
        ("light blue", ("biru muda",)),
        ("yang biru", ("biru muda", "biru tua")),
        ("navy", ("navy",)),
        ("abu-abu", ("abu",)),
        ("grey", ("abu",)),
        ("ungu", ()),
    ],
)
def test_a_colour_is_the_very_one_or_all_that_go_by_the_word(said: str, colours: tuple[str, ...]) -> None:
    assert colours_in(COLOURS, folded(said)) == colours


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("2 pcs", 2),
        ("dua buah", 2),
        ("x3", 3),
        ("3x", 3),
        ("mau 2 ya", 2),
        ("i'd like two kaos katun pagi", 2),
        ("navy L 2", 2),
        ("beli 32", None),
        ("pesan 200 ribu", None),
        ("0 pcs", None),
        ("and 2 kaos oversize", 2),
        ("satu aja", 1),
        ("ukuran L", None),
    ],
)
def test_how_many_are_wanted_is_no_size_and_no_price(said: str, number: int | None) -> None:
    assert number_in(folded(said), SIZES) == number


@pytest.mark.parametrize(
    ("said", "courier"),
    [("kirim pake jnt", "J&T"), ("j&t aja", "J&T"), ("sicepat dong", "SiCepat"), ("same day bisa?", "Kurir Toko"),
     ("lewat pos", "Pos Indonesia"), ("JNE", "JNE"), ("anter aja", "AnterAja"), ("cepat ya", "")],
)  # fmt: skip
def test_a_courier_goes_by_many_names(said: str, courier: str) -> None:
    assert courier_in(folded(said)) == courier


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("pakai voucher pagi25", "PAGI25"),
        ("kode KANCINGBARU ya", "KANCINGBARU"),
        ("GAJIAN12 masih bisa kak?", "GAJIAN12"),
        ("ada promo apa kak", ""),
        ("voucher gratis ongkir", ""),
        ("MAU PESAN DONG", ""),
        ("bayar COD ya", ""),
    ],
)
def test_a_code_is_what_stands_behind_the_word_or_is_shouted(said: str, code: str) -> None:
    assert code_in(said) == code


def test_an_order_is_named_by_its_number() -> None:
    assert order_in(folded("pesanan ord-2026-0025 dong")) == "ORD-2026-0025"
    assert order_in(folded("order 2026 0025")) == "ORD-2026-0025"
    assert order_in("pesananku") == ""
    assert "2026" not in without_order("alamat ORD-2026-0025 Jl. Mawar 3")


def test_a_products_name_names_no_size() -> None:
    assert without(("Kaos Oversize Blok M",), folded("kaos oversize blok M yang L")) == "yang l"


def test_choosing_is_not_asking() -> None:
    assert asks(folded("masih ada M?")) and not asks(folded("yang M"))
    assert names_variant(folded("yang item")) and not names_variant(folded("yang itu"))
