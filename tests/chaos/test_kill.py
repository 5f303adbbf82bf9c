"""A shortened kill -9 run: every conversation, at boundaries that a fixed seed picks."""

import subprocess
import sys

from app.settings import ROOT

SEED = "2"


def test_killed_servers_lose_nothing_and_repeat_nothing() -> None:
    """The whole matrix is `python -m tests.chaos boundaries`."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.chaos", "boundaries", "--sample", "1", "--seed", SEED],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    sys.stdout.write(ran.stdout)
    assert ran.returncode == 0, ran.stdout + ran.stderr
