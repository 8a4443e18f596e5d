"""What is read for everybody, kept for a while in each process.

For public figures and what they are read by, and what is like them: the same few things that
everybody asks for, and that may be an hour old (docs/decisions/0028).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import Any, ParamSpec, TypeVar

from cachetools import TTLCache
from cachetools.keys import hashkey
from flask import current_app

#: Seconds; 0 keeps nothing.
SETTING = "KEPT_SECONDS"
#: Answers at a time, whoever asks for all kinds, years and provinces in a row. The largest are the
#: figures of all regencies in all years.
MOST = 200
#: Name of what is kept, among the extensions of an application.
STORE = "casework_kept_a_while"
_taken = Lock()
#: Nothing is kept of that question; None may be an answer.
_NOT_KEPT: Any = object()

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")


def kept_a_while(read: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
    """The same answer for whoever asks the same within `SETTING` seconds; to be read only."""

    @wraps(read)
    def kept(*args: Asked.args, **kwargs: Asked.kwargs) -> Answer:
        key = hashkey(read, *args, *kwargs.items())
        with _taken:
            answer: Answer = _store().get(key, _NOT_KEPT)
        if answer is _NOT_KEPT:
            # Two who ask at once both read: better than one that waits for the other.
            answer = read(*args, **kwargs)
            with _taken:
                _store()[key] = answer
        return answer

    return kept


def _store() -> TTLCache[Any, Any]:
    store: TTLCache[Any, Any] = current_app.extensions.setdefault(
        STORE, TTLCache(MOST, ttl=current_app.config[SETTING])
    )
    return store
