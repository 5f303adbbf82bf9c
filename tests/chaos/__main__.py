"""`python -m tests.chaos storm` and `python -m tests.chaos boundaries`: the two halves of the proof."""

import sys

from tests.chaos import boundaries
from tests.chaos.storm import command

HALVES = {"storm": command.main, "boundaries": boundaries.main}

if __name__ == "__main__":
    half, *words = sys.argv[1:] or ["storm"]
    if half not in HALVES:
        sys.exit(f"python -m tests.chaos {' | '.join(HALVES)}")
    sys.exit(HALVES[half](words))
