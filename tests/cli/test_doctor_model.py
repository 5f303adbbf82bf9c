"""`loket doctor` on models: a case that carries risk wants a strong one."""

from typing import Any

from app.cli.doctor import Finding
from app.cli.doctor_checks import CHECKS
from app.settings import ModelConfig
from tests.cli.cli_scenes import settings


def found(**tasks: str) -> list[Finding]:
    base, price = settings(), {"input": 1, "output": 2}
    config: dict[str, Any] = {
        "provider": "openai",
        "models": {"small": price, "large": price | {"strength": "strong"}},
        "tasks": {name: {"model": model} for name, model in tasks.items()},
    }
    shared = base.shared.model_copy(update={"model": ModelConfig.model_validate(config)})
    return list(CHECKS["model"](base.model_copy(update={"shared": shared})))


def test_where_no_model_is_asked_there_is_nothing_to_say() -> None:
    assert list(CHECKS["model"](settings())) == []


def test_strong_models_for_what_carries_risk_are_in_order() -> None:
    (only,) = found(understand="small", draft="small", draft_sensitive="large", qa="large", review="large")
    assert (only.state, "review large (strong)" in only.said) == ("ok", True)


def test_a_cheap_one_and_none_at_all_are_said_with_what_to_do() -> None:
    nobody, cheap, asked = found(draft="small", draft_sensitive="small", qa="large")
    assert (nobody.state, "asked for review:" in nobody.said, "strength: strong" in nobody.mend) == (
        "note", True, True,
    )  # fmt: skip
    assert (cheap.state, "does draft_sensitive," in cheap.said) == ("note", True)
    assert asked.state == "ok"
