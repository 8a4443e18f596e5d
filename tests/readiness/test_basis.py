"""Which records a verdict rests on, and how many of them were made long after their day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from casework.economics.rules import (
    EnterpriseFacts,
    EnterpriseKind,
    Finding,
    Late,
    Need,
    ObservationFacts,
    Outcome,
)
from casework.readiness.rules import (
    Basis,
    Check,
    Evidence,
    EvidenceKind,
    Record,
    basis,
    evidence_of,
)

ON = date(2026, 11, 12)
NOW = datetime(2026, 11, 12, 4, tzinfo=UTC)
ZONE = "Asia/Makassar"
OBSERVATION, ENTERPRISE = EvidenceKind.OBSERVATION, EvidenceKind.ENTERPRISE


def ago(days: int) -> date:
    return ON - timedelta(days=days)


def seen(day: date, at: datetime = NOW) -> ObservationFacts:
    return ObservationFacts(day, at, savings_total=1)


def business(since: date, ended: date | None = None, at: datetime | None = NOW) -> EnterpriseFacts:
    return EnterpriseFacts(EnterpriseKind.SHOP, since, ended, recorded_at=at)


def rests_on(
    *records: ObservationFacts | EnterpriseFacts | Check, until: datetime | None = None
) -> Basis:
    return basis(
        [each for each in records if isinstance(each, ObservationFacts)],
        [each for each in records if isinstance(each, EnterpriseFacts)],
        [each for each in records if isinstance(each, Check)],
        as_of=ON,
        answers_valid_days=180,
        time_zone=ZONE,
        recorded_until=until,
    )


@pytest.mark.parametrize(
    ("record", "counts"),
    [
        (seen(ON), True),
        (seen(ago(-1)), False),
        (seen(ago(365)), True),
        (seen(ago(366)), False),
        (business(ago(4000)), True),
        (business(ago(-1)), False),
        (business(ago(400), ended=ago(-1)), True),
        (business(ago(400), ended=ON), False),
        (business(ago(400), at=None), False),
        (Check(ON, NOW, {}), True),
        (Check(ago(-1), NOW, {}), False),
        (Check(ago(180), NOW, {}), True),
        (Check(ago(181), NOW, {}), False),
    ],
)
def test_what_is_later_too_old_or_over_is_not_rested_on(
    record: ObservationFacts | EnterpriseFacts | Check, counts: bool
) -> None:
    assert len(rests_on(record).records) == counts


@pytest.mark.parametrize(
    ("seconds", "counts"), [(-1, True), (0, True), (1, False)], ids=["before", "then", "after"]
)
def test_what_was_recorded_after_the_submission_was_not_rested_on(
    seconds: int, counts: bool
) -> None:
    at = NOW + timedelta(seconds=seconds)
    found = rests_on(seen(ago(90), at), business(ago(90), at=at), Check(ago(90), at, {}), until=NOW)
    assert len(found.records) == (3 if counts else 0)


@pytest.mark.parametrize("until", [None, NOW - timedelta(days=1)], ids=["today", "once sent"])
def test_a_business_that_was_changed_is_as_late_as_its_last_change(until: datetime | None) -> None:
    """Reopened, moved back or given a licence today, it is no record of years ago; and no later
    change takes from the page what it said of a late one."""
    in_time = NOW - timedelta(days=200)
    changed = EnterpriseFacts(EnterpriseKind.SHOP, ago(201), recorded_at=in_time, changed_at=NOW)
    evidence = [Evidence(ENTERPRISE, ago(201))]
    assert rests_on(changed, until=until).late_of(evidence) == [Late(ON, 201)]
    assert rests_on(replace(changed, changed_at=in_time), until=until).late_of(evidence) == []


def test_observations_and_answers_recorded_long_after_are_counted_and_no_business() -> None:
    in_time = NOW - timedelta(days=60)
    found = rests_on(
        seen(ago(201)),
        seen(ago(90)),
        seen(ago(60), in_time),
        business(ago(100)),
        Check(ago(36), NOW, {}),
        Check(ago(35), NOW, {}),
    )
    assert found.late() == (3, 5)


def test_the_records_behind_some_evidence_are_told_once_and_only_if_late() -> None:
    found = rests_on(seen(ago(201)), seen(ago(10)), business(ago(201)), business(ago(100)))
    assert found.late_of([Evidence(OBSERVATION, ago(201)), Evidence(OBSERVATION, ago(201))]) == [
        Late(ON, 201)
    ]
    assert found.late_of([Evidence(OBSERVATION, ago(10))]) == []
    assert found.late_of([Evidence(OBSERVATION, ago(100))]) == [], "that is a business's day"
    assert found.late_of([Evidence(ENTERPRISE, ago(201)), Evidence(ENTERPRISE, ago(100))]) == [
        Late(ON, 201),
        Late(ON, 100),
    ]
    assert found.late_of([Evidence(EvidenceKind.LESSON, ago(201), 5)]) == []


def test_of_two_records_of_one_day_the_one_recorded_last_counts() -> None:
    first = datetime(2026, 4, 25, 4, tzinfo=UTC)
    late, in_time = Record(ago(201), OBSERVATION, NOW), Record(ago(201), OBSERVATION, first)
    for records in ((late, in_time), (in_time, late)):
        assert Basis(records, ZONE).late_of([Evidence(OBSERVATION, ago(201))]) == [Late(ON, 201)]
    assert Basis((in_time,), ZONE).late_of([Evidence(OBSERVATION, ago(201))]) == []


def test_a_rung_rests_on_what_was_seen_and_on_the_business_not_on_lessons() -> None:
    findings = [
        Finding(Need.LESSON, Outcome.SEEN, ago(1), lesson=5),
        Finding(Need.SAVING, Outcome.SEEN, ago(2), amount=1),
        Finding(Need.BUDGET, Outcome.NOT_OBSERVED),
        Finding(Need.BUSINESS, Outcome.SEEN, ago(3), enterprise=EnterpriseKind.SHOP),
    ]
    assert list(evidence_of(findings)) == [
        Evidence(OBSERVATION, ago(2)),
        Evidence(ENTERPRISE, ago(3)),
    ]
