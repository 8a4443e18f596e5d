"""Passwords: argon2id, and what makes one too weak."""

from __future__ import annotations

import threading
from functools import lru_cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app
from flask_babel import lazy_gettext

from casework.core.errors import Invalid

#: Hashes computed at once in one process: each takes 19 MiB and a core.
_at_once = threading.BoundedSemaphore(4)

#: Length bounds: ASVS 5.0, 6.2.1 and 6.2.9.
SHORTEST = 12
LONGEST = 128

#: Words of this work and place (ASVS 5.0, 6.2.11): where nothing but these is left, a rival
#: at the next desk needs a handful of tries.
_LOCAL_WORDS = (
    *("graduasi", "indonesia", "kemensos", "pendamping", "password", "rahasia", "bansos"),
    *("dinsos", "sosial", "admin", "manado", "sandi", "kata", "pkh", "kpm"),
    *("1234567890", "0123456789", "9876543210", "0987654321", "123456"),
)
#: Characters a password must have beside them.
_OWN_LETTERS = 6

#: Words that everybody here would try first, a line each.
_COMMON_FILE = Path(__file__).with_name("common_passwords.txt")


def _hasher() -> PasswordHasher:
    """argon2id at OWASP's minimum of 19 MiB and 2 passes (config.py): more would let a login
    storm at the month's end stop the server (docs/decisions/0004)."""
    settings = current_app.config
    return _make_hasher(
        settings["ARGON2_MEMORY_KIB"],
        settings["ARGON2_TIME_COST"],
        settings["ARGON2_PARALLELISM"],
    )


@lru_cache
def _make_hasher(memory_kib: int, passes: int, lanes: int) -> PasswordHasher:
    return PasswordHasher(memory_cost=memory_kib, time_cost=passes, parallelism=lanes)


@lru_cache
def _decoy(hasher: PasswordHasher) -> str:
    """A hash nobody knows the password of: an unknown user takes as long as a known one."""
    return hasher.hash("no account has this password")


def hash_password(password: str) -> str:
    with _at_once:
        return _hasher().hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password is right; takes the same time when there is no account."""
    hasher = _hasher()
    with _at_once:
        try:
            hasher.verify(password_hash or _decoy(hasher), password)
        except (VerificationError, InvalidHashError):
            return False
    return password_hash is not None


@lru_cache
def _common() -> frozenset[str]:
    return frozenset(_COMMON_FILE.read_text(encoding="utf-8").split())


def check_strength(password: str, *, username: str, field: str = "password") -> None:
    """Raises: Invalid on the field when the password is too short, too long or too common.

    Length only, no rules on letters and signs, no expiry (ASVS 5.0, 6.2.5 and 6.2.10).
    """
    if len(password) < SHORTEST:
        raise Invalid.field(
            field, lazy_gettext("Use at least %(count)s characters.", count=SHORTEST)
        )
    if len(password) > LONGEST:
        raise Invalid.field(field, lazy_gettext("Use at most %(count)s characters.", count=LONGEST))
    plain = "".join(password.lower().split()).rstrip("0123456789!.?")
    if plain in _common() or len(set(password)) < 4 or _is_local(password, username):
        raise Invalid.field(
            field, lazy_gettext("This password is too easy to guess. Use another one.")
        )


def _is_local(password: str, username: str) -> bool:
    """Whether hardly anything is left without the user name and the words of this work."""
    left = plain = "".join(password.lower().split())
    for word in (username.lower(), *_LOCAL_WORDS):
        left = left.replace(word, "")
    return left != plain and len(left.strip("0123456789!.?-_@")) < _OWN_LETTERS
