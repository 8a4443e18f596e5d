"""What can be wrong with a file that a row names."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from casework.core.crypto import KeyMissing, Tampered
from casework.core.files.store import FileLost

log = logging.getLogger(__name__)


class Fault(StrEnum):
    MISSING = "missing"
    #: The system does not hand it out: rights, a broken disk, or no file lies there but a folder,
    #: a link or a pipe.
    UNREADABLE = "unreadable"
    #: Sealed with a key that the key file does not hold.
    NO_KEY = "no_key"
    #: Cut short, changed, or sealed for another row.
    CHANGED = "changed"
    #: Opens, and is not what the row tells of.
    ANOTHER = "another"


@dataclass(frozen=True, slots=True)
class Expected:
    """What a row tells of the content of its file; None where it does not."""

    size: int | None = None
    sha256: bytes | None = None

    def is_met(self, content: bytes) -> bool:
        if self.size is not None and len(content) != self.size:
            return False
        return self.sha256 is None or hashlib.sha256(content).digest() == self.sha256


def fault_of(read: Callable[[], bytes], expected: Expected) -> Fault | None:
    """`read` gives the opened content. All of it is read: a file that is there may still be half
    of one."""
    try:
        content = read()
    except FileLost:
        return Fault.MISSING
    except KeyMissing:
        return Fault.NO_KEY
    except Tampered:
        return Fault.CHANGED
    except OSError as error:
        log.warning("a kept file cannot be read: %s", error)
        return Fault.UNREADABLE
    return None if expected.is_met(content) else Fault.ANOTHER
