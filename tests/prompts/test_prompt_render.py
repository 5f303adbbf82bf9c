"""Loading and rendering customer templates: every refusal says where and why."""

from pathlib import Path

import pytest

from casefile.errors import BadInput
from prompts.render import Rendered, Templates

ROOT = Path(__file__).parents[2]
VARIABLES = "hello: [name]\nwhen: [student, time]\nsure: []\n"
ID = """
hello: {version: 3, text: "Halo[[ {name}]]!", facts: [name]}
when: {version: 1, text: "{student} pukul {time}.", pending: "Kabarnya {time_window}.", facts: [student, time]}
sure: {version: 1, text: "Siap, dua."}
"""
EN = """
hello: {version: 2, text: "Hi[[ {name}]]!", facts: [name]}
when: {version: 1, text: "{student} at {time}.", pending: "News {time_window}.", facts: [student, time]}
sure: {version: 1, text: "Sure, two.", states: [two]}
"""
LABELS = 'word.or: "atau"\n'


def _write(folder: Path, **files: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / f"{name.replace('__', '.')}.yaml").write_text(text, encoding="utf-8")
    return folder


def _shared(tmp_path: Path, **changed: str) -> Path:
    files = {
        "customer__variables": VARIABLES,
        "customer__id": ID,
        "customer__en": EN,
        "labels__id": LABELS,
        "labels__en": LABELS,
    }
    return _write(tmp_path / "shared", **(files | changed))


@pytest.fixture
def templates(tmp_path: Path) -> Templates:
    return Templates.load(_shared(tmp_path), None)


def test_a_text_comes_with_its_version_and_facts(templates: Templates) -> None:
    said = templates.render("when", "id", {"student": "Alya", "time": "16.00 WIB"})
    assert said == Rendered(text="Alya pukul 16.00 WIB.", template="when@1", facts=("Alya", "16.00 WIB"))


def test_an_empty_optional_value_leaves_no_trace_and_no_fact(templates: Templates) -> None:
    assert templates.render("hello", "en", {"name": ""}) == Rendered(text="Hi!", template="hello@2")


def test_a_customers_name_is_cleaned_before_it_goes_in(templates: Templates) -> None:
    said = templates.render("hello", "id", {"name": "Rina\nhttps://x.example 0812"})
    assert (said.text, said.facts) == ("Halo Rina!", ("Rina",))


def test_words_of_its_own_that_state_something_are_facts_too(templates: Templates) -> None:
    assert templates.render("sure", "en", {}).facts == ("two",)


def test_the_literals_of_a_template_are_known_without_rendering(templates: Templates) -> None:
    assert templates.literals("sure", "en") == ("two",)
    assert templates.literals("released", "en") == ()


def test_a_rendered_value_brings_its_own_facts(templates: Templates) -> None:
    inner = Rendered(text="pukul lima", template="x@1", facts=("lima",))
    said = templates.render("when", "id", {"student": "Alya", "time": inner})
    assert (said.text, said.facts) == ("Alya pukul pukul lima.", ("Alya", "lima"))


def test_the_pending_form_needs_only_its_own_values(templates: Templates) -> None:
    said = templates.render("when", "id", {"time_window": "besok"}, pending=True)
    assert said == Rendered(text="Kabarnya besok.", template="when@1", facts=("besok",))
    assert templates.has_pending("when")
    assert not templates.has_pending("hello")


