"""When a family that graduated is visited; pure."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from casework.aftercare.states import VisitState
from casework.households.rules import months_of, stage_of

#: Months after the graduation.
#: Source: the follow-up record proposed after World Bank 2021 (10986/36784), which found little
#: known of the life of graduates; docs/decisions/0023.
MONTHS = (3, 6, 12)

#: A visit counts from so long before its day.
#: Source: none official; product default, docs/decisions/0023.
OPENS_BEFORE = timedelta(days=14)

#: So many months after its day a visit is late; and after the day on which the outcome was
#: recorded, for nobody visits a graduate whom nobody knows of.
#: Source: none official; product default: a facilitator comes to every village once a month.
LATE_AFTER = 1

#: So many months after its day the last visit is given up; each other when the next one opens.
#: Source: none official; product default: as long as it is from graduation to the first visit.
LAST_CLOSES_AFTER = 3

_STAGE_MONTHS = 3


@dataclass(frozen=True, slots=True)
class Graduation:
    #: First day of the payment stage from which it is established.
    since_on: date
    #: Day on which that was recorded here; earlier or later.
    known_on: date


@dataclass(frozen=True, slots=True)
class Window:
    """The time of one visit. Windows follow each other without a gap."""

    months: int
    opens_on: date
    due_on: date
    late_from: date
    #: First day on which it is too late.
    closes_on: date

    def holds(self, day: date) -> bool:
        return self.opens_on <= day < self.closes_on


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day: 31 August and six months are the
    28th or 29th of February."""
    number = day.year * 12 + day.month - 1 + months
    year, month = number // 12, number % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def since(stage: str) -> date:
    """The day from which a graduation is established that is so from a payment stage on."""
    return months_of(stage)[0]


def windows(graduation: Graduation) -> tuple[Window, ...]:
    """The time of each visit, the first one first."""
    due = [months_after(graduation.since_on, months) for months in MONTHS]
    opens = [day - OPENS_BEFORE for day in due]
    ends = [*opens, months_after(due[-1], LAST_CLOSES_AFTER)]
    return tuple(
        Window(
            months,
            opens_on,
            due_on,
            months_after(max(due_on, graduation.known_on), LATE_AFTER),
            closes_on,
        )
        for months, due_on, (opens_on, closes_on) in zip(MONTHS, due, pairwise(ends), strict=True)
    )


def window_at(graduation: Graduation, day: date) -> Window | None:
    """That of the visit for which a visit on a day counts; None before the first one and after
    the last."""
    return next((each for each in windows(graduation) if each.holds(day)), None)


def state_of(
    window: Window, known_on: date, today: date, *, visited: bool, tried: bool
) -> VisitState:
    """`tried`: somebody went and could not speak with the family."""
    if visited:
        return VisitState.DONE
    if tried:
        return VisitState.NOT_POSSIBLE
    if window.closes_on <= known_on:
        return VisitState.NOT_ASKED
    if today < window.opens_on:
        return VisitState.AHEAD
    if today >= window.closes_on:
        return VisitState.MISSED
    return VisitState.LATE if today >= window.late_from else VisitState.DUE


@dataclass(frozen=True, slots=True)
class Opening:
    """The visit that is open today for everybody who graduated from the same stage."""

    stage: str
    window: Window


def openings(today: date) -> tuple[Opening, ...]:
    """The stages of which a visit is open, the earliest first: at most `MOST_OPENINGS`. All who
    graduated from one stage have the same days, so lists of many families need no other."""
    current = months_of(stage_of(today))[0]
    found = []
    for back in range(MOST_OPENINGS, -1, -1):
        since_on = months_after(current, -_STAGE_MONTHS * back)
        window = window_at(Graduation(since_on, since_on), today)
        if window is not None:
            found.append(Opening(stage_of(since_on), window))
    return tuple(found)


#: From fourteen days before the third month to the end of the fifteenth lie five stages at most.
MOST_OPENINGS = (MONTHS[-1] + LAST_CLOSES_AFTER) // _STAGE_MONTHS
