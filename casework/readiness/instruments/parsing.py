"""From the contents of an instrument's file to an `Instrument`, or every reason why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from casework.core.errors import Invalid
from casework.readiness.rules import (
    Caution,
    Condition,
    Indicator,
    Instrument,
    Operator,
    Parameter,
    Question,
    QuestionCondition,
    Signal,
    SignalCondition,
    Thresholds,
)

#: The weights are the points of the score.
TOTAL_WEIGHT = 100

T = TypeVar("T")


class _Reader:
    """Takes typed values out of a table and notes what is wrong, by place, instead of stopping."""

    def __init__(self, table: Any, place: str, problems: dict[str, list[str]]) -> None:
        self.problems = problems
        self.place = place
        self._table: Mapping[str, Any] = table if isinstance(table, Mapping) else {}
        self._read: set[str] = set()
        if not isinstance(table, Mapping):
            self.wrong("", "must be a table")

    def wrong(self, key: str, words: str) -> None:
        place = ".".join(part for part in (self.place, key) if part)
        self.problems.setdefault(place, []).append(words)

    def has(self, key: str) -> bool:
        return key in self._table

    def text(self, key: str) -> str:
        value = self._take(key, str, "")
        if isinstance(self._table.get(key), str) and not value.strip():
            self.wrong(key, "must not be empty")
        return value

    def flag(self, key: str) -> bool:
        return self._take(key, bool, False)

    def number(self, key: str, low: int, high: int | None = None) -> int:
        value = self._take(key, int, low)
        if value < low or (high is not None and value > high):
            asked = f"at least {low}" if high is None else f"from {low} to {high}"
            self.wrong(key, f"must be {asked}, not {value}")
        return value

    def tables(self, key: str) -> list[_Reader]:
        self._read.add(key)
        rows = self._table.get(key, [])
        if not isinstance(rows, list):
            self.wrong(key, "must be a list of tables")
            return []
        within = f"{self.place}.{key}" if self.place else key
        return [_Reader(row, f"{within}.{index}", self.problems) for index, row in enumerate(rows)]

    def table(self, key: str) -> _Reader:
        self._read.add(key)
        return _Reader(self._table.get(key), key, self.problems)

    def value(self, key: str) -> Any:
        self._read.add(key)
        return self._table.get(key)

    def finish(self) -> None:
        """A key that nobody reads is a misspelt one."""
        for key in self._table:
            if key not in self._read:
                self.wrong(key, "is not known here")

    def _take(self, key: str, kind: type[T], instead: T) -> T:
        self._read.add(key)
        value = self._table.get(key)
        if value is None:
            self.wrong(key, "is missing")
        # A TOML true is an int for Python.
        elif isinstance(value, kind) and (kind is bool or not isinstance(value, bool)):
            return value
        else:
            self.wrong(key, f"must be {_KINDS[kind]}")
        return instead


_KINDS: Mapping[type, str] = {str: "a text", int: "a whole number", bool: "true or false"}


def parse(data: Mapping[str, Any]) -> Instrument:
    problems: dict[str, list[str]] = {}
    top = _Reader(data, "", problems)
    parameters = tuple(_parameter(row) for row in top.tables("parameters"))
    questions = tuple(_question(row) for row in top.tables("questions"))
    known = {each.id: each for each in parameters}
    asked = {each.id for each in questions}
    rows = top.tables("indicators")
    indicators = tuple(_indicator(row, known, asked) for row in rows)
    _unique(top, "parameters", [each.id for each in parameters])
    _unique(top, "questions", [each.id for each in questions])
    _unique(top, "indicators", [each.id for each in indicators])
    _check_whole(top, indicators, questions, known)
    found = Instrument(
        id=top.text("id"),
        version=top.number("version", 1),
        is_official=top.flag("official"),
        title_id=top.text("title_id"),
        title_en=top.text("title_en"),
        notice_id=top.text("notice_id"),
        notice_en=top.text("notice_en"),
        source=top.text("source"),
        thresholds=_thresholds(top.table("thresholds")),
        parameters=parameters,
        questions=questions,
        indicators=indicators,
    )
    if len(found.rule_version) > 60:
        top.wrong("id", "is too long to be stored with a result")
    top.finish()
    if problems:
        raise Invalid(problems)
    return found


def _thresholds(row: _Reader) -> Thresholds:
    found = Thresholds(
        ready_score=row.number("ready_score", 0, TOTAL_WEIGHT),
        nearly_score=row.number("nearly_score", 0, TOTAL_WEIGHT),
        nearly_open_gates=row.number("nearly_open_gates", 0),
        unknown_weight=row.number("unknown_weight", 0, TOTAL_WEIGHT),
        minimum_months=row.number("minimum_months", 1),
        answers_valid_days=row.number("answers_valid_days", 1),
    )
    if found.nearly_score > found.ready_score:
        row.wrong("nearly_score", "must not be above ready_score")
    row.finish()
    return found


def _parameter(row: _Reader) -> Parameter:
    found = Parameter(
        id=row.text("id"),
        value=row.number("value", 1),
        year=row.number("year", 2000, 2100),
        is_example=row.flag("example"),
        text_id=row.text("text_id"),
        text_en=row.text("text_en"),
        source=row.text("source"),
    )
    row.finish()
    return found


def _question(row: _Reader) -> Question:
    found = Question(row.text("id"), row.text("text_id"), row.text("text_en"), _caution(row))
    row.finish()
    return found


def _caution(row: _Reader) -> Caution | None:
    if not row.has("caution"):
        return None
    name = row.text("caution")
    if name not in {each.value for each in Caution}:
        row.wrong("caution", f"{name!r} is none of {', '.join(Caution)}")
        return None
    return Caution(name)


def _indicator(row: _Reader, known: Mapping[str, Parameter], asked: set[str]) -> Indicator:
    conditions = [_condition(each, known, asked) for each in row.tables("any_of")]
    if not conditions:
        row.wrong("any_of", "needs at least one condition")
    found = Indicator(
        id=row.text("id"),
        weight=row.number("weight", 1, TOTAL_WEIGHT),
        is_gate=row.flag("gate"),
        any_of=tuple(each for each in conditions if each is not None),
        text_id=row.text("text_id"),
        text_en=row.text("text_en"),
        advice_id=row.text("advice_id"),
        advice_en=row.text("advice_en"),
        source=row.text("source"),
    )
    row.finish()
    return found


def _condition(row: _Reader, known: Mapping[str, Parameter], asked: set[str]) -> Condition | None:
    if row.has("question") == row.has("signal"):
        row.wrong("", "must name either a signal or a question")
        return None
    if row.has("question"):
        question = row.text("question")
        if question not in asked:
            row.wrong("question", f"{question!r} is none of the questions")
        row.finish()
        return QuestionCondition(question)
    name = row.text("signal")
    if name not in {each.value for each in Signal}:
        row.wrong("signal", f"{name!r} is none of {', '.join(Signal)}")
        return None
    operators = [each for each in Operator if row.has(each.value)]
    if len(operators) != 1:
        row.wrong("", f"must have one of {', '.join(Operator)}")
        return None
    limit = row.value(operators[0].value)
    row.finish()
    if isinstance(limit, str):
        if limit not in known:
            row.wrong(operators[0].value, f"{limit!r} is none of the parameters")
            return None
        parameter = known[limit]
        return SignalCondition(Signal(name), operators[0], parameter.value, parameter)
    if not isinstance(limit, int) or isinstance(limit, bool) or limit < 0:
        row.wrong(operators[0].value, "must be a whole number from 0, or a parameter's id")
        return None
    return SignalCondition(Signal(name), operators[0], limit)


def _unique(top: _Reader, key: str, ids: Sequence[str]) -> None:
    for each in sorted({one for one in ids if ids.count(one) > 1}):
        top.wrong(key, f"two have the id {each!r}")


def _check_whole(
    top: _Reader,
    indicators: Sequence[Indicator],
    questions: Sequence[Question],
    known: Mapping[str, Parameter],
) -> None:
    total = sum(each.weight for each in indicators)
    if total != TOTAL_WEIGHT:
        top.wrong("indicators", f"the weights add up to {total}, not to {TOTAL_WEIGHT}")
    if not any(each.is_gate for each in indicators):
        top.wrong("indicators", "at least one must be a gate")
    conditions = [each for one in indicators for each in one.any_of]
    used = {each.question for each in conditions if isinstance(each, QuestionCondition)}
    for question in questions:
        if question.id not in used and question.caution is None:
            top.wrong("questions", f"no indicator uses {question.id!r}, and it warns of nothing")
    compared = {
        each.parameter.id
        for each in conditions
        if isinstance(each, SignalCondition) and each.parameter
    }
    for parameter in sorted(set(known) - compared):
        top.wrong("parameters", f"no indicator uses {parameter!r}")
