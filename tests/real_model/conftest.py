"""A real small model behind a real OpenAI-compatible server: `make real-model` says where its Python is.

No other run takes these tests: they need an environment of their own and several minutes.
"""

import os
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app.settings import ModelConfig

PYTHON = os.environ.get("LOKET_REAL_MODEL", "")
collect_ignore_glob = [] if PYTHON else ["test_*.py"]
# One model does both: its name only decides what a call is said to cost.
CHEAP, STRONG = ("understand", "draft", "repair"), ("draft_sensitive", "qa", "review")


@dataclass(slots=True)
class Seen:
    """What became of the calls, by task and outcome, and of the drafts: sent, mended, or replaced by the template."""

    calls: Counter[tuple[str, str]] = field(default_factory=Counter)
    drafts: Counter[str] = field(default_factory=Counter)


SEEN = pytest.StashKey[Seen]()


@pytest.fixture(scope="session")
def seen(pytestconfig: pytest.Config) -> Seen:
    return pytestconfig.stash.setdefault(SEEN, Seen())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what the model did, for the tests say only that it did no harm."""
    found = config.stash.get(SEEN, Seen())
    for (task, outcome), n in sorted(found.calls.items()):
        terminalreporter.line(f"{task} {outcome}: {n}")
    for became, n in sorted(found.drafts.items()):
        terminalreporter.line(f"draft {became}: {n}")


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the base URL of the model's server."""
    home = tmp_path_factory.mktemp("model")
    serving = Path(__file__).with_name("serving.py")
    with (
        (home / "log.txt").open("w") as log,
        subprocess.Popen(
            [PYTHON, str(serving), str(home)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True,
        ) as server,
    ):  # fmt: skip
        assert server.stdout is not None and server.stdin is not None
        address = server.stdout.readline().strip()
        assert address, (home / "log.txt").read_text()
        yield f"{address}/v1"
        server.stdin.close()


@pytest.fixture(scope="session")
def config(endpoint: str) -> ModelConfig:
    """Return a configuration in which it does every task there is."""
    tasks = dict.fromkeys(CHEAP, "small") | dict.fromkeys(STRONG, "large")
    return ModelConfig.model_validate(
        {
            "provider": "openai",
            "base_url": endpoint,
            "models": {
                "small": {"strength": "cheap", "input": 2_500, "cached": 1_250, "output": 10_000},
                "large": {"strength": "strong", "input": 40_000, "output": 160_000},
            },
            "tasks": {
                name: {"model": model, "timeout_seconds": 300, "max_tokens": 250}
                for name, model in tasks.items()
            },
        }
    )
