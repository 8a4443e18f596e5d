"""What is on record of families' economies, for features that compute from it."""

from __future__ import annotations

from sqlalchemy import Subquery, select

from casework.economics.models import Enterprise, Observation


def observations() -> Subquery:
    """Every observation: columns area_id, household_id, observed_on, recorded_at and the six
    things observed. The caller has got the households through `scope`."""
    return select(
        Observation.area_id,
        Observation.household_id,
        Observation.observed_on,
        Observation.recorded_at,
        Observation.keeps_budget,
        Observation.saves_per_month,
        Observation.savings_total,
        Observation.uses_bank_account,
        Observation.borrows_from,
        Observation.income_per_month,
    ).subquery("observed")


def enterprises() -> Subquery:
    """Every business: columns area_id, household_id, kind, since_on, ended_on, licences. The
    caller has got the households through `scope`."""
    return select(
        Enterprise.area_id,
        Enterprise.household_id,
        Enterprise.kind,
        Enterprise.since_on,
        Enterprise.ended_on,
        Enterprise.licences,
    ).subquery("business")
