"""The file stores of the running application."""

from __future__ import annotations

from pathlib import Path

from flask import current_app

from casework.core.crypto import current_keyring
from casework.core.files.store import FileStore


def store_of(table: str, *, folder: str) -> FileStore:
    """The files whose rows stand in that table, in that folder of the data directory.

    Raises: KeyMissing, with what to do.
    """
    return FileStore(Path(current_app.config["DATA_DIR"]) / folder, current_keyring(), table)
