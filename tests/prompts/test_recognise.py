"""From a finished text back to its template, for every text there is."""

from pathlib import Path

import pytest

from casefile.base import Language
from prompts.catalogue import LANGUAGES
from prompts.proof import load_samples, sample
from prompts.recognise import LEAST, generalised, recognise
from prompts.render import Templates

HERE = Path(__file__).parents[2]
TEMPLATES = Templates.load(HERE / "prompts" / "templates", HERE / "desks" / "school" / "templates")
SAMPLES = load_samples(HERE / "prompts" / "samples.yaml")
LONG = sorted(
    name
    for name in TEMPLATES.variables
    if all(len(TEMPLATES.templates[(name, language)].text.literal) >= LEAST for language in LANGUAGES)
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_most_texts_are_known_by_the_words_they_were_made_of(language: Language) -> None:
    texts = {name: sample(TEMPLATES, name, language, SAMPLES, False).text for name in LONG}
    known = {name: recognise(TEMPLATES, text, language) for name, text in texts.items()}
    # Two templates may read the same; a text that addresses its reader is bent on the way ("your").
    wrong = [n for n, one in known.items() if one is not None and texts[one.template_id] != texts[n]]
    assert wrong == []
    assert sum(one is not None for one in known.values()) > 0.9 * len(LONG)


def test_the_values_come_back_and_find_their_places_in_other_words() -> None:
    values = {"time_window": "hari ini sebelum pukul 17.00 WIB", "verify": ""}
    text = TEMPLATES.render("refund_received", "id", values).text
    known = recognise(TEMPLATES, text, "id")
    assert known is not None
    assert (known.template_id, known.values) == ("refund_received", {"time_window": values["time_window"]})
    assert "{time_window}" in known.wording and "[[ {verify}]]" in known.wording
    other = "Ditunggu ya Kak, hari ini sebelum pukul 17.00 WIB kami kabari."
    assert generalised(other, known.values) == "Ditunggu ya Kak, {time_window} kami kabari."


def test_words_that_are_no_templates_are_not_known() -> None:
    assert recognise(TEMPLATES, "Kak, tadi Sinta titip salam.", "id") is None
