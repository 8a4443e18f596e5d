"""Which families are put forward, when, and what becomes of it; the other scenes go by it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from casework.demo.families import Course, Family
from casework.demo.world import World
from casework.graduation.states import NominationStatus

_S = NominationStatus


@dataclass(frozen=True, slots=True)
class Case:
    family: Family
    drafted_on: date
    #: None: the draft still lies with the facilitator.
    submitted_on: date | None
    #: Of the decision or the family's change of mind.
    ended_on: date | None
    outcome: NominationStatus
    #: Returned once before the outcome.
    was_returned: bool = False
    #: Withdrawn only after the approval.
    was_approved: bool = False
    #: Among the first whom the ministry established, so that their follow-up visits have begun.
    is_pioneer: bool = False
    #: What earlier visits saw was written on paper, and recorded on the evening of the last one.
    is_from_paper: bool = False


#: Days ago on which each case that is still open was drafted, and its state. One waits for
#: more than the fortnight in which a supervisor answers.
_OPEN = (
    (_S.SUBMITTED, 24),
    (_S.DRAFT, 2),
    (_S.RETURNED, 12),
    (_S.REJECTED, 40),
    (_S.WITHDRAWN, 33),
    (_S.SUBMITTED, 9),
    (_S.SUBMITTED, 5),
    (_S.SUBMITTED, 3),
    (_S.DRAFT, 6),
    (_S.RETURNED, 17),
    (_S.REJECTED, 75),
    (_S.WITHDRAWN, 61),
    (_S.SUBMITTED, 1),
    (_S.DRAFT, 1),
)
#: Approved cases begin in the sixth month: a family needs the economics module and some
#: months of practice first.
_FIRST_APPROVED = 5
#: The pioneers a month before them: seven months later the visit after six months is open.
_PIONEERS, PIONEERS_FROM = 4, 4
#: Of the ready families, how many have been approved by now, and how many are ready only.
_APPROVED_SHARE = 0.34
_UNTOUCHED_SHARE = 0.35


def cases(world: World) -> list[Case]:
    ready = [family for family in world.families if family.course is Course.READY]
    chance = world.chance("cases")
    chance.shuffle(ready)
    untouched = int(len(ready) * _UNTOUCHED_SHARE)
    # Those of the facilitator first whom most people try out.
    spared = sorted(ready[:untouched], key=lambda each: (each.group.facilitator != 0, -each.number))
    ready = ready[untouched:]
    approved = max(int(len(ready) * _APPROVED_SHARE / (1 - _UNTOUCHED_SHARE)), 3)
    made = [
        _approved(world, family, number, approved) for number, family in enumerate(ready[:approved])
    ]
    waiting = zip(ready[approved:], _OPEN, strict=False)
    made += [_pioneer(world, family) for family in spared[:_PIONEERS]]
    made += [_open(world, family, *state) for family, state in waiting]
    return made


def _approved(world: World, family: Family, number: int, total: int) -> Case:
    """Spread evenly from the first month on in which somebody can be ready until last week."""
    first = world.months[_FIRST_APPROVED]
    days = (world.today - first).days - 21
    drafted_on = first + timedelta(days=round(days * number / max(total - 1, 1)))
    was_returned = number % 4 == 3
    # One family in the middle of the year thinks better of it.
    changed_its_mind = total > 8 and number == total // 2
    return Case(
        family,
        drafted_on,
        drafted_on + timedelta(days=4),
        drafted_on + timedelta(days=13 if was_returned else 9),
        _S.WITHDRAWN if changed_its_mind else _S.APPROVED,
        was_returned=was_returned,
        was_approved=changed_its_mind,
    )


def _pioneer(world: World, family: Family) -> Case:
    first = world.months[PIONEERS_FROM]
    return Case(
        family,
        first,
        first + timedelta(days=4),
        first + timedelta(days=9),
        _S.APPROVED,
        is_pioneer=True,
    )


def _open(world: World, family: Family, outcome: NominationStatus, days_ago: int) -> Case:
    drafted_on = world.today - timedelta(days=days_ago)
    submitted_on = drafted_on + timedelta(days=min(3, days_ago))
    ended_on = submitted_on + timedelta(days=min(7, days_ago))
    if outcome is _S.DRAFT:
        return Case(family, drafted_on, None, None, outcome)
    if outcome is _S.SUBMITTED:
        is_first = days_ago == _OPEN[0][1]
        return Case(family, drafted_on, submitted_on, None, outcome, is_from_paper=is_first)
    return Case(family, drafted_on, submitted_on, ended_on, outcome)
