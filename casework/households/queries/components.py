"""Who makes a household eligible, and since when it takes part."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from casework.households.models import Household


def components() -> Select[*tuple[Any, ...]]:
    """Of every household, to choose of its `selected_columns` area_id, household_id,
    member_since_year, pregnant, disability, elderly and others (all remaining kinds together).
    The caller has got the households through `scope`."""
    others = (
        Household.early_childhood
        + Household.primary_school
        + Household.junior_school
        + Household.senior_school
        + Household.rights_violation_victim
    )
    return select(
        Household.area_id,
        Household.id.label("household_id"),
        Household.member_since_year,
        Household.pregnant,
        Household.disability,
        Household.elderly,
        others.label("others"),
    )
