"""An assessment as it was, whole: instrument, reasons and evidence, to be kept with a decision.

The instrument goes along in full. Its file will be replaced by a newer version, and what a
supervisor decided on must still be read in its own words years later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from casework.economics.rules import Ladder
from casework.readiness.rules.assessment import (
    Assessment,
    IndicatorResult,
    QuestionAnswer,
    Verdict,
)
from casework.readiness.rules.instrument import (
    Caution,
    Instrument,
    QuestionCondition,
    SignalCondition,
)
from casework.readiness.rules.measuring import ConditionResult, Evidence, ReasonCode
from casework.readiness.rules.standing import Status

#: Raised when the shape below changes; `thaw` then still reads the older ones.
FORMAT = 2


def freeze(assessment: Assessment) -> dict[str, Any]:
    """As a document for a JSON column."""
    return {
        "format": FORMAT,
        "rule_version": assessment.rule_version,
        "as_of": assessment.as_of.isoformat(),
        "verdict": assessment.verdict.value,
        "score": assessment.score,
        "cautions": [caution.value for caution in assessment.cautions],
        "ladder": _plain(assessment.ladder),
        "answers": _plain(assessment.answers),
        "instrument": _plain(assessment.instrument),
        # In the order of the instrument's indicators and of their conditions.
        "results": [
            {
                "status": result.status.value,
                "conditions": [
                    {
                        "status": each.status.value,
                        "code": each.code.value,
                        "params": {name: _param(value) for name, value in each.params.items()},
                        "evidence": _plain(each.evidence),
                    }
                    for each in result.conditions
                ],
            }
            for result in assessment.indicators
        ],
    }


def thaw(document: Mapping[str, Any]) -> Assessment:
    """The assessment that was frozen, equal to it in every part; one of format 1 has no answers.

    Raises: ValueError for a document that `freeze` did not write.
    """
    if document.get("format") == 1:
        document = _of_format_1(document)
    if document.get("format") != FORMAT:
        raise ValueError(f"not an assessment of format {FORMAT}: {document.get('format')!r}")
    instrument = _typed(Instrument, document["instrument"])
    return Assessment(
        instrument=instrument,
        as_of=date.fromisoformat(document["as_of"]),
        verdict=Verdict(document["verdict"]),
        score=int(document["score"]),
        indicators=tuple(
            IndicatorResult(
                indicator,
                Status(result["status"]),
                tuple(
                    ConditionResult(
                        condition,
                        Status(each["status"]),
                        ReasonCode(each["code"]),
                        {name: _thawed_param(value) for name, value in each["params"].items()},
                        _typed(tuple[Evidence, ...], each["evidence"]),
                    )
                    for condition, each in zip(indicator.any_of, result["conditions"], strict=True)
                ),
            )
            for indicator, result in zip(instrument.indicators, document["results"], strict=True)
        ),
        cautions=tuple(Caution(each) for each in document["cautions"]),
        ladder=_typed(Ladder, document["ladder"]),
        answers=_typed(tuple[QuestionAnswer, ...], document["answers"]),
    )


def _of_format_1(document: Mapping[str, Any]) -> dict[str, Any]:
    """Attendance was counted by meetings then, and its reasons still say so; answers were kept
    only where an indicator or a warning rested on them."""
    instrument = document["instrument"]
    thresholds = dict(instrument["thresholds"])
    thresholds["minimum_months"] = thresholds.pop("minimum_meetings")
    return {
        **document,
        "format": FORMAT,
        "instrument": {**instrument, "thresholds": thresholds},
        "answers": [],
    }


def _param(value: Any) -> Any:
    """Of a reason: a number as it is, a day marked as one, running numbers as a list."""
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return list(value) if isinstance(value, tuple) else value


def _thawed_param(value: Any) -> Any:
    if isinstance(value, dict):
        return date.fromisoformat(value["day"])
    return tuple(value) if isinstance(value, list) else value


def _plain(value: Any) -> Any:
    """Dataclasses, enums, days and tuples as JSON has them."""
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value


def _typed(wanted: Any, value: Any) -> Any:
    """The reverse of `_plain`, by the declared types."""
    if value is None:
        return None
    if get_origin(wanted) in (Union, UnionType):
        return _typed(_member(wanted, value), value)
    if get_origin(wanted) is tuple:
        return tuple(_typed(get_args(wanted)[0], each) for each in value)
    if isinstance(wanted, type) and is_dataclass(wanted):
        types = _types(wanted)
        return wanted(**{name: _typed(types[name], each) for name, each in value.items()})
    if issubclass(wanted, date):
        return wanted.fromisoformat(value)
    return wanted(value)


def _member(union: Any, value: Any) -> Any:
    """Which of a union's types a value was: the two kinds of condition, or the one that may
    be missing."""
    members = [each for each in get_args(union) if each is not NoneType]
    if members == [SignalCondition, QuestionCondition]:
        return QuestionCondition if "question" in value else SignalCondition
    (member,) = members
    return member


@lru_cache
def _types(of: Any) -> dict[str, Any]:
    return get_type_hints(of)
