"""The browser that tests of the pages drive, where there is one (scripts/browser.sh looks after that)."""

import shutil

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BROWSER = next((path for name in BROWSERS if (path := shutil.which(name))), None)
