"""What a register may say, and what several devices say together; pure."""

from casework.meetings.rules.claims import (
    THE_PAGE,
    Claim,
    Standing,
    latest,
    noting,
    page_claim,
    standing,
    together,
)
<<<<<<< HEAD
from casework.meetings.rules.photos import MOST_PHOTOS, MOST_PHOTOS_EVER
=======
from casework.meetings.rules.epochs import epoch_number, epoch_of, next_version
from casework.meetings.rules.photos import MOST_PHOTOS
>>>>>>> epoch
from casework.meetings.rules.registers import (
    BACKDATING_DAYS,
    MISSED_TOO_OFTEN,
    NOTE_LENGTH,
    PLACE_LENGTH,
    TOPIC_LENGTH,
    AttendanceFacts,
    DateProblem,
    Head,
    LessonAttended,
    Mark,
    MarkedHow,
    MeetingStatus,
    MonthState,
    Presence,
    Totals,
    Understanding,
    date_problem,
    last_month,
    settle,
    totals,
    year_before,
)
from casework.meetings.rules.settling import (
    SUPERVISOR_AFTER,
    differs_since,
    head_choices,
    mark_choices,
    supervisor_may,
    supervisor_may_from,
)

__all__ = [
    "BACKDATING_DAYS",
    "MISSED_TOO_OFTEN",
    "MOST_PHOTOS",
    "MOST_PHOTOS_EVER",
    "NOTE_LENGTH",
    "PLACE_LENGTH",
    "SUPERVISOR_AFTER",
    "THE_PAGE",
    "TOPIC_LENGTH",
    "AttendanceFacts",
    "Claim",
    "DateProblem",
    "Head",
    "LessonAttended",
    "Mark",
    "MarkedHow",
    "MeetingStatus",
    "MonthState",
    "Presence",
    "Standing",
    "Totals",
    "Understanding",
    "date_problem",
    "differs_since",
    "epoch_number",
    "epoch_of",
    "head_choices",
    "last_month",
    "latest",
    "mark_choices",
<<<<<<< HEAD
    "noting",
=======
    "next_version",
>>>>>>> epoch
    "page_claim",
    "settle",
    "standing",
    "supervisor_may",
    "supervisor_may_from",
    "together",
    "totals",
    "year_before",
]
