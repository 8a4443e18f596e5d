"""The verdict on a household, with its reasons and what is missing. It advises; people decide."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from casework.curriculum.rules import economics_lessons
from casework.economics.rules import (
    Ladder,
    LessonAttended,
    economy,
    height_of,
    ladder_of,
    running_enterprises,
)
from casework.readiness.rules.cautions import cautions_of
from casework.readiness.rules.facts import Answer, HouseholdFacts
from casework.readiness.rules.instrument import Caution, Indicator, Instrument
from casework.readiness.rules.measuring import ConditionResult, Evidence, check
from casework.readiness.rules.standing import Status, Subject, best, teller_of_indicator


class Verdict(StrEnum):
    """Lowest first: the less is known or met, the lower."""

    TOO_LITTLE_KNOWN = "too_little_known"
    NOT_YET = "not_yet"
    NEARLY_READY = "nearly_ready"
    READY = "ready"


@dataclass(frozen=True, slots=True)
class IndicatorResult:
    indicator: Indicator
    status: Status
    #: One for each condition of the indicator, in its order.
    conditions: tuple[ConditionResult, ...]

    @property
    def points(self) -> int:
        return self.indicator.weight if self.status is Status.MET else 0

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        return tuple(record for each in self.conditions for record in each.evidence)

    @property
    def is_open_gate(self) -> bool:
        return self.indicator.is_gate and self.status is not Status.MET


@dataclass(frozen=True, slots=True)
class QuestionAnswer:
    """What the facilitator answered to a question, also to one that only warns."""

    question: str
    value: bool
    on: date


@dataclass(frozen=True, slots=True)
class Assessment:
    instrument: Instrument
    as_of: date
    verdict: Verdict
    #: 0..100
    score: int
    #: In the order of the instrument.
    indicators: tuple[IndicatorResult, ...]
    cautions: tuple[Caution, ...]
    ladder: Ladder
    #: In the order of the instrument's questions; of those that were answered by the day.
    answers: tuple[QuestionAnswer, ...]

    @property
    def rule_version(self) -> str:
        return self.instrument.rule_version

    @property
    def met(self) -> int:
        return sum(each.status is Status.MET for each in self.indicators)

    @property
    def open_gates(self) -> tuple[IndicatorResult, ...]:
        return tuple(each for each in self.indicators if each.is_open_gate)

    @property
    def missing(self) -> tuple[IndicatorResult, ...]:
        """Not met or not known: gates first, then by weight."""
        rest = (each for each in self.indicators if each.status is not Status.MET)
        return tuple(sorted(rest, key=lambda e: (not e.indicator.is_gate, -e.indicator.weight)))


def assess(
    instrument: Instrument, facts: HouseholdFacts, answers: Mapping[str, Answer], as_of: date
) -> Assessment:
    """How ready a household was on a day to stand on its own, by an instrument.

    Computed from the facts alone, so the result of any past day can be found again.
    """
    subject = _subject(instrument, facts, answers, as_of)
    indicators = tuple([_indicator(subject, each) for each in instrument.indicators])
    score, verdict = judge(instrument, [each.status for each in indicators])
    return Assessment(
        instrument=instrument,
        as_of=as_of,
        verdict=verdict,
        score=score,
        indicators=indicators,
        cautions=tuple(cautions_of(instrument, facts.components, subject.economy, answers, as_of)),
        ladder=ladder_of(facts.lessons, subject.economy, subject.running, as_of),
        answers=tuple(_answered(instrument, answers, as_of)),
    )


def _answered(
    instrument: Instrument, answers: Mapping[str, Answer], as_of: date
) -> Iterator[QuestionAnswer]:
    for question in instrument.questions:
        answer = answers.get(question.id)
        if answer is not None and answer.on <= as_of:
            yield QuestionAnswer(question.id, answer.value, answer.on)


class Outcome(NamedTuple):
    verdict: Verdict
    score: int
    #: Rungs of the ladder reached.
    ladder: int


def outcomes(
    instrument: Instrument, as_of: date
) -> Callable[[HouseholdFacts, Mapping[str, Answer]], Outcome]:
    """What tells of any household what `assess` would find of it, without the reasons.

    For many households at once: the instrument is gone through once.
    """
    tellers = [teller_of_indicator(each) for each in instrument.indicators]

    def outcome(facts: HouseholdFacts, answers: Mapping[str, Answer]) -> Outcome:
        subject = _subject(instrument, facts, answers, as_of)
        score, verdict = judge(instrument, [tell(subject) for tell in tellers])
        return Outcome(verdict, score, subject.height.reached)

    return outcome


def _subject(
    instrument: Instrument, facts: HouseholdFacts, answers: Mapping[str, Answer], as_of: date
) -> Subject:
    known = economy(facts.observations, as_of)
    running = running_enterprises(facts.enterprises, as_of)
    return Subject(
        facts,
        as_of,
        instrument.thresholds,
        answers,
        _economics(facts.lessons, as_of),
        known,
        height_of(facts.lessons, known, running, as_of),
        running,
    )


def judge(instrument: Instrument, statuses: Sequence[Status]) -> tuple[int, Verdict]:
    """Score and verdict from the status of each indicator, in the order of the instrument."""
    limits = instrument.thresholds
    score = unknown = open_gates = 0
    for indicator, status in zip(instrument.indicators, statuses, strict=True):
        if status is Status.MET:
            score += indicator.weight
            continue
        open_gates += indicator.is_gate
        if status is Status.UNKNOWN:
            unknown += indicator.weight
    if not open_gates and score >= limits.ready_score:
        return score, Verdict.READY
    if open_gates <= limits.nearly_open_gates and score >= limits.nearly_score:
        return score, Verdict.NEARLY_READY
    if unknown > limits.unknown_weight:
        return score, Verdict.TOO_LITTLE_KNOWN
    return score, Verdict.NOT_YET


def _indicator(subject: Subject, indicator: Indicator) -> IndicatorResult:
    conditions = tuple([check(subject, each) for each in indicator.any_of])
    return IndicatorResult(indicator, best([each.status for each in conditions]), conditions)


def _economics(lessons: Iterable[LessonAttended], as_of: date) -> tuple[LessonAttended, ...]:
    """Each economics lesson once: first attended, and understood if it ever was."""
    wanted, found = _wanted(), dict[int, LessonAttended]()
    for each in lessons:
        if each.on > as_of or each.running_no not in wanted:
            continue
        other = found.get(each.running_no)
        found[each.running_no] = each if other is None else _merged(each, other)
    return tuple([found[number] for number in sorted(found)])


@lru_cache(maxsize=1)
def _wanted() -> frozenset[int]:
    return frozenset(each.running_no for each in economics_lessons())


def _merged(one: LessonAttended, other: LessonAttended) -> LessonAttended:
    judged = [each for each in (one.understood, other.understood) if each is not None]
    return LessonAttended(one.running_no, min(one.on, other.on), any(judged) if judged else None)
