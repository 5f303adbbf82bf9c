"""Packages and sign-ups as nouns."""

import pytest
from pydantic import ValidationError

from casefile.enrolments import PackageOffer, Signup

GIVEN = {
    "id": "pk_privat_4",
    "name": "Privat 4 sesi",
    "name_en": "Private, 4 sessions",
    "sessions": 4,
    "minutes": 60,
    "weeks": 6,
    "price": 1_400_000,
    "page": "price_list",
}


def test_a_package_has_a_name_in_each_language_and_is_for_an_age() -> None:
    offer = PackageOffer.model_validate({**GIVEN, "youngest": 10, "oldest": 12})
    assert (offer.called("id"), offer.called("en")) == ("Privat 4 sesi", "Private, 4 sessions")
    assert [offer.fits(age) for age in (9, 10, 12, 13, None)] == [False, True, True, False, True]


@pytest.mark.parametrize(
    ("changed", "words"),
    [({"weeks": 0}, "weeks is missing"), ({"youngest": 9, "oldest": 5}, "oldest is less than youngest")],
)
def test_a_package_that_cannot_be_is_refused(changed: dict[str, int], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        PackageOffer.model_validate({**GIVEN, **changed})


def test_a_sign_up_is_changed_by_copy() -> None:
    first = Signup(name="Tania")
    assert first.with_(age=25) == Signup(name="Tania", age=25) and first.age is None
