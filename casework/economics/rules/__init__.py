"""What is recorded of a family's economy, and the ladder computed from it; pure."""

from casework.economics.rules.doubts import Amount, is_doubtful
from casework.economics.rules.facts import (
    MOST_OBSERVATIONS,
    OBSERVATION_VALID_DAYS,
    Dated,
    Economy,
    EnterpriseFacts,
    LessonAttended,
    ObservationFacts,
    economy,
    running_enterprises,
)
from casework.economics.rules.kinds import (
    BorrowsFrom,
    EnterpriseKind,
    Licence,
    SalesChannel,
    SupportKind,
)
from casework.economics.rules.ladder import (
    Finding,
    Height,
    Ladder,
    Need,
    Outcome,
    Rung,
    RungResult,
    RungStatus,
    climb,
    height_of,
    ladder_of,
)
from casework.economics.rules.lateness import LATE_AFTER_DAYS, Late, lateness

__all__ = [
    "LATE_AFTER_DAYS",
    "MOST_OBSERVATIONS",
    "OBSERVATION_VALID_DAYS",
    "Amount",
    "BorrowsFrom",
    "Dated",
    "Economy",
    "EnterpriseFacts",
    "EnterpriseKind",
    "Finding",
    "Height",
    "Ladder",
    "Late",
    "LessonAttended",
    "Licence",
    "Need",
    "ObservationFacts",
    "Outcome",
    "Rung",
    "RungResult",
    "RungStatus",
    "SalesChannel",
    "SupportKind",
    "climb",
    "economy",
    "height_of",
    "is_doubtful",
    "ladder_of",
    "lateness",
    "running_enterprises",
]
