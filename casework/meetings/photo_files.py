"""Where photos of meetings lie."""

from __future__ import annotations

from casework.core.files import FileStore, store_of


def current_store() -> FileStore:
    """Raises: KeyMissing, with what to do."""
    return store_of("meeting_photo", folder="photos")
