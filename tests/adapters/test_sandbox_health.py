"""What the sandbox has broken, as the server reads it."""

from pathlib import Path

import pytest

from adapters.sandbox_health import SandboxHealth
from casefile.errors import LoketError
from tests.adapters.stage import Stage


async def test_no_file_means_nothing_is_down(tmp_path: Path) -> None:
    assert await SandboxHealth(tmp_path).down() == frozenset()


async def test_what_the_sandbox_breaks_is_down_until_mended(stage: Stage) -> None:
    health = SandboxHealth(stage.state_dir)
    await stage.do("dependencies", name="schedule", up=False)
    await stage.do("faults", target="payments", mode="5xx")
    assert await health.down() == {"schedule", "payments"}
    await stage.do("dependencies", name="schedule", up=True)
    assert await health.down() == {"payments"}


@pytest.mark.parametrize("text", ["", "[]", "7"])
async def test_a_broken_file_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "dependencies.json").write_text(text)
    with pytest.raises(LoketError, match=r"dependencies\.json"):
        await SandboxHealth(tmp_path).down()
