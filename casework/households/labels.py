from __future__ import annotations

from flask_babel import lazy_gettext

from casework.households.rules import Care, HouseholdStatus

HOUSEHOLD_STATUSES = {
    HouseholdStatus.ACTIVE: lazy_gettext("Receives PKH"),
    HouseholdStatus.APPROVED: lazy_gettext("Graduation approved"),
    HouseholdStatus.GRADUATED: lazy_gettext("Graduated"),
    HouseholdStatus.EXITED: lazy_gettext("Left PKH"),
    HouseholdStatus.MOVED: lazy_gettext("Moved to another regency or city"),
}

CARE = {
    Care.GIVEN: lazy_gettext("Has a facilitator"),
    Care.NOBODY: lazy_gettext("No facilitator"),
    Care.DISABLED: lazy_gettext("Facilitator disabled"),
    Care.OTHER_ROLE: lazy_gettext("No longer a facilitator"),
    Care.MOVED: lazy_gettext("Facilitator moved"),
}
