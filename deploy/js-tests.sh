#!/usr/bin/env bash
# The scripts' own tests, without a browser and without packages.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v node >/dev/null; then
    echo "NO NODE: tests/js was not run." >&2
    [ "${CI:-}" != true ] || exit 1
    exit 0
fi
node --test tests/js/*.test.js
