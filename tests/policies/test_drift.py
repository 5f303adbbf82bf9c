"""How sure the understanding is, week by week."""

from typing import Any

from casefile.reading import IntentGuess, Reading, Request
from policies.drift import confidence_of, week_of_readings


def reading(*sure: float, **more: Any) -> Reading:
    requests = tuple(Request(intent="faq.parking", confidence=one, text="parkir") for one in sure)
    return Reading(language="id", normalized="parkir", requests=requests, **more)


def test_a_reading_is_as_sure_as_its_least_sure_request() -> None:
    assert confidence_of(reading(0.9, 0.6)) == 0.6


def test_where_nothing_was_clear_its_best_guess_counts() -> None:
    guesses = (IntentGuess(intent="refund", confidence=0.3), IntentGuess(intent="cancel", confidence=0.4))
    assert confidence_of(reading(guesses=guesses, abstained=True)) == 0.4
    assert confidence_of(reading(abstained=True)) == 0.0


def test_a_week_is_summed_up() -> None:
    week = week_of_readings("2026-W47", [reading(0.75), reading(0.25), reading(0.5, abstained=True)])
    assert (week.readings, week.confidence) == (3, 0.5)
    assert week.abstained == 1 / 3


def test_a_week_in_which_nobody_wrote_has_no_figures() -> None:
    week = week_of_readings("2026-W47", [])
    assert (week.readings, week.confidence, week.abstained) == (0, None, None)
