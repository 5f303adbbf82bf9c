"""What desks of one kind share lies between what every desk has and the desk's own."""

from pathlib import Path

import pytest

from understanding.corpus import Example, load_cards, load_examples, load_lexicon
from understanding.lexicon import build_lexicon


def folder(home: Path, name: str, **files: str) -> Path:
    made = home / name
    (made / "examples").mkdir(parents=True)
    for file, text in files.items():
        place = made / "examples" if file == "examples" else made
        (place / f"{file}.yaml").write_text(text, encoding="utf-8")
    return made


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path, Path]:
    return (
        folder(
            tmp_path,
            "shared",
            intents="thanks: {tier: R0, kind: conversational}",
            examples="thanks: {a: makasih}",
            lexicon="words: {makasih: 'mksh'}",
        ),
        folder(
            tmp_path,
            "layer",
            intents="booking_request: {tier: R2, kind: operation}",
            examples="booking_request:\n  a: |\n    mau {layanan}\n    book {service}\n    mau {layanan} dong\n",
            lexicon="words: {makasih: 'tq'}",
        ),
        folder(
            tmp_path,
            "desk",
            intents="faq.price: {tier: R0, kind: faq}",
            examples="faq.price: {a: berapa}",
        ),
    )


def test_each_folder_adds_its_intents_words_and_examples(folders: tuple[Path, Path, Path]) -> None:
    assert set(load_cards(*folders)) == {"thanks", "booking_request", "faq.price"}
    assert [example.intent for example in load_examples(*folders)][0::4] == ["thanks", "faq.price"]
    lexicon = load_lexicon(*folders)
    assert lexicon.canonical("mksh tq") == "makasih makasih"


def test_what_an_example_leaves_open_takes_the_desks_names_in_turn(
    folders: tuple[Path, Path, Path],
) -> None:
    named = {"layanan": ("oli", "servis"), "service": ("oil",)}
    said = [e.text for e in load_examples(*folders, named=named) if e.intent == "booking_request"]
    assert said == ["mau oli", "book oil", "mau servis dong"]
    assert Example("mau {layanan}", "booking_request", "a") in load_examples(*folders)


def test_a_desks_own_names_are_left_as_they_are_written() -> None:
    lexicon = build_lexicon({"siapa": "spa sapa"}, {}, ["booking"], {})
    assert lexicon.canonical("hair spa") == "hair siapa"
    own = lexicon.keeping({"spa", "boking"})
    assert own.canonical("hair spa sapa") == "hair spa siapa"
    assert (lexicon.canonical("boking"), own.canonical("boking")) == ("booking", "boking")
