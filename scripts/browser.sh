#!/bin/sh
# Makes sure that there is a browser for the tests of the pages: one that is installed, else Debian's package, else
# Playwright's own. Without any it says so loudly, and the tests that need none still run.
set -u
cd "$(dirname "$0")/.."

works() { "$1" --version >/dev/null 2>&1; }

there() {
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        if works "$name"; then return 0; fi
    done
    return 1
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo -n "$@"; else return 1; fi
}

debian() {
    command -v apt-get >/dev/null || return 1
    printf 'No browser here: installing the package chromium for the tests of the pages ...\n' >&2
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium && return 0
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium
}

own() {
    printf 'No browser here: letting Playwright fetch its own ...\n' >&2
    timeout 300 .venv/bin/python -m playwright install chromium || return 1
    ln -sf "$(.venv/bin/python -c '
from playwright.sync_api import sync_playwright
with sync_playwright() as play:
    print(play.chromium.executable_path)')" .venv/bin/chromium
}

there && exit 0
debian >/dev/null 2>&1
there && exit 0
own >/dev/null 2>&1
there && exit 0
cat >&2 <<'WORDS'
**********************************************************************************
*  NO BROWSER: neither Chromium nor Chrome is here, and none could be installed.  *
*  The pages will NOT be tested in this run. Install chromium and run it again.   *
**********************************************************************************
WORDS
