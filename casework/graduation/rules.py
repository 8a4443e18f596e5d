"""What a nomination must have, and how long it may wait; pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from casework.graduation.states import EvidenceKind
from casework.households.rules import stage_of

#: Width of the columns of notes and reasons.
MOST_WORDS = 1000

#: Width of the column of a letter's number.
MOST_LETTER = 80

#: Without these a nomination is not submitted.
#: Source: the procedure as offices run it: signed statement, photo while signing, photo of
#: house or business (attachments of the RHK-4 report).
CHECKLIST = (
    EvidenceKind.SIGNED_STATEMENT,
    EvidenceKind.SIGNING_PHOTO,
    EvidenceKind.HOUSE_OR_BUSINESS_PHOTO,
)

#: Files of one nomination at a time.
#: Source: none official; product default: the checklist, further pages and views.
MOST_FILES = 12

#: A supervisor answers within this time; what waits longer stands out.
#: Source: none official; product default.
ANSWER_WITHIN = timedelta(days=14)

#: Who was a facilitator decides on no nomination for so long: the families of the own group are
#: among those that wait.
#: Source: docs/decisions/0021.
AFTER_FACILITATING = timedelta(days=30)

#: Families of one batch. A letter of that length is still read, and a regency of 170 facilitators
#: approves 140 a month.
#: Source: none official; product default.
MOST_IN_BATCH = 300

#: A graduation takes effect at most so many payment stages from now; a later one is a slip.
#: Source: none official (domain 5.4: "from the next payment stage"); product default.
STAGES_AHEAD = 4


def missing_evidence(kinds: Collection[EvidenceKind]) -> tuple[EvidenceKind, ...]:
    return tuple(kind for kind in CHECKLIST if kind not in kinds)


def days_waiting(first_submitted_at: datetime, now: datetime) -> int:
    return max((now - first_submitted_at).days, 0)


def is_overdue(first_submitted_at: datetime, now: datetime) -> bool:
    return now - first_submitted_at > ANSWER_WITHIN


def stages_for(approved_on: date, today: date) -> list[str]:
    """The payment stages from which a graduation may be established: from the one in which it
    was approved to a year from now, earliest first."""
    first, last = _ordinal(stage_of(approved_on)), _ordinal(stage_of(today)) + STAGES_AHEAD
    return [f"{number // 4}-{number % 4 + 1}" for number in range(first, last + 1)]


def _ordinal(stage: str) -> int:
    return int(stage[:4]) * 4 + int(stage[5:]) - 1


def batch_name(number: int, year: int) -> str:
    """3/2026"""
    return f"{number}/{year}"


def nomination_number(number: int, year: int, position: int) -> str:
    """B3-2026-007: by which a nomination is named on paper. The letter in front keeps
    spreadsheets from making a date of it."""
    return f"B{number}-{year}-{position:03d}"
