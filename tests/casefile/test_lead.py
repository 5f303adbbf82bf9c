"""A lead keeps what was told through a checkpoint, and nothing that was not."""

import datetime as dt

from casefile.lead import Answer, Lead


def test_a_lead_survives_being_written_down() -> None:
    lead = Lead(
        answers={
            "budget": Answer(said="5-10 juta", low=5_000_000, high=10_000_000),
            "start": Answer(said="Maret", since=dt.date(2027, 3, 1), until=dt.date(2027, 3, 31)),
            "need": Answer(said="", unknown=True),
        },
        asked=("budget",),
    )
    assert Lead.model_validate(lead.model_dump(mode="json")) == lead


def test_answers_are_the_same_however_they_are_put() -> None:
    ten = Answer(said="10 juta", low=10_000_000, high=10_000_000)
    assert ten.same(ten.model_copy(update={"said": "sepuluh juta"}))
    assert not ten.same(Answer(said="10 juta", low=10_000_000))
    assert not ten.same(None)
    assert Answer(said="katalog").same(Answer(said="katalog"))
    assert not Answer(said="katalog").same(Answer(said="ongkir"))
