"""What a phone sealed to the server's public key, as it is sent (docs/decisions/0013).

    {"key": id, "wrapped": ..., "nonce": ..., "data": ...}

The last three are base64url without padding. What was sealed is text in UTF-8; it belongs to
whoever and whatever it was sealed for, and opens for nothing else.
"""

from __future__ import annotations

import base64
import binascii

from casework.core.crypto.current import current_phone_keys
from casework.core.crypto.errors import KeyMissing, Tampered
from casework.core.crypto.keyring import NONCE_BYTES, TAG_BYTES
from casework.core.crypto.phone_keys import KEY_ID, WRAPPED_BYTES

_PARTS = ("wrapped", "nonce", "data")


class NotOpened(Exception):
    """Why, for the log; never a word of what was sealed."""


def open_envelope(envelope: object, belongs_to: str, most: int) -> str:
    """What was sealed, of at most that many bytes.

    Raises: NotOpened, whatever is wrong with it; KeyMissing where this server has no keys for it
    at all.
    """
    try:
        key_id, parts = _parts(envelope, most)
    except ValueError as error:
        raise NotOpened(str(error)) from None
    keys = current_phone_keys(wanted=key_id)
    try:
        plain = keys.open(key_id, **parts, belongs_to=belongs_to.encode())
    except KeyMissing:
        raise NotOpened(f"the key file does not hold key {key_id}") from None
    except Tampered:
        raise NotOpened("changed, or sealed for something else") from None
    try:
        return plain.decode()
    except UnicodeDecodeError:  # which would quote it
        raise NotOpened("what was sealed is no text") from None


def _parts(envelope: object, most: int) -> tuple[str, dict[str, bytes]]:
    """Raises: ValueError naming the part, without a word of what was sent."""
    if not isinstance(envelope, dict) or envelope.keys() != {"key", *_PARTS}:
        raise ValueError("not the parts of an envelope")
    key_id = envelope["key"]
    if not isinstance(key_id, str) or not KEY_ID.fullmatch(key_id):
        raise ValueError("key is no id")
    #: Fewest and most bytes of each.
    sizes = {
        "wrapped": (WRAPPED_BYTES, WRAPPED_BYTES),
        "nonce": (NONCE_BYTES, NONCE_BYTES),
        "data": (TAG_BYTES, most + TAG_BYTES),
    }
    return key_id, {name: _bytes(name, envelope[name], *sizes[name]) for name in _PARTS}


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
