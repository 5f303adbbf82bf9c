"""Tone rules, and the sheet people read the texts from."""

import re
from pathlib import Path

import pytest

from casefile.errors import BadInput
from prompts.catalogue import LANGUAGES
from prompts.proof import HERE, load_samples, main, sheet
from prompts.render import Templates
from prompts.tone import load_tone

SCHOOL = Path(__file__).parents[2] / "desks" / "school"


def test_both_languages_have_tone_rules() -> None:
    tone = load_tone(HERE / "tone.yaml")
    assert set(tone) == set(LANGUAGES)
    assert all(rules.do and rules.dont and rules.never for rules in tone.values())


def test_no_template_uses_words_that_a_draft_would_be_held_for() -> None:
    tone = load_tone(HERE / "tone.yaml")
    templates = Templates.load(HERE / "templates", SCHOOL / "templates")
    for (name, language), template in templates.templates.items():
        for words in tone[language].never:
            assert not re.search(rf"(?<!\w){words}(?!\w)", template.text.literal, re.IGNORECASE), (
                name,
                words,
            )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("id: {do: [a], dont: [b]}\n", "en: must be a mapping"),
        ("id: {do: [], dont: [b]}\nen: {do: [a], dont: [b]}\n", "id: do: must be a list of sentences"),
        ("fr: {do: [a], dont: [b]}\n", "unknown key fr; allowed: en, id, version"),
        ("id: {do: [a], dont: [b], maybe: [c]}\n", "unknown key maybe"),
        ("id: {do: [a], dont: [b], never: [3]}\n", "id: never: must be a list of sentences"),
    ],
)
def test_a_mistake_in_the_tone_file_is_named(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "tone.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=says):
        load_tone(path)


def test_samples_are_in_both_languages_and_all_of_them_are_used() -> None:
    samples = load_samples(HERE / "samples.yaml")
    variables = Templates.load(HERE / "templates", None).variables
    assert set(samples["id"]) == set(samples["en"]) == set().union(*variables.values())


def test_samples_of_one_language_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "samples.yaml"
    path.write_text("id: {}\n", encoding="utf-8")
    with pytest.raises(BadInput, match="must hold exactly id, en"):
        load_samples(path)


def test_the_sheet_shows_every_form_once() -> None:
    templates = Templates.load(HERE / "templates", SCHOOL / "templates")
    lines = list(sheet(templates, load_samples(HERE / "samples.yaml")))
    assert [line[3:] for line in lines if line.startswith("== ")] == list(templates.variables)
    pending = sum(templates.has_pending(name) for name in templates.variables)
    heads = [line for line in lines if line.startswith("[") and "@" in line]
    assert len(heads) == 2 * (len(templates.variables) + pending)


@pytest.mark.parametrize(("desk", "head"), [(None, "[id; greeting@1]"), (SCHOOL, "[id; greeting@1-school]")])
def test_the_sheet_is_printed(desk: Path | None, head: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(desk)
    assert head in capsys.readouterr().out
