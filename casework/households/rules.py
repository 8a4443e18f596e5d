"""What a household is in the programme; pure."""

from __future__ import annotations

from enum import StrEnum


class HouseholdStatus(StrEnum):
    ACTIVE = "active"
    #: A supervisor approved the graduation; payments go on until the ministry establishes it.
    APPROVED = "approved"
    GRADUATED = "graduated"
    #: Left the programme in another way than by graduation of its own will.
    EXITED = "exited"
