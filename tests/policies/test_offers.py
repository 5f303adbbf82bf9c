from datetime import timedelta

import pytest

from casefile.case import Case
from casefile.reading import Reading, Request, Slots, WhenSlot
from policies.offers import asked_outright, taken_up
from tests.policies.worlds import NOW, case

SATURDAY = WhenSlot(text="sabtu jam 10")


def offering(meaning: str, **changes: object) -> Case:
    return case(waiting_for="offer", meanings=(meaning,), state="answered").model_copy(update=changes)


def heard(words: str, *intents: str, **slots: object) -> Reading:
    requests = tuple(Request(intent=i, confidence=0.9, text=words) for i in intents)
    return Reading(language="id", normalized=words, requests=requests, slots=Slots.model_validate(slots))


@pytest.mark.parametrize(
    ("meaning", "reading"),
    [
        ("new_session", heard("iya", "affirm", yes_no="yes")),
        ("new_session", heard("sabtu jam 10", "give_time", when=(SATURDAY,))),
        ("new_bill", heard("oke", "affirm", yes_no="yes")),
        ("new_bill", heard("oh iya tolong dibuatkan lagi kak", "renewal_request")),
        ("credit", heard("oke mau", "affirm", yes_no="yes")),
        ("options", heard("ada pilihan lain ?", "give_time")),
        ("options", heard("ada opsi apa ya")),
        ("trial_request", heard("nama tania , 25 tahun , sabtu jam 10", "trial_request", when=(SATURDAY,))),
        ("trial_request", heard("tania , 25", "unclear")),
        ("trial_request", heard("yes please", "affirm", yes_no="yes")),
    ],
)
def test_an_offer_is_taken_up(meaning: str, reading: Reading) -> None:
    offered = offering(meaning)
    assert taken_up(reading, (offered,)) == (offered, meaning)


@pytest.mark.parametrize(
    ("meaning", "reading"),
    [
        ("credit", heard("oke", "affirm", yes_no="yes")),
        ("options", heard("oke", "affirm", yes_no="yes")),
        ("new_session", heard("tidak mau", "deny", yes_no="no")),
        ("new_session", heard("mau refund", "refund_request")),
        ("new_session", heard("mau perpanjang", "renewal_request")),
        ("new_bill", heard("harga paket berapa", "faq.price_list")),
        ("new_bill", heard("sabtu jam 10", "give_time", when=(SATURDAY,))),
    ],
)
def test_what_does_not_want_it_does_not_take_it_up(meaning: str, reading: Reading) -> None:
    assert taken_up(reading, (offering(meaning),)) is None


def test_an_offer_stands_only_as_the_last_thing_said_and_takes_no_risk() -> None:
    yes = heard("iya mau", "affirm", yes_no="yes")
    later = case(id="later", state="answered", updated_at=NOW + timedelta(minutes=1))
    assert taken_up(yes, (offering("new_bill"), later)) is None
    assert taken_up(yes, (offering("new_bill", state="resolved"),)) is None
    assert taken_up(yes, ()) is None
    risky = yes.model_copy(update={"signals": ("refund",)})
    assert taken_up(risky, (offering("new_bill"),)) is None


def test_an_offer_that_is_a_question_is_taken_up_by_a_nod() -> None:
    assert asked_outright((offering("new_bill"),))
    assert not asked_outright((offering("options"),))
    assert not asked_outright((case(),)) and not asked_outright(())
