"""Slowing down after failed sign-ins; pure.

Nobody is ever locked out: a rival could otherwise shut out every facilitator of a regency by
typing wrong passwords (safety row 6.1.1). Nor is anybody held up by the wrong tries of others as
long as she comes from another network or with a browser that she has signed in with before. What
that leaves to whoever guesses stands in docs/decisions/0004.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from typing import Protocol

#: Wrong tries that cost nothing: people mistype on small keyboards.
FREE_TRIES = 5
LONGEST_WAIT = timedelta(minutes=5)
#: After this long without a wrong try every count starts anew.
FORGOTTEN_AFTER = timedelta(hours=1)

_NO_WAIT = timedelta(0)


@dataclass(frozen=True, slots=True)
class Count:
    """Wrong tries that still weigh, and the moment up to which that is reckoned."""

    failures: int
    at: datetime


class Rule(Protocol):
    """How wrong tries add up, and how long they make the next one wait."""

    def wait(self, count: Count, now: datetime) -> timedelta:
        """How long from `now` until the next try is looked at; zero when at once."""

    def after_wrong(self, count: Count, now: datetime) -> Count:
        """The count with one more wrong try."""


@dataclass(frozen=True, slots=True)
class Doubling:
    """For what belongs to one person: the wait doubles from one second with every failure past
    the free ones, up to five minutes."""

    free_tries: int

    def wait(self, count: Count, now: datetime) -> timedelta:
        past_free = count.failures - self.free_tries
        if past_free < 0 or now - count.at >= FORGOTTEN_AFTER:
            return _NO_WAIT
        delay = min(timedelta(seconds=2 ** min(past_free, 10)), LONGEST_WAIT)
        return max(count.at + delay - now, _NO_WAIT)

    def after_wrong(self, count: Count, now: datetime) -> Count:
        is_forgotten = now - count.at >= FORGOTTEN_AFTER
        return Count(1 if is_forgotten else count.failures + 1, now)


@dataclass(frozen=True, slots=True)
class Leaking:
    """For what many share: room for so many wrong tries, of which one is forgotten every
    `step`. Who fills it makes the others wait for one step and no longer."""

    room: int
    step: timedelta

    def wait(self, count: Count, now: datetime) -> timedelta:
        now_left = self._leaked(count, now)
        if now_left.failures < self.room:
            return _NO_WAIT
        return now_left.at + self.step * (now_left.failures - self.room + 1) - now

    def after_wrong(self, count: Count, now: datetime) -> Count:
        now_left = self._leaked(count, now)
        return Count(now_left.failures + 1, now_left.at)

    def _leaked(self, count: Count, now: datetime) -> Count:
        """In whole steps, so that none is lost however often somebody tries in between."""
        steps = max((now - count.at) // self.step, 0)
        if steps >= count.failures:
            return Count(0, now)
        return Count(count.failures - steps, count.at + steps * self.step)


#: Tries for one account from one network; with one browser its owner has signed in with before;
#: for the present password, within one login session.
OWN = Doubling(FREE_TRIES)
#: Tries for one account from all networks: a single one never fills it, nor do three.
ACCOUNT = Leaking(room=40, step=timedelta(seconds=90))
#: The same without any wait: one after the other, never faster than is forgotten above, they are
#: guesses all the same, and the trail shall show them.
TALLY = Doubling(free_tries=1_000_000)
#: Tries of one network for whatever accounts there are. A whole district may share one address,
#: so it takes a dozen people who try without end to fill it.
NETWORK = Leaking(room=180, step=timedelta(seconds=20))


#: Who has one IPv6 address has 2**64 of them, and at home 256 times as many: the network is what
#: a provider gives to one household. Source: RFC 6177, section 2; RIPE-690, section 4.
_IPV6_NETWORK_BITS = 56


def network_of(address: str) -> str:
    """What counts as one network: an IPv4 address, the /56 around an IPv6 one."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return f"{int(parsed) >> (128 - _IPV6_NETWORK_BITS):x}/{_IPV6_NETWORK_BITS}"
    return str(parsed)
