"""What a phone sealed to the server's public key, as it is sent (docs/decisions/0013).

    {"key": id, "wrapped": ..., "nonce": ..., "data": ...}

The last three are base64url without padding. What was sealed is text in UTF-8; it belongs to
whoever and whatever it was sealed for, and opens for nothing else.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping

from casework.core.crypto.current import current_phone_keys
from casework.core.crypto.errors import KeyMissing, Tampered
from casework.core.crypto.keyring import NONCE_BYTES, TAG_BYTES
from casework.core.crypto.phone_keys import KEY_ID, WRAPPED_BYTES

#: Fewest and most bytes of a part of an envelope.
Sizes = tuple[int, int]

#: What every envelope has beside what was sealed.
SEAL: Mapping[str, Sizes] = {
    "wrapped": (WRAPPED_BYTES, WRAPPED_BYTES),
    "nonce": (NONCE_BYTES, NONCE_BYTES),
}


class NotOpened(Exception):
    """Why, for the log; never a word of what was sealed."""


def open_envelope(envelope: object, belongs_to: str, most: int) -> str:
    """What was sealed, of at most that many bytes.

    Raises: NotOpened, whatever is wrong with it; KeyMissing where this server has no keys for it
    at all.
    """
    key_id, parts = parts_of(envelope, {**SEAL, "data": (TAG_BYTES, most + TAG_BYTES)})
    try:
        return open_parts(key_id, parts, belongs_to).decode()
    except UnicodeDecodeError:  # which would quote it
        raise NotOpened("what was sealed is no text") from None


def parts_of(envelope: object, wanted: Mapping[str, Sizes]) -> tuple[str, dict[str, bytes]]:
    """The id of the key, and the parts by name. Raises: NotOpened, naming the part."""
    if not isinstance(envelope, dict) or envelope.keys() != {"key", *wanted}:
        raise NotOpened("not the parts of an envelope")
    key_id = envelope["key"]
    if not isinstance(key_id, str) or not KEY_ID.fullmatch(key_id):
        raise NotOpened("key is no id")
    return key_id, {name: _bytes(name, envelope[name], *wanted[name]) for name in wanted}


def open_parts(key_id: str, parts: Mapping[str, bytes], belongs_to: str) -> bytes:
    """What was sealed; `parts` are those of `SEAL` and data. Raises: as `open_envelope`."""
    keys = current_phone_keys(wanted=key_id)
    try:
        return keys.open(key_id, **parts, belongs_to=belongs_to.encode())
    except KeyMissing:
        raise NotOpened(f"the key file does not hold key {key_id}") from None
    except Tampered:
        raise NotOpened("changed, or sealed for something else") from None


def _bytes(name: str, text: object, fewest: int, most: int) -> bytes:
    # Four letters for three bytes: what is too long is not decoded first.
    if not isinstance(text, str) or len(text) > most * 4 // 3 + 2:
        raise NotOpened(f"{name} is no text, or too long")
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise NotOpened(f"{name} is no base64url") from None
    # In one spelling only: the decoder also takes + and /, padding, and bits beyond the end.
    if base64.urlsafe_b64encode(raw).decode().rstrip("=") != text:
        raise NotOpened(f"{name} is not spelled as base64url without padding")
    if not fewest <= len(raw) <= most:
        raise NotOpened(f"{name} has the wrong length")
    return raw
