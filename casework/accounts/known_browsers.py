"""The mark of a browser in which somebody has signed in before; pure.

It says that whoever holds it once knew the password, so that the wrong tries of strangers do not
hold her up (docs/decisions/0004). It opens nothing and names nobody. It is bound to the account
and to the stored hash of its password: with another password every mark is worth nothing.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from hashlib import sha256

#: People of one browser who are remembered side by side. Each has a cookie, and a head of a
#: request that is too long would be refused.
SLOTS = 8


def new_mark(username: str, password_hash: str, *, secret: str) -> str:
    """Another one for every browser: each has a brake of its own."""
    own = secrets.token_urlsafe(12)
    return f"{own}.{_proof(own, username, password_hash, secret)}"


def recognized(
    marks: Iterable[str], username: str, password_hash: str | None, *, secret: str
) -> str | None:
    """Which of these marks this very account has given; None for a stranger."""
    found = None
    for mark in marks:
        own, _dot, proof = mark.partition(".")
        right = _proof(own, username, password_hash or "", secret)
        if hmac.compare_digest(proof.encode(), right.encode()) and password_hash:
            found = mark
    return found


def slot(username: str, *, secret: str) -> int:
    """Under which number this person's mark is kept: three bits, which name nobody."""
    return _digest(secret, f"slot:{username}")[0] % SLOTS


def _proof(own: str, username: str, password_hash: str, secret: str) -> str:
    digest = _digest(secret, f"mark:{own}:{username}:{password_hash}")
    return urlsafe_b64encode(digest[:16]).decode().rstrip("=")


def _digest(secret: str, what: str) -> bytes:
    return hmac.digest(secret.encode(), b"known-browser:" + what.encode(), sha256)
