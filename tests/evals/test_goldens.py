"""A set of golden conversations is refused where two are the same or a file does not say what it is, and is counted."""

from pathlib import Path

import pytest

from app.golden import find_golden, golden_of, load_golden
from app.script import load_scripts
from casefile.errors import BadInput
from evals.goldens import Golden, refusals, shortfalls

LONG = "kak aku mau pindah jadwal les hari kamis ke hari sabtu siang bisa nggak ya soalnya ada rapat"


def golden(name: str, said: tuple[str, ...] = (LONG,), **more: object) -> Golden:
    return Golden.model_validate(
        {
            "name": name, "place": f"{name}.yaml", "language": "id", "topic": "moving", "intents": ("reschedule",),
            "author": "24, Bandung", "tier": "R2", "said": said, "situation": f"as {name}", **more,
        }
    )  # fmt: skip


def test_two_that_say_the_same_are_one() -> None:
    same = golden("two", (LONG.replace("siang", "sore"),))
    (found,) = refusals([golden("one"), same])
    assert found.startswith("two.yaml: 81% of its words are those of one")
    assert (
        refusals([golden("one"), golden("two", ("sisa sesi saya berapa lagi ya kak, mau perpanjang",))]) == []
    )


def test_short_words_may_be_the_same() -> None:
    assert refusals([golden("one", ("halo",)), golden("two", ("halo",))]) == []


def test_the_same_intents_in_the_same_situation_are_one() -> None:
    other = golden("two", ("pindahin lesku dong",), situation="as one")
    (found,) = refusals([golden("one"), other])
    assert "has the intents and the situation of one" in found


def test_where_something_else_is_decided_it_is_another_story() -> None:
    others = [
        golden("two", decided="R3"),
        golden("three", ("pindah dong",), decided="R3", situation="as one"),
    ]
    assert refusals([golden("one"), *others]) == []


def test_a_conversation_says_what_it_is() -> None:
    found = refusals([golden("one", topic="", intents=(), author="")])
    assert [words.split()[1] for words in found] == ["topic", "intents", "author"]


def test_what_a_whole_set_holds_too_little_of_is_counted() -> None:
    found = shortfalls([golden("one"), golden("two", tier=None)])
    assert found[0] == "2 conversations, at least 120 needed"
    assert "1 of tier R2, at least 10 needed" in found
    assert "0 in en, at least 30 needed" in found
    assert found[-1] == "two expects no tier"


def test_a_file_is_refused_by_its_name(tmp_path: Path) -> None:
    text = "title: A try\nlanguage: en\nas: ct_rina\nsteps:\n  - say: hi\n    expect: {case: {tier: R0}}\n"
    file = tmp_path / "mine.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=r"mine\.yaml: author is missing"):
        load_golden([file])


def test_the_school_has_a_set_that_can_be_taken() -> None:
    named = load_scripts(find_golden("school"))
    assert refusals([golden_of(one) for one in named]) == []
