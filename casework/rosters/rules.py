"""What becomes of a roster file, what an export is made of; pure."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from enum import StrEnum


class ImportStatus(StrEnum):
    CHECKED = "checked"
    APPLIED = "applied"


class TableFormat(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"


class NumbersShown(StrEnum):
    """How an exported roster shows NIK and No KK."""

    NONE = "none"
    MASKED = "masked"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class NamedGroup:
    """One of the groups that a name may mean."""

    id: uuid.UUID
    name: str
    #: From the village up, as far as it takes to tell them apart.
    place: str
    #: Of its families those that lie in the region asked for.
    families: int
