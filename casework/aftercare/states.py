"""What a follow-up visit may find, and where a visit stands; pure."""

from __future__ import annotations

from enum import StrEnum


class VisitState(StrEnum):
    """Of one of the three visits of a family."""

    #: Its time has not come.
    AHEAD = "ahead"
    DUE = "due"
    LATE = "late"
    DONE = "done"
    #: Somebody went, and could not speak with the family.
    NOT_POSSIBLE = "not_possible"
    #: Its time is over, and nobody went.
    MISSED = "missed"
    #: Its time was over before anybody here knew of the graduation.
    NOT_ASKED = "not_asked"


#: Somebody has to go.
TO_VISIT = (VisitState.DUE, VisitState.LATE)


class Livelihood(StrEnum):
    """How the business goes on by which the family stood when it graduated."""

    RUNNING = "running"
    SMALLER = "smaller"
    #: Given up, and nothing in its place.
    STOPPED = "stopped"
    #: Another business or steady work in its place.
    ANOTHER = "another"
    #: Never had one: lives by the work of its members.
    NO_BUSINESS = "no_business"


class Shock(StrEnum):
    """What happened to the family since it was seen last."""

    ILLNESS = "illness"
    DEATH = "death"
    CROP_FAILURE = "crop_failure"
    JOB_LOSS = "job_loss"
    DISASTER = "disaster"
    DEBT = "debt"
    OTHER = "other"


class Unable(StrEnum):
    """Why nobody could speak with the family."""

    MOVED = "moved"
    NOT_FOUND = "not_found"
    #: Being visited is its choice.
    DECLINES = "declines"


class NextStep(StrEnum):
    """What was advised, and what the facilitator does next."""

    NOTHING = "nothing"
    VISIT_AGAIN = "visit_again"
    BUSINESS_SUPPORT = "business_support"
    HEALTH_OR_SCHOOL = "health_or_school"
    #: Musdes or DTSEN: the way back into assistance, for a family that needs it.
    VILLAGE_PROPOSAL = "village_proposal"


class Sign(StrEnum):
    """By what a family seems to be slipping back."""

    INCOME_BELOW_LINE = "income_below_line"
    INCOME_FELL = "income_fell"
    BUSINESS_STOPPED = "business_stopped"
    HEAVY_SHOCK = "heavy_shock"
    SEVERAL_SHOCKS = "several_shocks"
    MONEYLENDER = "moneylender"
