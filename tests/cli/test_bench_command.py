"""`loket bench`: its errors; what it measures is benchmarks/'s own."""

from pathlib import Path

import pytest

from app.cli.main import main


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["--only", "speed"], "there is no part 'speed'; known are commits, throughput"),
        (["--rounds", "0"], "--rounds 0: at least one"),
        (["--only", "soak", "--messages", "10"], "--messages 10: at least 1000"),
        (["--simulate", "--only", "soak"], "--simulate measures nothing"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_measured(
    args: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bench", *args]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("loket bench: ") and says in line


def test_figures_that_are_none_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = tmp_path / "bench.json"
    kept.write_text("{")
    assert main(["bench", "--simulate", "--json", str(kept)]) == 2
    assert "run it again or move it away" in capsys.readouterr().err
