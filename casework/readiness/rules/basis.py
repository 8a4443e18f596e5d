"""The records that a verdict rests on, and how many of them were made long after their day.

Beside the assessment and not in it: what was frozen at submission stays as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from casework.economics.rules import (
    OBSERVATION_VALID_DAYS,
    EnterpriseFacts,
    Finding,
    Late,
    Need,
    ObservationFacts,
    lateness,
)
from casework.readiness.rules.facts import Check
from casework.readiness.rules.measuring import Evidence, EvidenceKind


class Record(NamedTuple):
    on: date
    kind: EvidenceKind
    #: As it stands: of a business that was changed, when it was changed.
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Basis:
    """What was recorded of a family's economy and of its answers, as far as it counts on a day."""

    records: tuple[Record, ...]
    #: By whose days it is told.
    time_zone: str

    def late(self) -> tuple[int, int]:
        """How many of the observations and answers were recorded long after their day, and of how
        many. Not of businesses: nearly every one began before anybody asked about it."""
        return len(self.late_records()), len(self._seen())

    def late_records(self) -> list[tuple[Record, Late]]:
        """Those of `late`, by their day."""
        found = ((each, self._lateness(each)) for each in sorted(self._seen()))
        return [(each, late) for each, late in found if late is not None]

    def _seen(self) -> list[Record]:
        return [each for each in self.records if each.kind is not EvidenceKind.ENTERPRISE]

    def late_of(self, evidence: Iterable[Evidence]) -> list[Late]:
        """Of the records behind some evidence, each once. Of several of one day and kind the one
        recorded last counts, as in the assessment."""
        found: dict[Late, None] = {}
        for each in evidence:
            same = [r for r in self.records if (r.kind, r.on) == (each.kind, each.on)]
            if same and (late := self._lateness(max(same, key=lambda r: r.recorded_at))):
                found[late] = None
        return list(found)

    def _lateness(self, record: Record) -> Late | None:
        return lateness(record.on, record.recorded_at, self.time_zone)


def basis(
    observations: Iterable[ObservationFacts],
    enterprises: Iterable[EnterpriseFacts],
    checks: Iterable[Check],
    *,
    as_of: date,
    answers_valid_days: int,
    time_zone: str,
    recorded_until: datetime | None = None,
) -> Basis:
    """What counts on a day: what is later, has grown too old or was recorded after that moment is
    left out, and a business that did not run. One that was changed after that moment stays in,
    recorded when it was changed. Registers of meetings have a bound of their own."""

    def was_known(recorded_at: datetime) -> bool:
        return recorded_until is None or recorded_at <= recorded_until

    seen_from = as_of - timedelta(days=OBSERVATION_VALID_DAYS)
    asked_from = as_of - timedelta(days=answers_valid_days)
    found = [
        *(
            Record(each.observed_on, EvidenceKind.OBSERVATION, each.recorded_at)
            for each in observations
            if seen_from <= each.observed_on <= as_of and was_known(each.recorded_at)
        ),
        *(
            Record(each.since_on, EvidenceKind.ENTERPRISE, each.changed_at or each.recorded_at)
            for each in enterprises
            if each.is_running(as_of)
            and each.recorded_at is not None
            and was_known(each.recorded_at)
        ),
        *(
            Record(each.answered_on, EvidenceKind.ANSWER, each.recorded_at)
            for each in checks
            if asked_from <= each.answered_on <= as_of and was_known(each.recorded_at)
        ),
    ]
    return Basis(tuple(found), time_zone)


def evidence_of(findings: Iterable[Finding]) -> Iterator[Evidence]:
    """The records of economics behind a rung of the ladder."""
    for each in findings:
        if each.on is not None and each.need is not Need.LESSON:
            is_business = each.need is Need.BUSINESS
            kind = EvidenceKind.ENTERPRISE if is_business else EvidenceKind.OBSERVATION
            yield Evidence(kind, each.on)