@pytest.mark.parametrize(
    ("name", "values", "pending", "says"),
    [
        ("nope", {}, False, "no template 'nope'"),
        ("when", {"student": "A"}, False, "missing value time"),
        (
            "when",
            {"student": "A", "time": "1", "day": "2"},
            False,
            "unknown value day; it takes student, time",
        ),
        ("when", {"student": "A", "time": ""}, False, "empty value time"),
        ("when", {"student": "123", "time": "1"}, False, "empty value student"),
        ("when", {"student": "A", "time": "1", "time_window": "2"}, False, "unknown value time_window"),
        ("sure", {"x": "1"}, False, "unknown value x; it takes none"),
        ("hello", {"name": "A"}, True, "no pending form"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(
    templates: Templates, name: str, values: dict[str, str], pending: bool, says: str
) -> None:
    with pytest.raises(BadInput, match=says):
        templates.render(name, "id", values, pending=pending)


def test_labels_are_looked_up_by_language(templates: Templates) -> None:
    assert templates.label("word.or", "id") == "atau"
    with pytest.raises(BadInput, match=r"no label 'word\.and'"):
        templates.label("word.and", "id")


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"customer__en": EN.replace("hello:", "helo:")}, r"customer\.en\.yaml: helo: no such template"),
        ({"customer__en": EN.replace("sure:", "# sure:")}, r"customer\.en\.yaml: templates: missing sure"),
        (
            {"customer__id": ID.replace("{time}", "{tme}")},
            "when: text: unknown placeholder tme; allowed: student",
        ),
        ({"customer__id": ID.replace("pukul {time}", "nanti")}, "when: text: must mention time"),
        (
            {"customer__id": ID.replace("Kabarnya {time_window}", "{amount}")},
            "when: pending: unknown placeholder",
        ),
        (
            {"customer__id": ID.replace("version: 3", "version: 0")},
            "hello: version: 0 must be a whole number",
        ),
        ({"customer__id": ID.replace("version: 3", "version: true")}, "hello: version: True must be"),
        ({"customer__id": ID.replace("version: 3, ", "")}, "hello: version: None must be"),
        (
            {"customer__id": ID.replace("facts: [name]", "fact: [name]")},
            "unknown key fact; allowed: facts, pending",
        ),
        ({"customer__id": ID.replace("facts: [name]", "facts: [nam]")}, "hello: facts: nam is no variable"),
        ({"customer__id": ID.replace('"Siap, dua."', '""')}, "sure: text: must be words"),
        ({"customer__id": ID.replace('"Siap, dua."', '" Siap"')}, "sure: text: must be words without blanks"),
        ({"customer__id": ID + "sure: {version: 1, text: Lagi}\n"}, "the key 'sure' is there twice"),
        ({"customer__id": "sure: [oops\n"}, "not readable as YAML"),
        ({"customer__id": "- sure\n"}, "must be a mapping from names to values"),
        (
            {"customer__id": ID.replace('{version: 1, text: "Siap, dua."}', "Siap")},
            "sure: must be a mapping with",
        ),
        (
            {"customer__en": EN.replace("[two]", "[three]")},
            "sure: states: 'three' does not stand in the text",
        ),
        ({"customer__en": EN.replace("[two]", "two")}, "sure: states: must be a list of words"),
        (
            {"customer__en": EN.replace("[[ {name}]]", " {name}")},
            "hello: the optional parts of id and en differ",
        ),
        ({"customer__en": EN.replace(", facts: [name]", "")}, "hello: the facts of id and en differ"),
        (
            {"customer__en": EN.replace('pending: "News {time_window}.", ', "")},
            "when: the pending form of id and en",
        ),
        (
            {"customer__variables": VARIABLES.replace("[name]", "name")},
            "hello: must be a list of variable names",
        ),
        ({"labels__en": 'word.and: "and"\n'}, r"labels\.en\.yaml: labels: missing word\.or"),
        ({"labels__en": LABELS + 'word.and: "and"\n'}, r"labels: not wanted there: word\.and"),
        ({"labels__en": "word.or: 3\n"}, r"word\.or: must be words"),
    ],
)
def test_a_mistake_in_a_file_is_refused_at_load_with_its_place(
    tmp_path: Path, changed: dict[str, str], says: str
) -> None:
    with pytest.raises(BadInput, match=says):
        Templates.load(_shared(tmp_path, **changed), None)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    shared = _shared(tmp_path)
    (shared / "customer.en.yaml").unlink()
    with pytest.raises(BadInput, match=r"customer\.en\.yaml: there is no such file"):
        Templates.load(shared, None)


def test_a_desks_wording_wins_and_inherits_what_it_leaves_out(tmp_path: Path) -> None:
    desk = _write(
        tmp_path / "desks" / "school" / "templates",
        id='when: {version: 4, text: "Sesi {student}: {time}"}\n',
        en='when: {version: 4, text: "Session {student}: {time}"}\n',
    )
    templates = Templates.load(_shared(tmp_path), desk)
    assert templates.render("when", "id", {"student": "Alya", "time": "16.00"}) == Rendered(
        text="Sesi Alya: 16.00", template="when@4-school", facts=("Alya", "16.00")
    )
    assert templates.render("when", "en", {"time_window": "soon"}, pending=True).text == "News soon."
    assert templates.render("sure", "id", {}).template == "sure@1"


def test_a_desk_words_both_languages_or_none(tmp_path: Path) -> None:
    desk = _write(tmp_path / "d" / "templates", id='sure: {version: 1, text: "Oke"}\n', en="{}\n")
    with pytest.raises(BadInput, match=r"en\.yaml: templates: missing sure"):
        Templates.load(_shared(tmp_path), desk)


def test_a_desk_has_templates_of_its_own(tmp_path: Path) -> None:
    own = 'ask_budget: {version: 1, text: "Berapa?"}\n'
    desk = _write(tmp_path / "d" / "templates", id=own, en=own)
    (desk / "variables.yaml").write_text("ask_budget: []\n", encoding="utf-8")
    assert Templates.load(_shared(tmp_path), desk).render("ask_budget", "id", {}).template == "ask_budget@1-d"


@pytest.mark.parametrize(
    ("declared", "english", "says"),
    [
        ("sure: []\n", "{}\n", "there is a template of this name already"),
        ("ask_budget: []\n", "{}\n", "en.yaml: missing ask_budget"),
    ],
)
def test_a_template_of_a_desks_own_is_new_and_whole(
    tmp_path: Path, declared: str, english: str, says: str
) -> None:
    desk = _write(tmp_path / "d" / "templates", id='ask_budget: {version: 1, text: "Berapa?"}\n', en=english)
    (desk / "variables.yaml").write_text(declared, encoding="utf-8")
    with pytest.raises(BadInput, match=says):
        Templates.load(_shared(tmp_path), desk)
