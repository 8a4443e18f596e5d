from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from casework.readiness.instruments import current
from casework.readiness.queries.facts import Known, known_of
from casework.readiness.rules import Assessment, Verdict, assess, outcomes


def assess_household(area_id: int, household_id: uuid.UUID, *, as_of: date) -> Assessment:
    """How ready a household was on a day, by the instrument in force, from everything that is
    on record of that day. The caller has got the household through `scope`."""
    return judge_known(known_of(area_id, [household_id], as_of=as_of)[household_id], as_of=as_of)


def judge_known(known: Known, *, as_of: date) -> Assessment:
    """`assess_household`, for who has read what is known already."""
    return assess(current(), known.facts(), known.answers(as_of), as_of)


class Figures(NamedTuple):
    """The columns of `Readiness` that are computed."""

    verdict: Verdict
    score: int
    ladder: int
    held: int
    attended: int
    missed_running: int
    rule_version: str


def figures_on(as_of: date) -> Callable[[Known], Figures]:
    """What tells of any household what `judge_known` would find of it on a day; without the
    reasons, for registers of many families."""
    instrument = current()
    outcome, rule_version = outcomes(instrument, as_of), instrument.rule_version

    def figures(known: Known) -> Figures:
        verdict, score, ladder = outcome(known.facts(), known.answers(as_of))
        attended = known.attendance
        return Figures(
            verdict,
            score,
            ladder,
            attended.held,
            attended.attended,
            attended.missed_running,
            rule_version,
        )

    return figures
