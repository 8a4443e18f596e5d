"""Settings, read from the environment and from nowhere else.

Tests hand their own mapping to `create_app`; nothing here knows of them.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

MEBIBYTE = 1024 * 1024

#: Languages of the screens; the first one is what a person sees who has chosen none.
LANGUAGES = ("id", "en")

#: Characters of a key that signs cookies; half of what the README's command makes.
#: Source: none official; 32 hexadecimal digits are 128 bits.
LEAST_SECRET = 32

_YES = {"1", "true", "yes", "on"}
_NO = {"0", "false", "no", "off"}


class SettingError(ValueError):
    """A setting that cannot be meant: better to stop at the start than to guess."""


def from_environment(environ: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Everything `create_app` needs, with defaults that are safe in production.

    Raises: SettingError naming the variable and what is wrong with it.
    """
    env = os.environ if environ is None else environ
    data_dir = Path(env.get("DATA_DIR") or "var").resolve()
    uri = database_uri(env.get("DATABASE_URL", ""), data_dir)
    cookie_secure = _flag(env, "COOKIE_SECURE", default=True)
    return {
        "DATA_DIR": data_dir,
        "PORT": _number(env, "PORT", default=8000, highest=65535),
        # None: pages that need it refuse to work, and wsgi.py refuses to serve.
        "SECRET_KEY": _secret("SECRET_KEY", env.get("SECRET_KEY"))
        or _secret_file(data_dir / "secret.key"),
        "SECRET_KEY_FALLBACKS": [
            _secret("SECRET_KEY_FALLBACKS", each)
            for each in _words(env.get("SECRET_KEY_FALLBACKS", ""))
        ]
        or None,
        # Keys of personal data: the text itself, or else the file that holds it.
        "CASEWORK_KEYS": env.get("CASEWORK_KEYS") or None,
        "KEYS_FILE": Path(env.get("KEYS_FILE") or data_dir / "casework.key").resolve(),
        "SQLALCHEMY_DATABASE_URI": uri,
        "SQLALCHEMY_ENGINE_OPTIONS": _engine_options(uri),
        "SESSION_COOKIE_SECURE": cookie_secure,
        # Browsers accept the prefix from this very host only, and only over TLS.
        "SESSION_COOKIE_NAME": "__Host-casework" if cookie_secure else "casework",
        "SESSION_COOKIE_PATH": "/",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PROXY_COUNT": _number(env, "PROXY_COUNT", default=0, highest=5),
        "TRUSTED_HOSTS": _words(env.get("TRUSTED_HOSTS", "")) or None,
        # A file of 10 MB and its form; the roster page raises it for its own request.
        "MAX_CONTENT_LENGTH": 12 * MEBIBYTE,
        "MAX_FORM_MEMORY_SIZE": 1 * MEBIBYTE,
        # A sheet of 30 households has about 200 fields.
        "MAX_FORM_PARTS": 1000,
        # The token lives as long as the login session, which has its own limits: a sheet
        # that lay open through a long meeting must still be accepted.
        "WTF_CSRF_TIME_LIMIT": None,
        # How many days back a meeting may still be recorded.
        "MEETING_BACKDATING_DAYS": _number(env, "MEETING_BACKDATING_DAYS", default=35, highest=366),
        # How long what everybody asks for is kept (docs/decisions/0028).
        "KEPT_SECONDS": 3600,
        "LANGUAGES": LANGUAGES,
        "BABEL_DEFAULT_LOCALE": LANGUAGES[0],
        "BABEL_DEFAULT_TIMEZONE": "Asia/Jakarta",
        # Source: OWASP Password Storage Cheat Sheet, argon2id minimum. Not for the
        # environment to lower; tests do, through their own mapping.
        "ARGON2_TIME_COST": 2,
        "ARGON2_MEMORY_KIB": 19 * 1024,
        "ARGON2_PARALLELISM": 1,
    }


def database_uri(url: str, data_dir: Path) -> str:
    """The address as SQLAlchemy wants it: psycopg 3 for every spelling of PostgreSQL,
    an absolute path for SQLite."""
    url = url.strip()
    if not url:
        return f"sqlite:///{data_dir / 'casework.sqlite3'}"
    scheme, separator, rest = url.partition("://")
    if not separator:
        raise SettingError("DATABASE_URL: expected postgresql://... or sqlite:///path")
    if scheme in {"postgres", "postgresql", "postgresql+psycopg"}:
        return f"postgresql+psycopg://{rest}"
    if scheme == "sqlite":
        path = rest.removeprefix("/")
        if not path or path.startswith(":memory:"):
            raise SettingError("DATABASE_URL: SQLite needs a file, e.g. sqlite:///var/data.sqlite3")
        return f"sqlite:///{Path(path).resolve()}"
    raise SettingError(f"DATABASE_URL: {scheme} is neither postgresql nor sqlite")


def _engine_options(uri: str) -> dict[str, Any]:
    if uri.startswith("sqlite"):
        return {}
    # Connections that were cut while they rested are found by casework/core/resting.py.
    return {"pool_recycle": 1800}


def _secret(name: str, text: str | None) -> str | None:
    """None where there is none. What can be guessed lets anybody sign in as anybody."""
    if not text:
        return None
    if len(text) < LEAST_SECRET:
        raise SettingError(
            f"{name}: a key of {len(text)} characters can be guessed, {LEAST_SECRET} is the least."
            ' Make one with: python3 -c "import secrets; print(secrets.token_hex(32))"'
        )
    return text


def _secret_file(path: Path) -> str | None:
    try:
        return _secret(str(path), path.read_text(encoding="utf-8").strip())
    except FileNotFoundError:
        return None


def _flag(env: Mapping[str, str], name: str, *, default: bool) -> bool:
    value = env.get(name, "").strip().lower()
    if not value:
        return default
    if value in _YES | _NO:
        return value in _YES
    raise SettingError(f"{name}: expected 1 or 0, not {value!r}")


def _number(env: Mapping[str, str], name: str, *, default: int, highest: int) -> int:
    value = env.get(name, "").strip()
    if not value:
        return default
    if value.isascii() and value.isdigit() and int(value) <= highest:
        return int(value)
    raise SettingError(f"{name}: expected a number from 0 to {highest}, not {value!r}")


def _words(value: str) -> list[str]:
    return [word.strip() for word in value.split(",") if word.strip()]
