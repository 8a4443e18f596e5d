"""Bodies that a phone sealed to the server's public key (docs/decisions/0013).

    {"sealed": {"key": id, "wrapped": ..., "nonce": ..., "data": ...}}

The last three are base64url without padding. What was sealed is the plain body as JSON in UTF-8;
it belongs to its owner and its command and opens for no other.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext

from casework.core.crypto import KeyMissing, Tampered, current_phone_keys
from casework.core.crypto.keyring import NONCE_BYTES, TAG_BYTES
from casework.core.crypto.phone_keys import KEY_ID, WRAPPED_BYTES
from casework.core.errors import Invalid
from casework.offline.rules import Command, Kind, read_json

#: What holds money or an answer. The names in a register lie on the phone as they are.
_KINDS = {Kind.OBSERVATION, Kind.READINESS}
#: More than twice the longest note there is, were each of its letters a pair of \u....
_MOST_PLAIN = 16 * 1024
#: Fewest and most bytes of each part.
_PARTS = {
    "wrapped": (WRAPPED_BYTES, WRAPPED_BYTES),
    "nonce": (NONCE_BYTES, NONCE_BYTES),
    "data": (TAG_BYTES, _MOST_PLAIN + TAG_BYTES),
}


def is_sealed(command: Command) -> bool:
    return command.kind in _KINDS and "sealed" in command.body


def opened(command: Command) -> Mapping[str, Any]:
    """The plain body.

    Raises: Invalid, with the same words whatever is wrong, since all that the person can do is to
    fill it in again (the log tells more, and never what was sealed); KeyMissing where this server
    has no keys for it at all.
    """
    try:
        key_id, parts = _parts(command.body)
    except ValueError as error:
        raise _closed(command, str(error)) from None
    plain = unsealed(command, key_id, **parts)
    try:
        body = read_json(plain.decode())
    except ValueError:  # whose words may quote it
        body = None
    if not isinstance(body, dict):
        raise _closed(command, "what was sealed is no JSON object")
    return body


def unsealed(command: Command, key_id: str, **parts: bytes) -> bytes:
    """What was sealed for that command. Raises: Invalid; KeyMissing as `opened`."""
    keys = current_phone_keys(wanted=key_id)
    try:
        return keys.open(key_id, **parts, belongs_to=f"{command.owner}|{command.id}".encode())
    except KeyMissing:
        raise _closed(command, f"the key file does not hold key {key_id}") from None
    except Tampered:
        raise _closed(command, "changed, or sealed for another command") from None


def _parts(body: Mapping[str, Any]) -> tuple[str, dict[str, bytes]]:
    if len(body) != 1:
        raise ValueError("not the parts of a sealed body")
    return parts_of(body["sealed"], _PARTS)


def parts_of(sealed: object, wanted: Mapping[str, tuple[int, int]]) -> tuple[str, dict[str, bytes]]:
    """The id of the key, and the parts; `wanted` says the fewest and most bytes of each.

    Raises: ValueError naming the part, without a word of what was sent.
    """
    if not isinstance(sealed, dict) or sealed.keys() != {"key", *wanted}:
        raise ValueError("not the parts of a sealed body")
    key_id = sealed["key"]
    if not isinstance(key_id, str) or not KEY_ID.fullmatch(key_id):
        raise ValueError("key is no id")
    return key_id, {name: _bytes(name, sealed[name], *wanted[name]) for name in wanted}


def _bytes(name: str, text: object, fewest: int, most: int) -> bytes:
    # Four letters for three bytes: what is too long is not decoded first.
    if not isinstance(text, str) or len(text) > most * 4 // 3 + 2:
        raise ValueError(f"{name} is no text, or too long")
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise ValueError(f"{name} is no base64url") from None
    # In one spelling only: the decoder also takes + and /, padding, and bits beyond the end.
    if base64.urlsafe_b64encode(raw).decode().rstrip("=") != text:
        raise ValueError(f"{name} is not spelled as base64url without padding")
    if not fewest <= len(raw) <= most:
        raise ValueError(f"{name} has the wrong length")
    return raw


def _closed(command: Command, why: str) -> Invalid:
    current_app.logger.warning("sealed command %s does not open: %s", command.id, why)
    return Invalid.field(
        "",
        lazy_gettext(
            "This data cannot be opened on the server. Fill it in again while there is signal."
        ),
    )
