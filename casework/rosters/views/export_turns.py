"""How often one person may have a file made: a large regency's takes a processor for seconds, and
eight at once kept everybody else waiting for as long."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from flask_babel import LazyString, lazy_ngettext
from flask_babel import lazy_gettext as _

from casework.access.actor import Actor
from casework.core.errors import TooMany
from casework.web.pace import Pace

#: Each village of a sub-district at once, and one each half minute after that.
#: Source: none official; product default.
EXPORTING = Pace("exporting", most=20, a_second=1 / 30)
#: Seconds in which the file that is being made is made, nearly always.
_SOON = 10

_making: set[uuid.UUID] = set()
_guard = threading.Lock()


@contextmanager
def own_turn(actor: Actor) -> Iterator[None]:
    """One file at a time, of each person in each process. Raises: TooMany, for the form."""
    with _guard:
        is_making = actor.user_id in _making
        _making.add(actor.user_id)
    if is_making:
        raise TooMany(
            _("Your last file is still being made. Wait a moment, then try again."),
            retry_after=_SOON,
            code="pace",
        )
    try:
        EXPORTING.spend(actor, words=_wait)
        yield
    finally:
        with _guard:
            _making.discard(actor.user_id)


def _wait(minutes: int) -> LazyString:
    return lazy_ngettext(
        "You have made many files. Wait %(num)d minute, then try again.",
        "You have made many files. Wait %(num)d minutes, then try again.",
        minutes,
    )
