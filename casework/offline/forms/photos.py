"""A photo that a phone sealed, with what it says of its meeting (docs/decisions/0015).

    {"group": ..., "held_on": ...,
     "sealed": {"key": id, "wrapped": ..., "nonce": ..., "tag": ..., "sha256": ...}}

`tag` is the end of the sealed bytes, which come behind, and `sha256` is of all of them: by it they
are part of the command, and other bytes under the same id are told apart. Phones of before there
was a `sha256` leave it out, and what they kept is still taken.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from casework.core.crypto.envelopes import SEAL, NotOpened, open_parts, parts_of
from casework.core.crypto.keyring import TAG_BYTES
from casework.offline.forms.bodies import Reader, broken
from casework.offline.forms.sealed import SEALED, belonging, closed
from casework.offline.rules import Command, Unreadable

_SHA256 = hashlib.sha256().digest_size
_PARTS_WITHOUT_SHA256 = {**SEAL, "tag": (TAG_BYTES, TAG_BYTES)}
_PARTS = {**_PARTS_WITHOUT_SHA256, "sha256": (_SHA256, _SHA256)}


@dataclass(frozen=True, slots=True)
class PhotoHead:
    group_id: uuid.UUID
    held_on: date
    key: str
    parts: Mapping[str, bytes]


def photo_head(command: Command) -> PhotoHead:
    """Raises: Invalid."""
    given = Reader(command.body, "group", "held_on", SEALED)
    sealed = given.take(SEALED, dict)
    try:
        key, parts = parts_of(sealed, _PARTS if "sha256" in sealed else _PARTS_WITHOUT_SHA256)
    except NotOpened:
        raise broken(SEALED) from None
    return PhotoHead(given.id("group"), given.day("held_on"), key, parts)


def opened_photo(command: Command, head: PhotoHead, data: bytes) -> bytes:
    """The picture as the phone made it.

    Raises: Unreadable where these are not the bytes of that command, as after a cut or where a
    bit fell over on the way: the phone keeps them, for no receipt answers that. Invalid where they
    do not open; KeyMissing as `sealed.opened`.
    """
    parts = dict(head.parts)
    is_whole = data.endswith(parts.pop("tag"))
    sha256 = parts.pop("sha256", None)
    if sha256 is not None:
        is_whole = is_whole and hashlib.sha256(data).digest() == sha256
    if not is_whole:
        raise Unreadable("not the bytes of this command")
    try:
        return open_parts(head.key, {**parts, "data": data}, belonging(command))
    except NotOpened as why:
        raise closed(command, why) from None
