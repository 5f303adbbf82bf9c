# The command `loket`: setup writes it into .venv/bin. Nothing is imported here, so that --help answers at once.
import os
import sys

sys.path[0] = os.path.realpath(__file__).rpartition("/.venv/")[0]

from app.cli.main import main

# A benchmark's workers are spawned, and a spawned process reads this file again.
if __name__ == "__main__":
    sys.exit(main())
