#!/bin/sh
# Make sure that the browser tests have a Chromium: one on PATH, else Debian's package as root, else Playwright's.
# Without any, say what to install, and fail under CI=true.
set -u

has_chromium() {
    for name in chromium chromium-browser google-chrome; do
        command -v "$name" >/dev/null && return 0
    done
    .venv/bin/python - <<'PYTHON' >/dev/null 2>&1
import pathlib, sys
from playwright.sync_api import sync_playwright

with sync_playwright() as playwright:
    sys.exit(not pathlib.Path(playwright.chromium.executable_path).exists())
PYTHON
}

has_chromium && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Chromium"
    apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-liberation >/dev/null
else
    .venv/bin/playwright install chromium
fi
has_chromium && exit 0
echo "No Chromium for the browser tests. Install one: apt-get install chromium fonts-liberation (Debian)," >&2
echo "or: .venv/bin/playwright install --with-deps chromium" >&2
[ "${CI:-}" = true ] && exit 1
exit 0
