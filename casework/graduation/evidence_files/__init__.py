"""Files that people upload as evidence: checked by content, cleaned, kept encrypted.

Knows nothing of the database: a caller gives bytes and ids.
"""

from casework.graduation.evidence_files.checking import (
    MAX_UPLOAD_BYTES,
    CleanFile,
    check_and_clean,
)
from casework.graduation.evidence_files.current import current_store
from casework.graduation.evidence_files.kinds import FileKind, Purpose
from casework.graduation.evidence_files.refusals import Refusal, RefusedFile
from casework.graduation.evidence_files.store import EvidenceFileLost, FileStore, StoredFile

__all__ = [
    "MAX_UPLOAD_BYTES",
    "CleanFile",
    "EvidenceFileLost",
    "FileKind",
    "FileStore",
    "Purpose",
    "Refusal",
    "RefusedFile",
    "StoredFile",
    "check_and_clean",
    "current_store",
]
