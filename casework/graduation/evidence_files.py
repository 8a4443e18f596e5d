"""Where evidence lies."""

from __future__ import annotations

from casework.core.files import FileStore, store_of


def current_store() -> FileStore:
    """Raises: KeyMissing, with what to do."""
    # The table's name of the first release: what was sealed under it opens under no other.
    return store_of("evidence_file", folder="evidence")
