"""The browser that tests of the pages drive, where there is one (scripts/browser.sh looks after that)."""

import shutil
from datetime import UTC, datetime

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BROWSER = next((path for name in BROWSERS if (path := shutil.which(name))), None)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-sync",
    "--no-first-run",
]
MONDAY = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
