"""What can go wrong with keys and sealed values."""

from __future__ import annotations

from typing import ClassVar

from flask_babel import lazy_gettext as _

from casework.core.errors import CaseworkError, Message


class KeyMissing(CaseworkError):
    """No usable key: none set up, unreadable, open to others, or not the one a value needs.

    The message tells the operator what to do; it never holds any part of a key.
    """

    status: ClassVar[int] = 500

    def __init__(self, message: Message = "", *, code: str = "") -> None:
        super().__init__(message or _("The key for personal data is missing."), code=code)


class Tampered(CaseworkError):
    """A sealed value that does not open where it stands: changed, moved or cut."""

    status: ClassVar[int] = 500

    def __init__(self, message: Message = "", *, code: str = "") -> None:
        super().__init__(
            message
            or _(
                "This protected value does not belong here or was changed."
                " Tell whoever runs the server."
            ),
            code=code,
        )
