import pytest

from casefile.shop import Address
from policies.shop_places import address_in, city_in, gives_address, lacking, stored_in
from tests.policies.shop_worlds import CITIES, HOME, OFFICE

PHONE = "+6281234567890"


@pytest.mark.parametrize(
    ("text", "city"),
    [("ke jogja", "Yogyakarta"), ("jaksel", "Jakarta Selatan"), ("South Jakarta please", "Jakarta Selatan"),
     ("Bandung", "Bandung"), ("ke jakarta", ""), ("ke bulan", "")],
)  # fmt: skip
def test_a_place_goes_by_its_short_name(text: str, city: str) -> None:
    assert city_in(CITIES, text) == city


def test_a_stored_address_goes_by_its_label() -> None:
    assert stored_in((HOME, OFFICE), "ke kantor aja") == OFFICE
    assert stored_in((HOME, OFFICE), "my office") == OFFICE
    assert stored_in((HOME.model_copy(update={"label": "Toko"}),), "kirim ke toko")
    assert stored_in((HOME, OFFICE), "ke sana") is None
    assert stored_in((HOME.model_copy(update={"label": ""}),), "ke") is None


@pytest.mark.parametrize(
    ("text", "recipient", "street", "city"),
    [
        ("Budi Santoso, 081234567890, Jl. Mawar No 5, Bandung", "Budi Santoso", "Jl. Mawar No 5", "Bandung"),
        ("nama: rina\nalamat: jl melati 12 jaksel\nhp 081234567890", "Rina", "jl melati 12 jaksel", "Jakarta Selatan"),
        ("jalan kaliurang km 5 jogja, penerima Sari Dewi", "Sari Dewi", "jalan kaliurang km 5 jogja", "Yogyakarta"),
        ("penerima Toko 77, Jl. Mawar 5", "Toko 77", "Jl. Mawar 5", ""),
        ("bisa diganti ke Jl. Ijen No 3, Bandung?", "", "Jl. Ijen No 3", "Bandung"),
        ("ke jogja", "", "", "Yogyakarta"),
        ("ya makasih kak", "", "", ""),
    ],
)  # fmt: skip
def test_an_address_is_read_part_by_part(text: str, recipient: str, street: str, city: str) -> None:
    found = address_in(text, CITIES, (PHONE,), None)
    assert (found.recipient, found.full_address, found.city, found.phone) == (recipient, street, city, PHONE)


def test_what_comes_later_adds_to_what_was_said() -> None:
    first = address_in("Maya Putri", CITIES, (), None)
    assert lacking(first) == ("phone", "full_address", "city")
    then = address_in("Jl. Kenanga 4, Coblong, 40132 Bandung", CITIES, (PHONE,), first)
    assert (then.recipient, then.postal_code, lacking(then)) == ("Maya Putri", "40132", ())
    # Somebody on record is not renamed by the first word of a line.
    assert address_in("Melati, Jl. Mawar 1", CITIES, (), HOME).recipient == HOME.recipient
    assert lacking(None) == ("recipient", "phone", "full_address", "city")


@pytest.mark.parametrize(
    ("text", "phones", "gives"),
    [("Jl. Mawar 5", (), True), ("Jl. Mawar 5 ada?", (), False), ("Budi, Bandung", (), True), ("bandung", (), False),
     ("ini nomornya", (PHONE,), True)],
)  # fmt: skip
def test_what_reads_like_an_address(text: str, phones: tuple[str, ...], gives: bool) -> None:
    assert gives_address(text, phones) is gives


def test_an_address_can_be_empty_of_everything() -> None:
    assert address_in("", CITIES, (), None) == Address(recipient="", phone="", full_address="", city="")
