"""What the instrument in force asks of incomes, for features that ask the same again later."""

from __future__ import annotations

from casework.readiness.instruments import current
from casework.readiness.rules import Signal, SignalCondition


def income_gate() -> SignalCondition | None:
    """The condition on income without which nobody is called ready; None where the instrument
    has none."""
    for indicator in current().indicators:
        if not indicator.is_gate:
            continue
        for condition in indicator.any_of:
            if isinstance(condition, SignalCondition) and condition.signal is Signal.INCOME:
                return condition
    return None


def is_official() -> bool:
    return current().is_official
