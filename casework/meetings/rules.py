"""What a register may say; pure."""

from __future__ import annotations

from enum import StrEnum


class Presence(StrEnum):
    PRESENT = "present"
    SICK = "sick"
    EXCUSED = "excused"
    ABSENT = "absent"
    NOT_MARKED = "not_marked"


class Understanding(StrEnum):
    POOR = "poor"
    GOOD = "good"
    VERY_GOOD = "very_good"
    NOT_ASSESSABLE = "not_assessable"


class MarkedHow(StrEnum):
    """One by one, or with "the rest present": the supervisor sees the difference."""

    SINGLE = "single"
    BULK = "bulk"


class MeetingStatus(StrEnum):
    DRAFT = "draft"
    SENT = "sent"
