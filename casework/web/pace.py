"""How fast one person's programs may ask, so that a broken one does not take the server from
everybody else (docs/decisions/0018).

Counted by person and not by address, for a whole district comes from one address of its operator;
by address only where nobody signs in, and then with room for many. Each process counts for
itself, in its memory: a person has as many allowances as there are processes, which is still
nothing to them, and asking costs no statement.
"""

from __future__ import annotations

import ipaddress
import math
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app, request
from flask_babel import lazy_gettext as _

from casework.access.actor import Actor
from casework.core.errors import Message, TooMany

#: Of people or addresses kept in mind; whoever has a full allowance is forgotten first, and loses
#: nothing.
_MOST_ASKERS = 5_000

#: A person, or the address of somebody who has not signed in.
Asker = uuid.UUID | str


@dataclass(slots=True)
class _Left:
    amount: float
    at: float


class Pace:
    """An allowance that is used up by asking and comes back with time."""

    def __init__(
        self, name: str, *, most: float, a_second: float, now: Callable[[], float] = time.monotonic
    ) -> None:
        self.name = name
        self.most = most
        self.a_second = a_second
        self.now = now
        self._left: dict[Asker, _Left] = {}
        self._guard = threading.Lock()

    def spend(
        self, actor: Actor, cost: float = 1, *, words: Callable[[int], Message] | None = None
    ) -> None:
        """Raises: TooMany where it is used up, and when to ask again; that costs nothing. `words`:
        for whoever chose it in a form, of the whole minutes to wait."""
        wait = self._wait(actor.user_id, min(cost, self.most))
        if wait:
            current_app.logger.warning(
                "excess_rate_limit_exceeded: %s, person %s", self.name, actor.user_id
            )
            raise TooMany(
                words(math.ceil(wait / 60))
                if words
                else _("Too much at once. It goes on by itself in a moment; nothing is lost."),
                retry_after=wait,
                code="pace",
            )

    def spend_address(self, cost: float = 1) -> None:
        """The same for whoever sends this request without being signed in. The log does not say
        which address: it would be a person's."""
        wait = self._wait(_origin(request.remote_addr or ""), min(cost, self.most))
        if wait:
            current_app.logger.warning("excess_rate_limit_exceeded: %s, an address", self.name)
            raise TooMany(
                _("Too many requests from this address. Try again in a moment."),
                retry_after=wait,
                code="pace",
            )

    def _wait(self, asker: Asker, cost: float) -> int:
        """Whole seconds; 0 where the cost has been taken."""
        with self._guard:
            now = self.now()
            left = self._left.get(asker)
            if left is None:
                self._forget(now)
                left = self._left[asker] = _Left(self.most, now)
            left.amount = self._amount(left, now)
            left.at = now
            if left.amount < cost:
                return math.ceil((cost - left.amount) / self.a_second)
            left.amount -= cost
            return 0

    def _amount(self, left: _Left, now: float) -> float:
        return min(self.most, left.amount + (now - left.at) * self.a_second)

    def _forget(self, now: float) -> None:
        if len(self._left) < _MOST_ASKERS:
            return
        self._left = {
            asker: left for asker, left in self._left.items() if self._amount(left, now) < self.most
        }


def _origin(address: str) -> str:
    """One subscriber: of IPv6 everybody has 2^64 addresses (RFC 6177)."""
    try:
        is_long = ipaddress.ip_address(address).version == 6
    except ValueError:
        return address
    return str(ipaddress.ip_network(f"{address}/64", strict=False)) if is_long else address
