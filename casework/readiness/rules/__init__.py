"""Readiness computed from evidence and explained line by line; pure."""

from casework.readiness.rules.assessment import (
    Assessment,
    IndicatorResult,
    Outcome,
    Verdict,
    assess,
    judge,
    outcomes,
)
from casework.readiness.rules.basis import Basis, Record, basis, evidence_of
from casework.readiness.rules.changes import Change, Changes, changes_since
from casework.readiness.rules.facts import (
    Answer,
    AttendanceYear,
    Check,
    Components,
    HouseholdFacts,
    latest_answers,
)
from casework.readiness.rules.instrument import (
    RULES_VERSION,
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
from casework.readiness.rules.measuring import (
    ConditionResult,
    Evidence,
    EvidenceKind,
    ReasonCode,
)
from casework.readiness.rules.snapshot import freeze, thaw
from casework.readiness.rules.standing import Status

__all__ = [
    "RULES_VERSION",
    "Answer",
    "Assessment",
    "AttendanceYear",
    "Basis",
    "Caution",
    "Change",
    "Changes",
    "Check",
    "Components",
    "Condition",
    "ConditionResult",
    "Evidence",
    "EvidenceKind",
    "HouseholdFacts",
    "Indicator",
    "IndicatorResult",
    "Instrument",
    "Operator",
    "Outcome",
    "Parameter",
    "Question",
    "QuestionCondition",
    "ReasonCode",
    "Record",
    "Signal",
    "SignalCondition",
    "Status",
    "Thresholds",
    "Verdict",
    "assess",
    "basis",
    "changes_since",
    "evidence_of",
    "freeze",
    "judge",
    "latest_answers",
    "outcomes",
    "thaw",
]
