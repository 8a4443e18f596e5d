"""How fast one person's programs may ask, so that a broken one does not take the server from
everybody else (docs/decisions/0018).

Counted by person and not by address: a whole district comes from one address of its operator.
Each process counts for itself, in its memory: a person has as many allowances as there are
processes, which is still nothing to them, and asking costs no statement.
"""

from __future__ import annotations

import math
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app
from flask_babel import lazy_gettext as _

from casework.access.actor import Actor
from casework.core.errors import TooMany

#: Of people kept in mind; whoever has a full allowance is forgotten first, and loses nothing.
_MOST_PEOPLE = 5_000


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
        self._left: dict[uuid.UUID, _Left] = {}
        self._guard = threading.Lock()

    def spend(self, actor: Actor, cost: float = 1) -> None:
        """Raises: TooMany where it is used up, and when to ask again; that costs nothing."""
        wait = self._wait(actor.user_id, min(cost, self.most))
        if wait:
            current_app.logger.warning(
                "excess_rate_limit_exceeded: %s, person %s", self.name, actor.user_id
            )
            raise TooMany(
                _("Too much at once. It goes on by itself in a moment; nothing is lost."),
                retry_after=wait,
                code="pace",
            )

    def _wait(self, person: uuid.UUID, cost: float) -> int:
        """Whole seconds; 0 where the cost has been taken."""
        with self._guard:
            now = self.now()
            left = self._left.get(person)
            if left is None:
                self._forget(now)
                left = self._left[person] = _Left(self.most, now)
            left.amount = self._amount(left, now)
            left.at = now
            if left.amount < cost:
                return math.ceil((cost - left.amount) / self.a_second)
            left.amount -= cost
            return 0

    def _amount(self, left: _Left, now: float) -> float:
        return min(self.most, left.amount + (now - left.at) * self.a_second)

    def _forget(self, now: float) -> None:
        if len(self._left) < _MOST_PEOPLE:
            return
        self._left = {
            person: left
            for person, left in self._left.items()
            if self._amount(left, now) < self.most
        }
