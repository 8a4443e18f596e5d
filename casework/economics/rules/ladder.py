"""The ladder *manage money, save, use the bank, start a business*.

A rung is reached when the lesson was attended and the family was seen to do what it teaches.
Nobody types a rung.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from casework.economics.rules.facts import (
    Dated,
    Economy,
    EnterpriseFacts,
    LessonAttended,
    ObservationFacts,
    economy,
    running_enterprises,
)
from casework.economics.rules.kinds import EnterpriseKind

#: Running number of the lesson a rung rests on.
#: Source: contents of the economics module B1-B3 (docs/decisions/0005); the bank and the
#: benefit card are taught together with saving, in B2.
LESSON_MANAGE_MONEY = 5
LESSON_SAVE_AND_BORROW = 6
LESSON_START_BUSINESS = 7

#: Putting any amount aside counts as saving (rupiah a month).
#: Source: none official; product default, docs/decisions/0005.
SAVES_AT_LEAST = 1


class Rung(StrEnum):
    """The steps of the ladder, lowest first."""

    MANAGE_MONEY = "manage_money"
    SAVE = "save"
    USE_BANK = "use_bank"
    START_BUSINESS = "start_business"


class RungStatus(StrEnum):
    REACHED = "reached"
    NOT_REACHED = "not_reached"
    #: All that is missing is somebody's looking: not observed, or too long ago.
    NOT_KNOWN = "not_known"


class Need(StrEnum):
    """What a rung asks for."""

    LESSON = "lesson"
    BUDGET = "budget"
    SAVING = "saving"
    BANK = "bank"
    BUSINESS = "business"


class Outcome(StrEnum):
    SEEN = "seen"
    #: Looked at, and it is not so.
    NOT_SEEN = "not_seen"
    NOT_OBSERVED = "not_observed"
    #: Seen or not seen, but longer ago than `OBSERVATION_VALID_DAYS`.
    OUT_OF_DATE = "out_of_date"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of evidence, or of what is missing."""

    need: Need
    outcome: Outcome
    on: date | None = None
    #: Running number, where the need is a lesson.
    lesson: int | None = None
    #: Rupiah a month, where the need is saving.
    amount: int | None = None
    enterprise: EnterpriseKind | None = None


@dataclass(frozen=True, slots=True)
class RungResult:
    rung: Rung
    status: RungStatus
    findings: tuple[Finding, ...]

    @property
    def evidence(self) -> tuple[Finding, ...]:
        return tuple(each for each in self.findings if each.outcome is Outcome.SEEN)

    @property
    def missing(self) -> tuple[Finding, ...]:
        return tuple(each for each in self.findings if each.outcome is not Outcome.SEEN)


@dataclass(frozen=True, slots=True)
class Ladder:
    """The four rungs, lowest first. Each stands alone: a family may trade before it saves."""

    rungs: tuple[RungResult, ...]

    @property
    def reached(self) -> int:
        return sum(each.status is RungStatus.REACHED for each in self.rungs)

    @property
    def possible(self) -> int:
        """Rungs reached, were everything that nobody has looked at so."""
        return sum(each.status is not RungStatus.NOT_REACHED for each in self.rungs)

    @property
    def next(self) -> RungResult | None:
        """The lowest rung not reached: what to work on."""
        return next((r for r in self.rungs if r.status is not RungStatus.REACHED), None)


def climb(
    lessons: Iterable[LessonAttended],
    observations: Iterable[ObservationFacts],
    enterprises: Iterable[EnterpriseFacts],
    as_of: date,
) -> Ladder:
    """The ladder on a day, from everything known of that day; what is later is left out."""
    return ladder_of(
        lessons, economy(observations, as_of), running_enterprises(enterprises, as_of), as_of
    )


def ladder_of(
    lessons: Iterable[LessonAttended],
    now: Economy,
    running: tuple[EnterpriseFacts, ...],
    as_of: date,
) -> Ladder:
    """`climb`, for who has worked out what was known on the day already."""
    first: dict[int, date] = {}
    for each in lessons:
        if each.on <= as_of:
            first[each.running_no] = min(each.on, first.get(each.running_no, each.on))

    def lesson(running_no: int) -> Finding:
        on = first.get(running_no)
        outcome = Outcome.NOT_SEEN if on is None else Outcome.SEEN
        return Finding(Need.LESSON, outcome, on, lesson=running_no)

    return Ladder(
        (
            _rung(
                Rung.MANAGE_MONEY,
                lesson(LESSON_MANAGE_MONEY),
                _observed(Need.BUDGET, now.keeps_budget, as_of),
            ),
            _rung(
                Rung.SAVE,
                lesson(LESSON_SAVE_AND_BORROW),
                _observed(Need.SAVING, now.saves_per_month, as_of),
            ),
            _rung(
                Rung.USE_BANK,
                lesson(LESSON_SAVE_AND_BORROW),
                _observed(Need.BANK, now.uses_bank_account, as_of),
            ),
            _rung(
                Rung.START_BUSINESS,
                lesson(LESSON_START_BUSINESS),
                _business(running),
            ),
        )
    )


class Height(NamedTuple):
    """How far up a ladder a family is, by `Ladder.reached` and `Ladder.possible`."""

    reached: int
    possible: int


def height_of(
    lessons: Iterable[LessonAttended],
    now: Economy,
    running: tuple[EnterpriseFacts, ...],
    as_of: date,
) -> Height:
    """The height of `ladder_of`, without what it was found by: for registers of many families."""
    attended = {each.running_no for each in lessons if each.on <= as_of}
    reached = possible = 0
    if LESSON_START_BUSINESS in attended and running:
        reached = possible = 1
    for lesson, seen, least in (
        (LESSON_MANAGE_MONEY, now.keeps_budget, True),
        (LESSON_SAVE_AND_BORROW, now.saves_per_month, SAVES_AT_LEAST),
        (LESSON_SAVE_AND_BORROW, now.uses_bank_account, True),
    ):
        if lesson not in attended:
            continue
        if seen is None or not seen.is_recent(as_of):
            possible += 1
        elif seen.value >= least:
            reached += 1
            possible += 1
    return Height(reached, possible)


def _rung(rung: Rung, *findings: Finding) -> RungResult:
    outcomes = {each.outcome for each in findings}
    if outcomes == {Outcome.SEEN}:
        status = RungStatus.REACHED
    elif Outcome.NOT_SEEN in outcomes:
        status = RungStatus.NOT_REACHED
    else:
        status = RungStatus.NOT_KNOWN
    return RungResult(rung, status, findings)


def _observed(need: Need, seen: Dated[bool] | Dated[int] | None, as_of: date) -> Finding:
    if seen is None:
        return Finding(need, Outcome.NOT_OBSERVED)
    amount = seen.value if need is Need.SAVING else None
    if not seen.is_recent(as_of):
        return Finding(need, Outcome.OUT_OF_DATE, seen.on, amount=amount)
    is_so = seen.value >= SAVES_AT_LEAST if need is Need.SAVING else bool(seen.value)
    return Finding(need, Outcome.SEEN if is_so else Outcome.NOT_SEEN, seen.on, amount=amount)


def _business(running: tuple[EnterpriseFacts, ...]) -> Finding:
    if not running:
        return Finding(Need.BUSINESS, Outcome.NOT_SEEN)
    return Finding(Need.BUSINESS, Outcome.SEEN, running[0].since_on, enterprise=running[0].kind)
