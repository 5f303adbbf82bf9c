"""Every threshold of the understanding, in one frozen object."""

from pydantic import Field, field_validator

from casefile.base import Frozen, Language

# What a fitted classifier depends on; the other settings only judge what it says.
FITTING = {"temperature_cv", "temperature", "penalty"}


class ReaderSettings(Frozen):
    """Thresholds of a Reader; probabilities 0 to 1, lengths in characters.

    `intent_threshold`: below it the reader abstains. `margin`: least lead over the runner-up.
    `split_threshold`: each part must reach it before one message becomes several requests.
    `signal_threshold`: an intent as likely as this adds its risk signal.
    `person_threshold`: all intents for a person together as likely as this make the reading unsure.
    `hint_threshold`: what rules only hint at is raised where all intents for a person together are as likely.
    `certain_threshold`: from here a guess is certain; small talk then only mentions what it does not ask for.
    `trace_threshold`: a part's risk counts only if the whole message shows at least this much of it.
    `offer_threshold`: a guess less likely than this is not offered as a choice.
    `temperature_cv`: fit the softmax temperature on held-out authors, else use `temperature`.
    `penalty`: how hard the classifier fits its examples. `default_language`: when nothing else decides.
    `max_chars`: how much of a message the classifier reads; the signal rules always read all of it.
    `lesson_hours`: first and last hour a bare "jam 3" may mean.
    """

    intent_threshold: float = Field(default=0.37, ge=0, le=1)
    margin: float = Field(default=0.05, ge=0, le=1)
    split_threshold: float = Field(default=0.6, ge=0, le=1)
    signal_threshold: float = Field(default=0.5, ge=0, le=1)
    person_threshold: float = Field(default=0.2, ge=0, le=1)
    hint_threshold: float = Field(default=0.02, ge=0, le=1)
    certain_threshold: float = Field(default=0.9, ge=0, le=1)
    trace_threshold: float = Field(default=0.05, ge=0, le=1)
    offer_threshold: float = Field(default=0.08, ge=0, le=1)
    temperature_cv: bool = True
    temperature: float = Field(default=0.18, gt=0)
    penalty: float = Field(default=1.0, gt=0)
    default_language: Language = "id"
    max_chars: int = Field(default=600, ge=50)
    lesson_hours: tuple[int, int] = (8, 20)

    @field_validator("lesson_hours")
    @classmethod
    def _within_a_day(cls, hours: tuple[int, int]) -> tuple[int, int]:
        if not 0 <= hours[0] < hours[1] <= 24:
            raise ValueError("give the first and the last hour, 0 to 24, as [8, 20]")
        return hours
