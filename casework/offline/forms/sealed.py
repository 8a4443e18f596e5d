"""What a phone sealed to the server's public key (docs/decisions/0013): the whole body of a command
that holds money or an answer, and the notes of a register, of which the phone shows the rest.

It belongs to its owner and its command and opens for no other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext

from casework.core.crypto.envelopes import NotOpened, open_envelope
from casework.core.errors import Invalid
from casework.offline.rules import Command, Kind, read_json

#: What holds money or an answer.
_KINDS = {Kind.OBSERVATION, Kind.READINESS}
#: The name under which it stands in a body.
SEALED = "sealed"
#: More than twice the longest note there is, were each of its letters a pair of \u....
_MOST_PLAIN = 16 * 1024
#: A hundred of the longest notes, in the widest letters that a keyboard writes.
_MOST_NOTES = 64 * 1024


def is_sealed(command: Command) -> bool:
    return command.kind in _KINDS and SEALED in command.body


def opened(command: Command) -> Mapping[str, Any]:
    """The plain body.

    Raises: Invalid, with the same words whatever is wrong, since all that the person can do is to
    fill it in again (the log tells more, and never what was sealed); KeyMissing where this server
    has no keys for it at all.
    """
    try:
        if len(command.body) != 1:
            raise NotOpened("something stands beside what was sealed")
        return _object(command, _MOST_PLAIN)
    except NotOpened as why:
        raise closed(command, why) from None


def opened_notes(command: Command) -> Mapping[str, Any] | None:
    """The notes of a register, by family as among its marks. None where they do not open: no
    family goes without its mark over a note that can be written again.

    Raises: KeyMissing where this server has no keys for them at all.
    """
    if SEALED not in command.body:
        return {}
    try:
        return _object(command, _MOST_NOTES)
    except NotOpened as why:
        _log(command, why)
        return None


def _object(command: Command, most: int) -> dict[str, Any]:
    """Raises: NotOpened."""
    text = open_envelope(command.body[SEALED], belonging(command), most)
    try:
        found = read_json(text)
    except ValueError:  # whose words may quote it
        raise NotOpened("what was sealed is no JSON") from None
    if not isinstance(found, dict):
        raise NotOpened("what was sealed is no JSON object")
    return found


def belonging(command: Command) -> str:
    """What a phone seals a body for."""
    return f"{command.owner}|{command.id}"


def closed(command: Command, why: NotOpened) -> Invalid:
    """That it does not open, in the words that the person gets."""
    _log(command, why)
    return Invalid.field(
        "",
        lazy_gettext(
            "This data cannot be opened on the server. Fill it in again while there is signal."
        ),
    )


def _log(command: Command, why: NotOpened) -> None:
    current_app.logger.warning("sealed command %s does not open: %s", command.id, why)
