"""Everything the product refuses, as one tree.

An action raises one of these; the transaction rolls back and `casework.web.errors` turns it
into one page or one JSON answer. Messages are lazy strings, so they come out in the language
of whoever reads them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

Message = Any
"""A string, or a lazy string of flask_babel; `str()` of it is what a person reads."""


class CaseworkError(Exception):
    """Base of the tree. `status` is the HTTP status that answers it."""

    status: ClassVar[int] = 400

    def __init__(self, message: Message = "", *, code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).__name__

    def __str__(self) -> str:
        return str(self.message)


class NotFound(CaseworkError):
    """No such thing for this person: absent and out of scope answer alike, word for word."""

    status = 404


class Refused(CaseworkError):
    """A policy says: not now, not by you, and why."""

    status = 403


class Conflict(CaseworkError):
    """Somebody else was first, or the state has moved on."""

    status = 409


class SavedOtherwise(Conflict):
    """The same form was saved before and said something else; sent once more under an id of its
    own it is another record."""


class TooMany(CaseworkError):
    """Too many tries; `retry_after` in seconds."""

    status = 429

    def __init__(self, message: Message = "", *, retry_after: int, code: str = "") -> None:
        super().__init__(message, code=code)
        self.retry_after = retry_after


class Busy(CaseworkError):
    """The server cannot take this now; nothing was written; trying again is safe."""

    status = 503
    retry_after = 5


class Invalid(CaseworkError):
    """Input that cannot be accepted: field name -> messages, shown at the field.

    The empty field name is for what concerns the whole form.
    """

    status = 422

    def __init__(self, fields: Mapping[str, Sequence[Message]], *, code: str = "") -> None:
        first = next((m for messages in fields.values() for m in messages), "")
        super().__init__(first, code=code)
        self.fields = {name: list(messages) for name, messages in fields.items()}

    @classmethod
    def field(cls, name: str, message: Message) -> Invalid:
        return cls({name: [message]})
