"""Payment stages, what becomes of a roster file, what an export is made of; pure."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import date
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


_STAGE = re.compile(r"(20\d\d)-([1-4])")


def is_stage(text: str) -> bool:
    """Whether this names a payment stage: "2026-1" is January to March 2026 (domain: tahap)."""
    return _STAGE.fullmatch(text) is not None


def stage_of(day: date) -> str:
    """The payment stage a day lies in."""
    return f"{day.year}-{(day.month - 1) // 3 + 1}"


def stages_around(day: date) -> list[str]:
    """The stages a roster may be for today: last year's to the next one, latest first."""
    current = day.year * 4 + (day.month - 1) // 3
    return [f"{number // 4}-{number % 4 + 1}" for number in range(current + 1, current - 5, -1)]


def months_of(stage: str) -> tuple[date, date]:
    """First days of the first and the last month of a stage."""
    year, quarter = int(stage[:4]), int(stage[5:])
    return date(year, quarter * 3 - 2, 1), date(year, quarter * 3, 1)
