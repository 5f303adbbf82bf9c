"""The template language, and values that look like it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casefile.errors import BadInput
from prompts.placeholders import parse

ANY = st.text(max_size=80)


def test_a_value_goes_in_and_its_name_is_reported() -> None:
    assert parse("Halo {name}!", "t").fill({"name": "Rina"}) == ("Halo Rina!", frozenset({"name"}))


@pytest.mark.parametrize(("value", "text"), [("Rina", "Halo Kak Rina!"), ("", "Halo Kak!")])
def test_an_optional_part_goes_with_its_value(value: str, text: str) -> None:
    parsed = parse("Halo Kak[[ {name}]]!", "t")
    assert parsed.fill({"name": value})[0] == text
    assert parsed.required == frozenset()
    assert parsed.names == {"name"}


def test_one_empty_value_is_enough_to_drop_an_optional_part() -> None:
    assert parse("a[[ {x}-{y}]] b", "t").fill({"x": "1", "y": ""}) == ("a b", frozenset())


def test_the_literal_words_hold_no_value() -> None:
    assert parse("Halo[[ {name}]], jam {time}.", "t").literal == "Halo , jam ."


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Halo {Name}", "a placeholder is"),
        ("Halo {name", "a placeholder is"),
        ("Halo name}", "a placeholder is"),
        ("Halo {0}", "a placeholder is"),
        ("Halo [[ {name}", "an optional part is"),
        ("Halo {name}]]", "an optional part is"),
        ("a [[ b [[ {c} ]] d ]]", "an optional part is"),
        ("Halo [[Kak]]", "needs a placeholder"),
    ],
)
def test_a_stray_mark_is_refused_with_its_place(text: str, says: str) -> None:
    with pytest.raises(BadInput, match=says) as caught:
        parse(text, "file.yaml: greeting")
    assert str(caught.value).startswith("file.yaml: greeting: ")


@given(first=ANY, second=ANY)
def test_a_value_is_never_read_as_a_template(first: str, second: str) -> None:
    text, _ = parse("<{a}|{b}>", "t").fill({"a": first, "b": second})
    assert text == f"<{first}|{second}>"


def test_a_value_that_looks_like_a_placeholder_stays_as_it_is() -> None:
    assert parse("{a}{b}", "t").fill({"a": "{b}[[x]]", "b": "{a}"})[0] == "{b}[[x]]{a}"
