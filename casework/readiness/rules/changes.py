"""What has become of an assessment since: beside the one that a nomination was sent with."""

from __future__ import annotations

from dataclasses import dataclass

from casework.readiness.rules.assessment import Assessment, IndicatorResult
from casework.readiness.rules.instrument import Caution
from casework.readiness.rules.measuring import ConditionResult, Param, ReasonCode


@dataclass(frozen=True, slots=True)
class Change:
    """An indicator that is met now and was not, or the other way round; or stands as it did, on
    other figures."""

    before: IndicatorResult
    now: IndicatorResult


@dataclass(frozen=True, slots=True)
class Changes:
    before: Assessment
    now: Assessment
    #: In the order of the instrument in force now; those that only one of two instruments has are
    #: left out.
    indicators: tuple[Change, ...]
    #: Warning signs that were not there.
    cautions: tuple[Caution, ...]
    #: Warning signs that are there no more.
    cautions_gone: tuple[Caution, ...]

    @property
    def is_other_instrument(self) -> bool:
        return self.before.rule_version != self.now.rule_version

    @property
    def is_none(self) -> bool:
        """Nothing that a person would judge by."""
        same = (self.before.verdict, self.before.score) == (self.now.verdict, self.now.score)
        return same and not (self.indicators or self.cautions or self.cautions_gone)


def changes_since(before: Assessment, now: Assessment) -> Changes:
    was = {each.indicator.id: each for each in before.indicators}
    both = ((was[each.indicator.id], each) for each in now.indicators if each.indicator.id in was)
    return Changes(
        before,
        now,
        tuple(Change(then, each) for then, each in both if _said(then) != _said(each)),
        tuple(each for each in now.cautions if each not in before.cautions),
        tuple(each for each in before.cautions if each not in now.cautions),
    )


#: They say that time has passed, or that the same was seen once more.
_PASSING = {"months", "years", "on"}
#: The day a business began passes with no time: who moved it said something else.
_STAYING = {ReasonCode.BUSINESS_RUNNING: {"on"}}


def _said(result: IndicatorResult) -> object:
    """What a person would judge by."""
    return result.status, [(each.code, _judged_by(each)) for each in result.conditions]


def _judged_by(result: ConditionResult) -> dict[str, Param]:
    left_out = _PASSING - _STAYING.get(result.code, set())
    return {name: value for name, value in result.params.items() if name not in left_out}
