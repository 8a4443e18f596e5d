"""A check as words: the page shows them instead of the button."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import lazy_gettext as _

from casework.core.errors import Conflict, Invalid, Message, Refused
from casework.core.own_words import Lack, lack_in


def reason(check: Callable[..., None], *subject: Any) -> Message | None:
    try:
        check(*subject)
    except (Refused, Conflict) as error:
        return error.message
    return None


def check_own_words(field: str, text: str, too_short: Message) -> None:
    """Raises: Invalid, at the field."""
    lack = lack_in(text)
    if lack is Lack.LETTERS:
        raise Invalid.field(field, too_short)
    if lack is Lack.WORDS:
        raise Invalid.field(
            field, _("Write a sentence, not one letter or one word again and again.")
        )
