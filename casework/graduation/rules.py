"""What a nomination must have, and how long it may wait; pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from casework.graduation.states import EvidenceKind
from casework.households.rules import is_stage, stage_of, stages_around, year_of
from casework.ledger.rules import OTHER_EXITS, ExitKind

#: Of a note or a reason: the width of their columns.
MOST_CHARACTERS = 1000

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

#: Kinds that are paper: two of one printed form look alike (docs/decisions/0024). The others are
#: photos.
PAPERS = frozenset({EvidenceKind.SIGNED_STATEMENT})

#: Files of one nomination at a time.
#: Source: none official; product default: the checklist, further pages and views.
MOST_FILES = 12

#: Files of one nomination ever: what is taken out stays sealed on the disk, and that has an end.
#: Source: none official; product default (docs/decisions/0025), as for the photos of a meeting.
MOST_FILES_EVER = 30

#: Nominations of one family that were begun and given up unsent within `DRAFTS_WITHIN`: families
#: have similar names, and a slip is mended by beginning anew.
#: Source: none official; product default (docs/decisions/0025).
MOST_DRAFTS = 3
DRAFTS_WITHIN = timedelta(days=30)

#: A family's word is asked again after so long: in a year a business may be gone.
#: Source: none official; product default (docs/decisions/0025).
CONSENT_STANDS = timedelta(days=365)

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

#: What only the ministry's data tell: recorded by whoever loads them.
#: Source: domain 5.1 ("produced by the system, not nominated").
EXITS_BY_ROSTER = frozenset({ExitKind.NATURAL, ExitKind.TENURE})

#: Exits that an office knows of: who gave what, who died, where to, which other row, for which
#: reason. One person records them, so each takes own words.
#: Source: none official; product default (docs/decisions/0022).
EXPLAINED_EXITS = frozenset(OTHER_EXITS) - EXITS_BY_ROSTER

#: Nobody is put out of the programme without a paper.
#: Source: domain 5.1 (after warnings, or by the village's letter).
EXITS_BY_LETTER = frozenset({ExitKind.FORCED})

#: Years on the programme after which a family leaves by its tenure.
#: Source: Kepdirjen 9/3/HK.01/01/2025 (domain 5.1).
TENURE_YEARS = 5


def missing_evidence(kinds: Collection[EvidenceKind]) -> tuple[EvidenceKind, ...]:
    return tuple(kind for kind in CHECKLIST if kind not in kinds)


def days_waiting(first_submitted_at: datetime, now: datetime) -> int:
    return max((now - first_submitted_at).days, 0)


def answer_by(first_submitted_at: datetime, time_zone: str) -> date:
    """The last day on which it is not overdue yet, where the reader is."""
    return (first_submitted_at + ANSWER_WITHIN).astimezone(ZoneInfo(time_zone)).date()


def is_overdue(first_submitted_at: datetime, now: datetime) -> bool:
    return now - first_submitted_at > ANSWER_WITHIN


def stages_for(approved_on: date, today: date) -> list[str]:
    """The payment stages from which a graduation may be established: from the one in which it
    was approved to a year from now, earliest first."""
    first, last = _ordinal(stage_of(approved_on)), _ordinal(stage_of(today)) + STAGES_AHEAD
    return [f"{number // 4}-{number % 4 + 1}" for number in range(first, last + 1)]


def exit_stages(first_stage: str, last_exit: str | None, today: date) -> list[str]:
    """The payment stages from which a family may have left, latest first: those that a roster
    may be for today, none before it was on one, and of a family that has left before only later
    ones than that (`last_exit`)."""
    return [
        stage
        for stage in stages_around(today)
        if stage >= first_stage and (last_exit is None or stage > last_exit)
    ]


def has_tenure(member_since_year: int | None, stage: str) -> bool:
    """Whether a family may leave by its tenure from that stage on; where nobody has recorded
    when it joined, the ministry's data are believed."""
    if member_since_year is None or not is_stage(stage):
        return True
    return year_of(stage) - member_since_year >= TENURE_YEARS


def _ordinal(stage: str) -> int:
    return int(stage[:4]) * 4 + int(stage[5:]) - 1


def batch_name(number: int, year: int) -> str:
    """3/2026"""
    return f"{number}/{year}"


def nomination_number(number: int, year: int, position: int) -> str:
    """B3-2026-007: by which a nomination is named on paper. The letter in front keeps
    spreadsheets from making a date of it."""
    return f"B{number}-{year}-{position:03d}"
