"""What it takes that a power cut takes nothing away."""

from __future__ import annotations

import os
from pathlib import Path


def sync_directory(path: Path) -> None:
    """A file is safe once its name is on disk too, and that is in its directory."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
