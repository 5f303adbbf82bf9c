"""Each import contract is kept by the tree and broken by a bad import planted in a copy of it."""

import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONFIG: Mapping[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
    "importlinter"
]
NAMES = {contract["id"]: contract["name"] for contract in CONFIG["contracts"]}


@dataclass(frozen=True, slots=True)
class Plant:
    """A bad import, put at the end of a module, and the contract that forbids it."""

    contract: str
    module: str
    line: str


PLANTS = (
    Plant("layers", "casefile/case.py", "import ports.clock"),
    Plant("layers", "policies/gate.py", "import ports.clock\nimport agents.work"),
    Plant("layers", "policies/gate.py", "import prompts.tone"),
    Plant("layers", "understanding/reader.py", "import policies.limits"),
    Plant("layers", "agents/work.py", "import graph.state"),
    Plant("layers", "graph/routes.py", "import gateway.cards"),
    Plant("layers", "gateway/cards.py", "import console.masking"),
    Plant("layers", "console/app.py", "import app.settings"),
    Plant("adapters-below", "adapters/whatsapp.py", "import policies.words"),
    Plant("store-below", "store/journal.py", "import policies.limits"),
    Plant("services-below", "services/due.py", "import prompts.tone"),
    Plant("adapters-wired", "gateway/engine.py", "import adapters.clock"),
    Plant("adapters-wired", "agents/frontline_b.py", "import adapters.whatsapp"),
    Plant("services-wired", "gateway/engine.py", "import services.operations"),
    Plant("store-wired", "agents/ops_c.py", "import store.records"),
    Plant("store-wired", "console/source.py", "import store.views"),
    Plant("understanding-wired", "graph/turn.py", "import understanding.reader"),
    Plant("sinks", "agents/frontline_b.py", "from ports.sinks import CustomerChannel"),
    Plant("sinks", "gateway/engine.py", "import ports.sinks"),
    Plant("sinks", "ports/journal.py", "from ports import sinks"),
    Plant("roles", "agents/frontline_b.py", "import agents.orchestrator_a"),
    Plant("roles", "agents/data_e.py", "def late():\n    import agents.ops_c"),
    Plant("adapter-families", "adapters/telegram_html.py", "import adapters.whatsapp_fields"),
    Plant("pure", "casefile/money.py", "import os"),
    Plant("pure", "policies/sla.py", "import time"),
    Plant("pure", "policies/identity.py", "def late():\n    import sqlite3"),
    Plant("langgraph", "agents/work.py", "import langgraph.graph"),
    Plant("langgraph", "store/journal.py", "import langchain_core.messages"),
    Plant("vendors", "gateway/cards.py", "import telegram"),
    Plant("layers", "evals/run.py", "import app.settings"),
    Plant("evals-apart", "evals/invariants.py", "import policies.promises"),
    Plant("inspect", "evals/run.py", "import inspect_ai"),
    Plant("sandbox-apart", "sandbox/clock.py", "import casefile.money"),
)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Yield a copy of the tree's modules and of the contracts."""
    home = tmp_path_factory.mktemp("planted")
    for package in (*CONFIG["root_packages"], "scripts"):
        for module in (ROOT / package).rglob("*.py"):
            target = home / module.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(module, target)
    shutil.copyfile(ROOT / "pyproject.toml", home / "pyproject.toml")
    yield home


def linted(home: Path, *contracts: str) -> str:
    """Run import-linter there in a process of its own, so that it sees that tree and not this one."""
    only = [word for contract in contracts for word in ("--contract", contract)]
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as go; go()", *only]
    return subprocess.run(command, cwd=home, capture_output=True, text=True, check=False).stdout


def test_the_tree_keeps_every_contract(copy: Path) -> None:
    seen = linted(copy)
    assert f"Contracts: {len(NAMES)} kept, 0 broken." in seen, seen


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: f"{plant.contract}-{plant.module}")
def test_a_planted_import_is_found(copy: Path, plant: Plant) -> None:
    module = copy / plant.module
    clean = module.read_text(encoding="utf-8")
    module.write_text(f"{clean}\n{plant.line}\n", encoding="utf-8")
    seen = linted(copy, plant.contract)
    module.write_text(clean, encoding="utf-8")
    assert f"{NAMES[plant.contract]} BROKEN" in seen, seen


def test_every_contract_has_a_plant() -> None:
    assert {plant.contract for plant in PLANTS} == set(NAMES)


def test_every_package_is_under_contract() -> None:
    found = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert found - {"benchmarks", "scripts", "tests"} == set(CONFIG["root_packages"])
    below = {"adapters-below": {"adapters"}, "store-below": {"store"}, "services-below": {"services"}}
    for contract in CONFIG["contracts"]:
        if contract["type"] == "forbidden" and contract["id"] in below:
            free = {"ports", "casefile", *below[contract["id"]]}
            free |= {"store", "policies"} if contract["id"] == "services-below" else set()
            assert set(contract["forbidden_modules"]) == found - free - {
                "benchmarks",
                "evals",
                "scripts",
                "tests",
            }
