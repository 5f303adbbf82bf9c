import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

import policies
from casefile.verdict import RuleHit, Verdict
from policies.rule_words import INDONESIAN, in_words, spoken
from policies.rules import RULES

NAMED = re.compile(r'"((?:R[0-3]|CASE|C|COACH|APPROVAL|OPERATOR|SLA|MODEL|ASK)\.[a-z_]+)"')


def test_every_rule_a_verdict_can_name_has_indonesian_words() -> None:
    sources = "\n".join(path.read_text() for path in Path(policies.__path__[0]).glob("*.py"))
    assert set(NAMED.findall(sources)) - set(INDONESIAN) == set()


@given(st.sampled_from(RULES))
def test_a_row_is_said_in_either_language(rule: object) -> None:
    row = next(r for r in RULES if r is rule)
    hit = RuleHit(id=row.id, words=row.words)
    assert in_words(hit, "id") == row.words_id
    assert in_words(hit, "en") == row.words


def test_a_rule_without_indonesian_words_keeps_its_own() -> None:
    hit = RuleHit(id="QA.number", words="A number without a fact: 12")
    verdict = Verdict(intent="faq", floor="R0", tier="R0", decision="ASK", rules=(hit,))
    assert spoken(verdict, "id").rules == (hit,)
