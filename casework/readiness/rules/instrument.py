"""What an instrument is: indicators with weights and gates, questions, values to compare with."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from casework.curriculum.rules import in_language

#: Raised when the rules compute something else from the same facts and the same instrument.
RULES_VERSION = 2


class Signal(StrEnum):
    """What is computed from the records; the unit stands behind each."""

    ATTENDANCE = "attendance"  # percent of the months with a meeting, of twelve
    ECONOMICS_LESSONS = "economics_lessons"  # lessons
    ECONOMICS_UNDERSTOOD = "economics_understood"  # lessons
    LADDER_RUNGS = "ladder_rungs"  # rungs
    ENTERPRISE_MONTHS = "enterprise_months"  # months
    INCOME = "income"  # rupiah a month
    SAVINGS = "savings"  # rupiah
    YEARS_ON_PROGRAMME = "years_on_programme"  # calendar years
    LICENCES = "licences"  # licences of running businesses


class Caution(StrEnum):
    """A warning sign (docs/decisions/0021): who approves a family with one answers it in words."""

    ONLY_ELDERLY = "only_elderly"
    DISABILITY = "disability"
    PREGNANT = "pregnant"
    #: Nobody makes the family eligible any more: a natural exit rather than a graduation.
    NO_COMPONENT = "no_component"
    BORROWS_FROM_MONEYLENDER = "borrows_from_moneylender"
    #: Rumah tidak layak huni.
    UNFIT_HOUSE = "unfit_house"


class Operator(StrEnum):
    AT_LEAST = "at_least"
    ABOVE = "above"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value of a place and a year that incomes or savings are compared with, in rupiah."""

    id: str
    value: int
    year: int
    #: An example: each office sets its own.
    is_example: bool
    text_id: str
    text_en: str
    source: str

    def text(self, locale: str) -> str:
        return in_language(locale, self.text_id, self.text_en)


@dataclass(frozen=True, slots=True)
class SignalCondition:
    signal: Signal
    operator: Operator
    limit: int
    parameter: Parameter | None = None

    def passes(self, value: int) -> bool:
        return value >= self.limit if self.operator is Operator.AT_LEAST else value > self.limit


@dataclass(frozen=True, slots=True)
class QuestionCondition:
    """Met by a yes of the facilitator."""

    question: str


Condition = SignalCondition | QuestionCondition


@dataclass(frozen=True, slots=True)
class Question:
    id: str
    text_id: str
    text_en: str
    #: What a yes warns of.
    caution: Caution | None = None

    def text(self, locale: str) -> str:
        return in_language(locale, self.text_id, self.text_en)


@dataclass(frozen=True, slots=True)
class Indicator:
    id: str
    #: Points of the hundred.
    weight: int
    #: Must be met for the verdict "ready", whatever the score.
    is_gate: bool
    #: One of them met is enough.
    any_of: tuple[Condition, ...]
    text_id: str
    text_en: str
    advice_id: str
    advice_en: str
    #: Where the idea comes from.
    source: str

    def text(self, locale: str) -> str:
        return in_language(locale, self.text_id, self.text_en)

    def advice(self, locale: str) -> str:
        """What the family or the facilitator can do while it is not met."""
        return in_language(locale, self.advice_id, self.advice_en)


@dataclass(frozen=True, slots=True)
class Thresholds:
    ready_score: int
    nearly_score: int
    #: Most gates that may be open for the verdict "nearly ready".
    nearly_open_gates: int
    #: Too little is known when indicators of more than this weight are unknown.
    unknown_weight: int
    #: Fewer months with a meeting for the family than this tell nothing about its attendance.
    minimum_months: int
    #: How long the facilitator's answers speak for the family.
    answers_valid_days: int


@dataclass(frozen=True, slots=True)
class Instrument:
    id: str
    version: int
    is_official: bool
    title_id: str
    title_en: str
    #: What every screen with a result of this instrument must say.
    notice_id: str
    notice_en: str
    source: str
    thresholds: Thresholds
    parameters: tuple[Parameter, ...]
    questions: tuple[Question, ...]
    indicators: tuple[Indicator, ...]

    @property
    def rule_version(self) -> str:
        """Names everything but the facts that a result depends on; stored with the result."""
        return f"{self.id}.{self.version}/{RULES_VERSION}"

    def title(self, locale: str) -> str:
        return in_language(locale, self.title_id, self.title_en)

    def notice(self, locale: str) -> str:
        return in_language(locale, self.notice_id, self.notice_en)
