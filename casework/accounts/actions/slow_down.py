"""Counts wrong passwords by account and by network, and says who has to wait.

Opens its own transactions: a refusal must be remembered although nothing else happens.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from flask_babel import lazy_ngettext
from sqlalchemy import Row, case, delete, select

from casework.accounts import throttle
from casework.accounts.models import LoginThrottle
from casework.core import clock
from casework.core.db import db
from casework.core.errors import TooMany
from casework.core.upsert import insert_into


@dataclass(frozen=True, slots=True)
class Brake:
    """One thing that is slowed down, known to the table by a keyed hash only."""

    key: bytes
    free_tries: int

    @classmethod
    def of_account(cls, username: str, *, secret: str) -> Brake:
        return cls(_key(secret, f"account:{username}"), throttle.FREE_TRIES_ACCOUNT)

    @classmethod
    def of_network(cls, address: str, *, secret: str) -> Brake:
        network = throttle.network_of(address)
        return cls(_key(secret, f"network:{network}"), throttle.FREE_TRIES_NETWORK)

    def check(self) -> None:
        """Raises: TooMany while the next try has to wait."""
        row = db.session.execute(
            select(LoginThrottle.failures, LoginThrottle.last_failed_at).where(
                LoginThrottle.key == self.key
            )
        ).one_or_none()
        if row is not None:
            self._refuse(row)

    def check_and_hold(self) -> None:
        """The same within a transaction; other tries wait until it ends, also where there was
        none before, so that they are looked at one after the other. Raises: TooMany."""
        nothing = insert_into(LoginThrottle).values(
            key=self.key, failures=0, last_failed_at=clock.now()
        )
        held = nothing.on_conflict_do_update(
            index_elements=[LoginThrottle.key], set_={"failures": LoginThrottle.failures}
        ).returning(LoginThrottle.failures, LoginThrottle.last_failed_at)
        self._refuse(db.session.execute(held).one())

    def _refuse(self, row: Row[int, datetime]) -> None:
        left = throttle.wait(
            row.failures, row.last_failed_at, clock.now(), free_tries=self.free_tries
        )
        if left > timedelta(0):
            seconds = max(1, round(left.total_seconds()))
            raise TooMany(
                lazy_ngettext(
                    "Too many tries. Try again in %(num)d second.",
                    "Too many tries. Try again in %(num)d seconds.",
                    seconds,
                ),
                retry_after=seconds,
            )

    def count(self) -> int:
        """One more wrong try; gives how many there were. Forgets what no longer counts."""
        now = clock.now()
        forgotten = LoginThrottle.last_failed_at <= now - throttle.FORGOTTEN_AFTER
        db.session.execute(delete(LoginThrottle).where(forgotten, LoginThrottle.key != self.key))
        wrong = insert_into(LoginThrottle).values(key=self.key, failures=1, last_failed_at=now)
        return db.session.scalars(
            wrong.on_conflict_do_update(
                index_elements=[LoginThrottle.key],
                set_={
                    "failures": case((forgotten, 1), else_=LoginThrottle.failures + 1),
                    "last_failed_at": now,
                },
            ).returning(LoginThrottle.failures)
        ).one()

    def release(self) -> None:
        db.session.execute(delete(LoginThrottle).where(LoginThrottle.key == self.key))


def _key(secret: str, what: str) -> bytes:
    return hmac.digest(secret.encode(), b"login-throttle:" + what.encode(), sha256)[:16]
