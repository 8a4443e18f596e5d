"""The warning signs that a decision on a nomination has to weigh."""

from __future__ import annotations

from casework.core import clock
from casework.graduation.queries.case import Case
from casework.readiness.queries.assessment import assess_household
from casework.readiness.rules import Assessment, Caution, thaw


def as_sent(case: Case) -> Assessment | None:
    """Readiness as it was when the nomination was sent; None before it is."""
    return thaw(case.nomination.readiness) if case.nomination.readiness else None


def warnings_of(sent: Assessment | None, now: Assessment) -> list[Caution]:
    """Those of today and those that stood when it was sent: what has gone since is weighed, too."""
    found = {*now.cautions, *(sent.cautions if sent else ())}
    return [each for each in Caution if each in found]


def warnings_today(case: Case) -> list[Caution]:
    nomination = case.nomination
    today = clock.today(case.household.time_zone)
    now = assess_household(nomination.area_id, nomination.household_id, as_of=today)
    return warnings_of(as_sent(case), now)
