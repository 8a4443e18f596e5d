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


#: What each status may become, and by what.
_CHANGES = {
    # A supervisor approves; or the family leaves.
    HouseholdStatus.ACTIVE: {HouseholdStatus.APPROVED, HouseholdStatus.EXITED},
    # The ministry establishes or refuses, the family changes its mind, or leaves otherwise.
    HouseholdStatus.APPROVED: {
        HouseholdStatus.GRADUATED,
        HouseholdStatus.ACTIVE,
        HouseholdStatus.EXITED,
    },
    # An established graduation is reversed with a reason.
    HouseholdStatus.GRADUATED: {HouseholdStatus.ACTIVE},
    # A later payment roster names the family again.
    HouseholdStatus.EXITED: {HouseholdStatus.ACTIVE},
}


def may_become(status: HouseholdStatus, other: HouseholdStatus) -> bool:
    return other in _CHANGES[status]
