"""The file store of the running application."""

from __future__ import annotations

from pathlib import Path

from flask import current_app

from casework.core.crypto import current_keyring
from casework.graduation.evidence_files.store import FileStore

_FOLDER = "evidence"


def current_store() -> FileStore:
    """Raises: KeyMissing, with what to do."""
    return FileStore(Path(current_app.config["DATA_DIR"]) / _FOLDER, current_keyring())
