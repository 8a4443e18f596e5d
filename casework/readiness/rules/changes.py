"""What has become of an assessment since: beside the one that a nomination was sent with."""

from __future__ import annotations

from dataclasses import dataclass

from casework.readiness.rules.assessment import Assessment, IndicatorResult
from casework.readiness.rules.instrument import Caution
from casework.readiness.rules.standing import Status


@dataclass(frozen=True, slots=True)
class Change:
    """An indicator that stands otherwise than it did."""

    before: Status
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

    @property
    def is_other_instrument(self) -> bool:
        return self.before.rule_version != self.now.rule_version

    @property
    def is_none(self) -> bool:
        """Nothing that a person would judge by."""
        same = (self.before.verdict, self.before.score) == (self.now.verdict, self.now.score)
        return same and not self.indicators and not self.cautions


def changes_since(before: Assessment, now: Assessment) -> Changes:
    was = {each.indicator.id: each.status for each in before.indicators}
    return Changes(
        before,
        now,
        tuple(
            Change(was[each.indicator.id], each)
            for each in now.indicators
            if was.get(each.indicator.id, each.status) is not each.status
        ),
        tuple(each for each in now.cautions if each not in before.cautions),
    )
