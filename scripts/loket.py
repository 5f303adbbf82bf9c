# The command `loket`: setup writes it into .venv/bin. Nothing is imported here, so that --help answers at once.
import os
import sys

sys.path[0] = os.path.realpath(__file__).rpartition("/.venv/")[0]

from app.cli.main import main

sys.exit(main())
