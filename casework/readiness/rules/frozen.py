"""An assessment as plain JSON values, to be kept as it was on the day of a nomination.

Everything a reader needs stands in it, the texts of the instrument too: it reads the same when
the instrument's file has changed or is gone. Nothing here computes. Members of the enums it
names are never taken out of the code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from casework.economics.rules import (
    EnterpriseKind,
    Finding,
    Ladder,
    Need,
    Outcome,
    Rung,
    RungResult,
    RungStatus,
)
from casework.readiness.rules.instrument import (
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
from casework.readiness.rules.measuring import (
    ConditionResult,
    Evidence,
    EvidenceKind,
    Param,
    ReasonCode,
    Status,
)

Json = dict[str, Any]


def instrument_to_json(instrument: Instrument) -> Json:
    data = asdict(instrument)
    for row, indicator in zip(data["indicators"], instrument.indicators, strict=True):
        row["any_of"] = [_condition_to_json(each) for each in indicator.any_of]
    return data


def instrument_from_json(data: Mapping[str, Any]) -> Instrument:
    parameters = {row["id"]: Parameter(**row) for row in data["parameters"]}
    indicators = tuple(
        Indicator(
            **(
                row
                | {
                    "any_of": tuple(
                        _condition_from_json(each, parameters) for each in row["any_of"]
                    )
                }
            )
        )
        for row in data["indicators"]
    )
    return Instrument(
        **(
            dict(data)
            | {
                "thresholds": Thresholds(**data["thresholds"]),
                "parameters": tuple(parameters.values()),
                "questions": tuple(Question(**row) for row in data["questions"]),
                "indicators": indicators,
            }
        )
    )


def _condition_to_json(condition: Condition) -> Json:
    if isinstance(condition, QuestionCondition):
        return {"question": condition.question}
    return {
        "signal": condition.signal.value,
        "operator": condition.operator.value,
        "limit": condition.limit,
        "parameter": condition.parameter.id if condition.parameter else None,
    }


def _condition_from_json(data: Json, parameters: Mapping[str, Parameter]) -> Condition:
    if "question" in data:
        return QuestionCondition(data["question"])
    return SignalCondition(
        Signal(data["signal"]),
        Operator(data["operator"]),
        data["limit"],
        parameters[data["parameter"]] if data["parameter"] else None,
    )


def result_to_json(result: ConditionResult) -> Json:
    """Without the condition: it stands in the instrument."""
    return {
        "status": result.status.value,
        "code": result.code.value,
        "params": {name: _param_to_json(value) for name, value in result.params.items()},
        "evidence": [
            {"kind": each.kind.value, "on": each.on.isoformat(), "lesson": each.lesson}
            for each in result.evidence
        ],
    }


def result_from_json(data: Json, condition: Condition) -> ConditionResult:
    return ConditionResult(
        condition=condition,
        status=Status(data["status"]),
        code=ReasonCode(data["code"]),
        params={name: _param_from_json(value) for name, value in data["params"].items()},
        evidence=tuple(
            Evidence(EvidenceKind(each["kind"]), date.fromisoformat(each["on"]), each["lesson"])
            for each in data["evidence"]
        ),
    )


def _param_to_json(value: Param) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _param_from_json(value: Any) -> Param:
    if isinstance(value, str):
        return date.fromisoformat(value)
    return tuple(value) if isinstance(value, list) else int(value)


def ladder_to_json(ladder: Ladder) -> list[Json]:
    return [
        {
            "rung": each.rung.value,
            "status": each.status.value,
            "findings": [_finding_to_json(finding) for finding in each.findings],
        }
        for each in ladder.rungs
    ]


def ladder_from_json(data: list[Json]) -> Ladder:
    return Ladder(
        tuple(
            RungResult(
                Rung(each["rung"]),
                RungStatus(each["status"]),
                tuple(_finding_from_json(finding) for finding in each["findings"]),
            )
            for each in data
        )
    )


def _finding_to_json(finding: Finding) -> Json:
    return {
        "need": finding.need.value,
        "outcome": finding.outcome.value,
        "on": finding.on.isoformat() if finding.on else None,
        "lesson": finding.lesson,
        "amount": finding.amount,
        "enterprise": finding.enterprise.value if finding.enterprise else None,
    }


def _finding_from_json(data: Json) -> Finding:
    return Finding(
        need=Need(data["need"]),
        outcome=Outcome(data["outcome"]),
        on=date.fromisoformat(data["on"]) if data["on"] else None,
        lesson=data["lesson"],
        amount=data["amount"],
        enterprise=EnterpriseKind(data["enterprise"]) if data["enterprise"] else None,
    )
