"""The page has words in both languages for everything it can be shown."""

import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest

import policies.entering
import policies.judge
from casefile.approval import ApprovalState
from casefile.case import CaseState, WaitingFor
from casefile.effects import EFFECT
from casefile.events import MessageKind
from casefile.packets import Action
from casefile.shop import OrderStatus
from casefile.verdict import TIERS, ApprovalKind, Decision
from console.rule_words import HELD, fired, held
from policies.intents import INTENTS
from policies.promises_words import RULE_WORDS
from policies.rule_words import INDONESIAN
from policies.rules import NO_MATCH, RULES
from ports.ledger import OutboxState

PAGE = Path(__file__).parents[2] / "console" / "page"
IDS = re.compile(r'"((?:C|CASE|SLA|COACH|APPROVAL|OPERATOR|MODEL|JUDGE)\.[a-z_]+)"')


def words(language: str) -> dict[str, str]:
    source = (PAGE / f"words_{language}.js").read_text(encoding="utf-8")
    return dict(json.loads(source.removeprefix("export default ").rstrip().removesuffix(";")))


def test_both_languages_say_the_same_things_with_the_same_values() -> None:
    indonesian, english = words("id"), words("en")
    assert {k for k in indonesian if not k.startswith("intent.")} == set(english)
    for key, text in english.items():
        assert re.findall(r"\{\w+\}", text) == re.findall(r"\{\w+\}", indonesian[key]), key


GROUPS: list[tuple[str, Any]] = [
    ("state", get_args(CaseState)),
    ("decision", get_args(Decision)),
    ("waiting", (*get_args(WaitingFor), *(rule.missing for rule in RULES if rule.missing))),
    ("message", get_args(MessageKind)),
    ("approval", get_args(ApprovalState)),
    ("kind", get_args(ApprovalKind)),
    ("delivery", get_args(OutboxState)),
    ("tier", TIERS),
    ("action", get_args(Action)),
    ("order", get_args(OrderStatus)),
    ("effect", tuple(EFFECT.json_schema()["discriminator"]["mapping"])),
]


@pytest.mark.parametrize(("group", "names"), GROUPS, ids=[group for group, _ in GROUPS])
def test_every_name_of_the_case_file_has_words(group: str, names: tuple[str, ...]) -> None:
    for language in ("id", "en"):
        assert {f"{group}.{name}" for name in names} <= set(words(language))


def test_every_intent_has_indonesian_words() -> None:
    assert {f"intent.{name}" for name in INTENTS} <= set(words("id"))


def test_every_word_the_page_asks_for_is_there_and_none_is_left_over() -> None:
    scripts = "".join(p.read_text(encoding="utf-8") for p in PAGE.glob("*.js") if "words_" not in p.name)
    asked = set(re.findall(r'\bt\("([a-z_]+)"', scripts))
    english = words("en")
    assert asked <= set(english)
    plain = {key for key in english if "." not in key}
    quoted = set(re.findall(r'"([a-z_]+)"', scripts))
    built = {f"no_{name}" for name in quoted} | {f"{name}_help" for name in ("empty", "missing")}
    built |= {f"bill_{stage}" for stage in ("before", "on", "after", "paid")}
    assert plain <= quoted | built


def test_every_rule_of_the_gate_is_said_in_indonesian() -> None:
    source = Path(str(policies.entering.__file__)).read_text(encoding="utf-8")
    assert {rule.id for rule in (*RULES, NO_MATCH)} | set(IDS.findall(source)) <= set(INDONESIAN)


def test_every_reason_to_hold_an_effect_has_words() -> None:
    source = Path(str(policies.judge.__file__)).read_text(encoding="utf-8")
    assert {rule for rule in IDS.findall(source) if rule.startswith("JUDGE.")} <= set(HELD)
    for group, (indonesian, english) in RULE_WORDS.items():
        said = held(f"QA.{group}.detail")
        assert indonesian in said["id"]
        assert english in said["en"]


def test_a_rule_nobody_translated_keeps_its_own_words() -> None:
    assert fired("R9.new", "Something new") == {
        "rule": "R9.new",
        "id": "Something new",
        "en": "Something new",
    }
    assert held("JUDGE.new") == {"rule": "JUDGE.new", "id": "JUDGE.new", "en": "JUDGE.new"}
