#!/usr/bin/env bash
# Lint and types of the scripts in static/js, by biome and TypeScript. Nothing is compiled: what
# they read is what runs.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v npm >/dev/null; then
    echo "NO NPM: static/js was not checked." >&2
    [ "${CI:-}" != true ] || exit 1
    exit 0
fi
stamp=.checks/node_modules/.installed
if ! cmp -s .checks/package-lock.json "$stamp"; then
    # Not `npm ci`: it wants every platform's build of biome in the lock, and a registry's
    # mirror need not hold them all. What the lock does hold is verified just the same.
    npm install --prefix .checks --no-save --no-audit --no-fund --loglevel=error >&2
    cp .checks/package-lock.json "$stamp"
fi
bin=.checks/node_modules/.bin
$bin/biome check --config-path=.checks --error-on-warnings static/js
for project in .checks/tsconfig*.json; do
    $bin/tsc --project "$project"
done
