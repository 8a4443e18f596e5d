"""Files that people upload: checked by content, cleaned, kept encrypted.

Knows nothing of the database: a caller gives bytes and ids.
"""

from casework.core.files.checking import (
    MAX_UPLOAD_BYTES,
    CleanFile,
    check_and_clean,
)
from casework.core.files.current import store_of
from casework.core.files.images import thumbnail
from casework.core.files.kinds import FileKind, Purpose
from casework.core.files.likeness import Sought
from casework.core.files.refusals import Refusal, RefusedFile
from casework.core.files.store import FileLost, FileStore, StoredFile

__all__ = [
    "MAX_UPLOAD_BYTES",
    "CleanFile",
    "FileKind",
    "FileLost",
    "FileStore",
    "Purpose",
    "Refusal",
    "RefusedFile",
    "StoredFile",
    "Sought",
    "check_and_clean",
    "store_of",
    "thumbnail",
]
