"""Every noun is frozen, closed and plain: it survives JSON, and refuses what it does not know."""

import importlib
import pkgutil
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

import casefile
from casefile.base import Frozen
from casefile.effects import EFFECT, Button, SendMessage, StartTimer
from casefile.verdict import TIERS, Tier, strictest

NOW = datetime(2026, 2, 10, 3, 0, tzinfo=UTC)


def nouns() -> list[type[BaseModel]]:
    modules = [importlib.import_module(m.name) for m in pkgutil.iter_modules(casefile.__path__, "casefile.")]
    found = {n for m in modules for n in vars(m).values() if isinstance(n, type) and issubclass(n, Frozen)}
    return sorted(found, key=lambda noun: noun.__name__)


@pytest.mark.parametrize("noun", nouns(), ids=lambda noun: noun.__name__)
def test_frozen_closed_and_explained(noun: type[BaseModel]) -> None:
    assert noun.model_config.get("frozen") is True
    assert noun.model_config.get("extra") == "forbid"
    assert (noun.__doc__ or "").strip()


@given(st.text(max_size=200), st.lists(st.text(max_size=20), max_size=3))
def test_an_effect_survives_the_ledger(text: str, labels: list[str]) -> None:
    sent = SendMessage(
        key="c:1:1", conversation_id="wa-1-c1", text=text, language="id", template="greeting@1",
        purpose="answer", buttons=tuple(Button(label=label, value=label) for label in labels),
    )  # fmt: skip
    assert EFFECT.validate_json(EFFECT.dump_json(sent)) == sent


def test_an_effect_of_no_known_kind_is_refused() -> None:
    known = StartTimer(key="k", timer="sla", due_at=NOW).model_dump(mode="json")
    with pytest.raises(ValidationError):
        EFFECT.validate_python({**known, "type": "delete_everything"})


@given(st.lists(st.sampled_from(TIERS), max_size=5))
def test_the_strictest_of_several_is_never_below_one_of_them(tiers: list[Tier]) -> None:
    assert all(TIERS.index(strictest(*tiers)) >= TIERS.index(tier) for tier in tiers)
    assert strictest(*tiers) in (*tiers, "R0")
