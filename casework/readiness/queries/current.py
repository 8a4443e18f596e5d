from __future__ import annotations

from sqlalchemy import Subquery, select

from casework.readiness.models import Readiness


def readiness_rows() -> Subquery:
    """The stored verdict of every household, for lists to join on area_id and household_id.

    Columns: area_id, household_id, verdict, score, ladder, held, attended, missed_running,
    as_of. Join it outer: a household of which nothing is recorded yet has no row and counts
    as one of which too little is known.
    """
    return select(
        Readiness.area_id,
        Readiness.household_id,
        Readiness.verdict,
        Readiness.score,
        Readiness.ladder,
        Readiness.held,
        Readiness.attended,
        Readiness.missed_running,
        Readiness.as_of,
    ).subquery("readiness_now")
