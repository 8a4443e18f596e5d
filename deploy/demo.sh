#!/usr/bin/env bash
# Prepare the demo in DATA_DIR (default ./var) and serve it on PORT (default 8000).
# Everything here may be run again: what is there already stays.
set -euo pipefail
cd "$(dirname "$0")/.."

export FLASK_APP=wsgi
export DATA_DIR=${DATA_DIR:-var}
export PORT=${PORT:-8000}
# The demo speaks plain http on this machine; a real installation keeps the default.
export COOKIE_SECURE=${COOKIE_SECURE:-0}
python=.venv/bin/python
flask="$python -m flask"

umask 077
mkdir -p "$DATA_DIR"
if [ -z "${SECRET_KEY:-}" ] && [ ! -s "$DATA_DIR/secret.key" ]; then
    $python -c 'import secrets; print(secrets.token_urlsafe(48))' >"$DATA_DIR/secret.key"
fi

# What the prepared data depend on: unchanged, and still there, a second start is quick.
# Of a database elsewhere this script cannot tell, so it goes through all the steps.
stamp=$DATA_DIR/demo.stamp
wanted=$(find migrations casework requirements.txt -type f ! -name '*.pyc' ! -name '*.mo' -print0 |
    LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum)
if [ -n "${DATABASE_URL:-}" ] || [ ! -s "$DATA_DIR/casework.sqlite3" ]; then
    rm -f "$stamp"
fi
if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
    $python -m casework.translations
    # Also of a key file that is there already: it may lack a kind of key that came since.
    if [ -z "${CASEWORK_KEYS:-}" ]; then
        $flask keys init
    fi
    $flask db upgrade
    $flask regions load
    $flask demo load
    $flask demo logins >"$DATA_DIR/demo-logins.txt"
    printf '%s\n' "$wanted" >"$stamp"
fi

echo
echo "Open http://${HOST:-localhost}:$PORT and sign in as one of these:"
cat "$DATA_DIR/demo-logins.txt"
echo "Ctrl-C stops the demo; it goes on where it was at the next start."
exec $python -m gunicorn -c deploy/gunicorn.conf.py wsgi:app
