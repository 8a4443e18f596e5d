#!/usr/bin/env bash
# Chromium for the browser tests. Installed where that is possible without asking anybody;
# elsewhere the tests themselves say loudly that they were skipped.
set -uo pipefail

has() { command -v "$1" >/dev/null; }

# The tests take the light one for most pages, and the whole browser where they look at what it
# leaves on the disk; with the whole one alone they take longer.
if has chromium && has chromium-headless-shell; then exit 0; fi
if [ "$(id -u)" != 0 ] || ! has apt-get; then
    if has chromium || has chromium-browser || has google-chrome; then exit 0; fi
    echo "No Chromium here: the browser tests will be skipped. Debian: apt-get install chromium libatomic1" >&2
    exit 0
fi
echo "Installing Chromium for the browser tests ..." >&2
log=$(mktemp)
# libatomic1: wanted by the driver of Playwright, missing on a bare Debian.
if ! { apt-get update && DEBIAN_FRONTEND=noninteractive \
    apt-get install -y --no-install-recommends chromium chromium-headless-shell libatomic1; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    echo "CHROMIUM COULD NOT BE INSTALLED: the browser tests cannot run." >&2
fi
rm -f "$log"
