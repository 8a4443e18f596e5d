"""A photo that a phone sealed, with what it says of its meeting (docs/decisions/0016).

    {"group": ..., "held_on": ...,
     "sealed": {"key": id, "wrapped": ..., "nonce": ..., "tag": ...}}

`tag` is the end of the sealed bytes, which come behind: by it they are part of the command, and
other bytes under the same id are told apart.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from casework.core.crypto.envelopes import SEAL, NotOpened, open_parts, parts_of
from casework.core.crypto.keyring import TAG_BYTES
from casework.offline.forms.bodies import Reader, broken
from casework.offline.forms.sealed import SEALED, belonging, closed
from casework.offline.rules import Command, Unreadable

_PARTS = {**SEAL, "tag": (TAG_BYTES, TAG_BYTES)}


@dataclass(frozen=True, slots=True)
class PhotoHead:
    group_id: uuid.UUID
    held_on: date
    key: str
    parts: Mapping[str, bytes]


def photo_head(command: Command) -> PhotoHead:
    """Raises: Invalid."""
    given = Reader(command.body, "group", "held_on", SEALED)
    try:
        key, parts = parts_of(given.take(SEALED, dict), _PARTS)
    except NotOpened:
        raise broken(SEALED) from None
    return PhotoHead(given.id("group"), given.day("held_on"), key, parts)


def opened_photo(command: Command, head: PhotoHead, data: bytes) -> bytes:
    """The picture as the phone made it.

    Raises: Unreadable where these are not the bytes of that command, as after a cut; Invalid where
    they do not open; KeyMissing as `sealed.opened`.
    """
    parts = dict(head.parts)
    if not data.endswith(parts.pop("tag")):
        raise Unreadable("not the bytes of this command")
    try:
        return open_parts(head.key, {**parts, "data": data}, belonging(command))
    except NotOpened as why:
        raise closed(command, why) from None
