"""Counts wrong passwords and says who has to wait.

A refusal must be remembered although nothing else happens: what is counted here is committed by
the caller together with the refusal.
"""

from __future__ import annotations

import hmac
import math
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from weakref import WeakKeyDictionary

from flask_babel import lazy_ngettext
from sqlalchemy import Engine, Row, Select, delete, func, or_, select, update

from casework.accounts import throttle
from casework.accounts.models import LoginThrottle
from casework.accounts.throttle import Count, Rule
from casework.core import clock
from casework.core.db import db
from casework.core.errors import Busy, TooMany
from casework.core.transaction import transaction
from casework.core.upsert import insert_into

#: Each process looks at most this often for what no longer counts.
_TIDY_EVERY = timedelta(minutes=1)
#: When it last did, of each database.
_tidied: WeakKeyDictionary[Engine, datetime] = WeakKeyDictionary()
#: A flood of invented names leaves no more rows than these, and those of a minute; the oldest go
#: first, which is not what is being guessed at now.
MOST_ROWS = 100_000


@dataclass(frozen=True, slots=True)
class Brake:
    """One thing that is slowed down, known to the table by a keyed hash only."""

    key: bytes
    rule: Rule

    @classmethod
    def of(cls, rule: Rule, what: str, *, secret: str) -> Brake:
        return cls(
            hmac.digest(secret.encode(), b"login-throttle:" + what.encode(), sha256)[:16], rule
        )


class Brakes:
    """All that one try is weighed by; it waits for the brake that asks for most."""

    def __init__(self, own: Brake, *of_account: Brake, network: Brake | None = None) -> None:
        self._own, self._network = own, network
        given = (own, *of_account, *([network] if network else []))
        self._all = {brake.key: brake for brake in given}
        self._held: dict[bytes, Count] = {}

    @classmethod
    def of_stranger(cls, username: str, address: str, *, secret: str) -> Brakes:
        """Who tries with a browser in which this account has never signed in."""
        network = throttle.network_of(address)
        return cls(
            # The name is whatever somebody typed, so it stands last: no name that is made up
            # for it leads to another one's key.
            Brake.of(throttle.OWN, f"from:{network} {username}", secret=secret),
            Brake.of(throttle.ACCOUNT, f"account:{username}", secret=secret),
            Brake.of(throttle.TALLY, f"tally:{username}", secret=secret),
            network=Brake.of(throttle.NETWORK, f"network:{network}", secret=secret),
        )

    @classmethod
    def of_browser(cls, mark: str, *, secret: str) -> Brakes:
        """Who tries with a browser in which this account has signed in: whatever others do."""
        return cls(Brake.of(throttle.OWN, f"browser:{mark}", secret=secret))

    @classmethod
    def of_login(cls, token_hash: bytes, *, secret: str) -> Brakes:
        """Who is signed in and has to prove it once more; by login, or a thief's tries at an
        open phone would hold the owner up who shuts him out from another."""
        return cls(Brake.of(throttle.OWN, f"login:{token_hash.hex()}", secret=secret))

    def check(self) -> None:
        """Raises: TooMany while the next try has to wait."""
        rows = select(LoginThrottle.key, LoginThrottle.failures, LoginThrottle.last_failed_at)
        self._weigh(db.session.execute(rows.where(LoginThrottle.key.in_(list(self._all)))))

    def check_and_hold(self) -> None:
        """The same within a transaction; other tries wait until it ends, also where there was
        none before, so that they are looked at one after the other. Raises: TooMany."""
        now = clock.now()
        # The own one first, the network last, always: so no two tries wait for each other.
        nothing = insert_into(LoginThrottle).values(
            [{"key": key, "failures": 0, "last_failed_at": now} for key in self._all]
        )
        held = nothing.on_conflict_do_update(
            index_elements=[LoginThrottle.key], set_={"failures": LoginThrottle.failures}
        ).returning(LoginThrottle.key, LoginThrottle.failures, LoginThrottle.last_failed_at)
        self._weigh(db.session.execute(held))

    def _weigh(self, rows: Iterable[Row[bytes, int, datetime]]) -> None:
        self._held = {row.key: Count(row.failures, row.last_failed_at) for row in rows}
        now = clock.now()
        waits = (self._all[key].rule.wait(count, now) for key, count in self._held.items())
        left = max(waits, default=timedelta(0))
        if left > timedelta(0):
            seconds = math.ceil(left.total_seconds())
            raise TooMany(
                lazy_ngettext(
                    "Too many tries. Try again in %(num)d second.",
                    "Too many tries. Try again in %(num)d seconds.",
                    seconds,
                ),
                retry_after=seconds,
            )

    def count(self, *, is_account: bool = True) -> int:
        """One more wrong try, of those held; gives how many there were for this account.

        An invented name does not weigh on the network: nothing can be guessed of it, and it
        would hold up whoever shares the address. It is written all the same, so that an invented
        name takes as long as another.
        """
        now, most = clock.now(), 0
        for key, brake in self._all.items():
            count = self._held[key]
            if brake is not self._network or is_account:
                count = brake.rule.after_wrong(count, now)
            if brake is not self._network:
                most = max(most, count.failures)
            db.session.execute(
                update(LoginThrottle)
                .where(LoginThrottle.key == key)
                .values(failures=count.failures, last_failed_at=count.at)
            )
        return most

    def release(self) -> None:
        """The password was right: the own wrong tries are forgiven. Not those that count for
        others too, or whoever guesses would have room again when the owner signs in."""
        is_forgiven = or_(LoginThrottle.key == self._own.key, LoginThrottle.failures == 0)
        db.session.execute(
            delete(LoginThrottle).where(LoginThrottle.key.in_(list(self._all)), is_forgiven)
        )


def tidy_when_due() -> None:
    """Forget what no longer counts, in a transaction of its own and now and then: each wrong try
    would otherwise read the whole table, while others wait for the rows it holds."""
    now = clock.now()
    last = _tidied.get(db.engine)
    if last is not None and abs(now - last) < _TIDY_EVERY:
        return
    _tidied[db.engine] = now
    with suppress(Busy), transaction():  # the next minute does as well
        oldest = select(LoginThrottle.key).order_by(LoginThrottle.last_failed_at)
        _delete(oldest.where(LoginThrottle.last_failed_at <= now - throttle.FORGOTTEN_AFTER))
        rows = db.session.scalar(select(func.count()).select_from(LoginThrottle)) or 0
        if rows > MOST_ROWS:
            _delete(oldest.limit(rows - MOST_ROWS))


def _delete(keys: Select[bytes]) -> None:
    """What somebody tries with at this moment is left out rather than waited for."""
    free = keys.with_for_update(skip_locked=True)
    db.session.execute(delete(LoginThrottle).where(LoginThrottle.key.in_(free)))
