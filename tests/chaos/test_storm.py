"""A shortened storm: kill -9 at random moments under load, on the one file."""

import subprocess
import sys

from app.settings import ROOT


def test_a_small_storm_loses_nothing_and_repeats_nothing() -> None:
    """The whole one is `make chaos`."""
    small = ["--kills", "4", "--conversations", "12", "--seed", "7", "--database", "sqlite"]
    ran = subprocess.run(
        [sys.executable, "-m", "tests.chaos", "storm", *small],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    sys.stdout.write(ran.stdout)
    assert ran.returncode == 0, ran.stdout + ran.stderr
