"""What can be booked, and what of it words name."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from policies.appointments import (
    Appointments,
    Service,
    asks_about,
    named,
    people_named,
    said_in,
    suits,
)
from tests.policies.booking_worlds import CUT, DYE, SERVICES, SPA, said
from tests.policies.builders import NOW, slot


def test_of_names_within_one_another_the_longest_counts() -> None:
    bath = Service(id="bath", name={"id": "spa", "en": "spa"}, minutes=30)
    both = Appointments(services=(SPA, bath))
    assert named("mau hair spa dong", both) == (SPA,)
    assert named("mau spa dong", both) == (bath,)
    assert named("hair spa atau spa", both) == (SPA, bath)
    assert named("potongan harga", SERVICES) == ()


def test_a_message_is_heard_as_written_and_as_understood() -> None:
    heard = said("booking_request", "Mau POTONG")
    assert said_in(heard.model_copy(update={"normalized": "mau cat rambut"})) == "mau potong\nmau cat rambut"
    assert said_in(None) == ""


def test_who_is_named_and_what_only_names_a_service() -> None:
    assert people_named("sama kak maya ya", {"Maya", "Sinta"}) == {"Maya"}
    assert asks_about("potong rambut berapa") and not asks_about("potong rambut")


def test_a_slot_suits_by_who_gives_it_and_for_how_long() -> None:
    assert suits(slot(), CUT) and not suits(slot(coach="Bima"), CUT)
    assert not suits(slot(), DYE)
    assert suits(slot(end=NOW + timedelta(days=4, hours=2), coach="Bima"), DYE)


def test_every_service_has_its_words_in_both_languages_and_an_id_of_its_own() -> None:
    with pytest.raises(ValidationError, match="the words in en are missing"):
        Service(id="cut", name={"id": "potong"}, minutes=30)
    with pytest.raises(ValidationError, match="cut is used twice"):
        Appointments(services=(CUT, CUT))
    assert SERVICES.service("spa") == SPA and SERVICES.service(None) is None
    assert {"potong", "rambut", "hair", "spa", "maya", "sinta"} <= SERVICES.own_words()
