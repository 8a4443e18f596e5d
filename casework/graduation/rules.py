"""What a nomination must have, and how long it may wait; pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from casework.graduation.states import EvidenceKind

#: Width of the columns of notes and reasons.
MOST_WORDS = 1000

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


def missing_evidence(kinds: Collection[EvidenceKind]) -> tuple[EvidenceKind, ...]:
    return tuple(kind for kind in CHECKLIST if kind not in kinds)


def days_waiting(first_submitted_at: datetime, now: datetime) -> int:
    return max((now - first_submitted_at).days, 0)


def is_overdue(first_submitted_at: datetime, now: datetime) -> bool:
    return now - first_submitted_at > ANSWER_WITHIN
