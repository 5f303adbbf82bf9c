"""`python -m benchmarks ...` is `loket bench ...`."""

import sys

from app.cli.main import main

if __name__ == "__main__":
    sys.exit(main(["bench", *sys.argv[1:]]))
