"""On which day a family can have said that it wants to leave."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _

from casework.core.errors import Invalid, Message
from casework.graduation.rules import CONSENT_STANDS
from casework.households.rules import PROGRAMME_BEGAN


def check_consent_day(on: date, household: Any, today: date) -> None:
    """`household`: a row of `households.scope`. Raises: Invalid on `on`."""
    why_not = reason_consent_stands_not(on, household, today)
    if why_not is not None:
        raise Invalid.field("on", why_not)


def reason_consent_stands_not(on: date, household: Any, today: date) -> Message | None:
    joined = household.member_since_year
    if on > today:
        return _("The date must not be after today.")
    if joined is not None and on.year < joined:
        return _("This family has been in PKH since %(year)s. Check the year.", year=joined)
    if on < PROGRAMME_BEGAN:
        return _("This date is too long ago. Check the year.")
    if today - on > CONSENT_STANDS:
        return _(
            "A family's word stands for %(days)s days. Ask the family again, and write down the"
            " day on which it said so.",
            days=CONSENT_STANDS.days,
        )
    return None


def earliest_consent(household: Any, today: date) -> date:
    """The first day that `check_consent_day` lets pass."""
    joined = date(household.member_since_year or PROGRAMME_BEGAN.year, 1, 1)
    return max(joined, today - CONSENT_STANDS)
