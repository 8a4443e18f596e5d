"""Public ids: UUIDs of version 7, made by whoever creates the row, never from personal data."""

from __future__ import annotations

import base64
import uuid
from datetime import date
from functools import lru_cache

import uuid_utils.compat

#: Namespace of meeting ids; drawn once at random, never to change (phones derive the same ids).
MEETING_NAMESPACE = uuid.UUID("6f0f5a3e-6a53-4b0e-9c56-1d1f0a7a2b11")


def new_id() -> uuid.UUID:
    """A fresh id that sorts by time, so that new rows land at the end of their index."""
    return uuid_utils.compat.uuid7()


@lru_cache(maxsize=256)
def meeting_id(group_id: uuid.UUID, held_on: date) -> uuid.UUID:
    """One group meets at most once a day: two phones that record the same meeting make the
    same id, and the second save becomes an update instead of a double."""
    return uuid.uuid5(MEETING_NAMESPACE, f"{group_id}:{held_on.isoformat()}")


def short_id(key: uuid.UUID) -> str:
    """22 letters instead of 36, where many ids travel at once."""
    return base64.urlsafe_b64encode(key.bytes)[:22].decode()


def from_short_id(text: str) -> uuid.UUID:
    """Raises: ValueError for what is none."""
    return uuid.UUID(bytes=base64.b64decode(f"{text}==", altchars=b"-_", validate=True))
