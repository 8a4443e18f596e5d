"""Passwords: argon2id, and what makes one too weak."""

from __future__ import annotations

import threading
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app
from flask_babel import lazy_gettext as _l

from casework.core.errors import Invalid

#: OWASP's minimum for argon2id: 19 MiB, 2 passes, 1 lane. More would let a login storm at the
#: month's end stop the server (docs/decisions/0004).
_COST = {"memory_cost": 19 * 1024, "time_cost": 2, "parallelism": 1}

#: Hashes computed at once in one process: each takes 19 MiB and a core.
_at_once = threading.BoundedSemaphore(4)

#: Length bounds: ASVS 5.0, 6.2.1 and 6.2.9.
SHORTEST = 12
LONGEST = 128

#: Words that everybody here would try first; compared without spaces and digits at the end.
_COMMON = frozenset(
    """
    password passwordpassword katasandi katasandisaya rahasia rahasiasaya qwertyuiop qwertyuiopas
    indonesia indonesiaraya merdeka bismillah alhamdulillah sayangku cintaku keluarga
    keluargaharapan programkeluargaharapan pkh pkhpkhpkhpkh kemensos kementeriansosial bansos
    bantuansosial graduasi graduasimandiri pendamping pendampingpkh dinassosial supervisor
    administrator admin adminadminadmin letmein letmeinplease iloveyou
    """.split()
)


def _hasher() -> PasswordHasher:
    return _make_hasher(current_app.config.get("ARGON2_MEMORY_KIB", _COST["memory_cost"]))


@lru_cache
def _make_hasher(memory_kib: int) -> PasswordHasher:
    return PasswordHasher(**{**_COST, "memory_cost": memory_kib})


@lru_cache
def _decoy(memory_kib: int) -> str:
    """A hash nobody knows the password of: an unknown user takes as long as a known one."""
    return _make_hasher(memory_kib).hash("no account has this password")


def hash_password(password: str) -> str:
    with _at_once:
        return _hasher().hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password is right; takes the same time when there is no account."""
    hasher = _hasher()
    with _at_once:
        try:
            hasher.verify(password_hash or _decoy(hasher.memory_cost), password)
        except (VerificationError, InvalidHashError):
            return False
    return password_hash is not None


def check_strength(password: str, *, username: str, field: str = "password") -> None:
    """Raises: Invalid on the field when the password is too short, too long or too common.

    Length only, no rules on letters and signs, no expiry (ASVS 5.0, 6.2.5 and 6.2.10).
    """
    if len(password) < SHORTEST:
        raise Invalid.field(
            field, _l("Use at least %(count)s characters.", count=SHORTEST)
        )
    if len(password) > LONGEST:
        raise Invalid.field(field, _l("Use at most %(count)s characters.", count=LONGEST))
    plain = "".join(password.lower().split()).rstrip("0123456789!.?")
    if plain in _COMMON or len(set(password)) < 4 or plain == username.lower():
        raise Invalid.field(field, _l("This password is too easy to guess. Use another one."))
