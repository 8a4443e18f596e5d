from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from casework.readiness.instruments import current
from casework.readiness.queries.facts import Known, known_of
from casework.readiness.rules import Assessment, assess


def assess_household(area_id: int, household_id: uuid.UUID, *, as_of: date) -> Assessment:
    """How ready a household was on a day, by the instrument in force, from everything that is
    on record of that day. The caller has got the household through `scope`."""
    return judge_known(known_of(area_id, [household_id], as_of=as_of)[household_id], as_of=as_of)


def judge_known(known: Known, *, as_of: date) -> Assessment:
    """`assess_household`, for who has read what is known already."""
    return assess(current(), known.facts(), known.answers(as_of), as_of)


def figures(known: Known, *, as_of: date) -> dict[str, Any]:
    """The columns of `Readiness` that are computed."""
    result = judge_known(known, as_of=as_of)
    return {
        "verdict": result.verdict,
        "score": result.score,
        "ladder": result.ladder.reached,
        "held": known.attendance.held,
        "attended": known.attendance.attended,
        "missed_running": known.attendance.missed_running,
        "rule_version": result.rule_version,
    }
