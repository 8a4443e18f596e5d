"""What just happened, said once at the top of the next page."""

from __future__ import annotations

from enum import StrEnum

from flask import flash as _flash


class Kind(StrEnum):
    """The kinds of notice of the design system."""

    DONE = "good"
    NOTICE = "info"
    PROBLEM = "bad"


def flash(kind: Kind, message: object) -> None:
    _flash(str(message), kind.value)
