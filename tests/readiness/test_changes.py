"""What has become of an assessment since a nomination was sent with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from casework.readiness.instruments import current
from casework.readiness.rules import (
    AttendanceYear,
    Caution,
    Components,
    Status,
    assess,
    changes_since,
    freeze,
    thaw,
)
from tests.readiness.families import BUSINESS, TODAY, assessed, facts, yes


def without(question: str) -> dict[str, Any]:
    return {key: answer for key, answer in yes().items() if key != question}


def test_nothing_has_changed_where_nothing_has() -> None:
    assert changes_since(assessed(), assessed()).is_none


def test_a_later_day_alone_is_no_change() -> None:
    assert changes_since(assessed(), replace(assessed(), as_of=TODAY.replace(year=2027))).is_none


@pytest.mark.parametrize(
    ("now", "changed"),
    [
        (assessed(attendance=AttendanceYear(held=12, attended=4)), {"attendance": Status.NOT_MET}),
        (assessed(attendance=AttendanceYear(held=1, attended=1)), {"attendance": Status.UNKNOWN}),
        (assessed(without("productive_asset")), {"asset": Status.UNKNOWN}),
    ],
)
def test_each_indicator_that_stands_otherwise_is_named_with_what_it_was(
    now: Any, changed: dict[str, Status]
) -> None:
    changes = changes_since(assessed(), now)
    assert {each.now.indicator.id: each.now.status for each in changes.indicators} == changed
    assert {each.before.status for each in changes.indicators} == {Status.MET}
    assert not changes.is_none


def test_an_indicator_that_stands_as_it_did_on_other_figures_is_named() -> None:
    before, now = assessed(), assessed(attendance=AttendanceYear(held=12, attended=12))
    (change,) = changes_since(before, now).indicators
    assert change.now.indicator.id == "attendance"
    assert (change.before.status, change.now.status) == (Status.MET, Status.MET)
    assert change.before.conditions[0].params["attended"] == 11
    assert not changes_since(before, now).is_none


def test_the_same_seen_once_more_on_a_later_day_is_no_change() -> None:
    later = TODAY - timedelta(days=1)
    now = {key: replace(answer, on=later) for key, answer in yes().items()}
    assert assessed(now) != assessed(yes())
    assert changes_since(assessed(yes()), assessed(now)).is_none


@pytest.mark.parametrize("days", [-1, 1])
def test_a_business_whose_start_was_moved_is_a_change(days: int) -> None:
    moved = replace(BUSINESS, since_on=BUSINESS.since_on + timedelta(days=days))
    changes = changes_since(assessed(), assessed(enterprises=(moved,)))
    assert [each.now.indicator.id for each in changes.indicators] == ["livelihood"]
    assert not changes.is_none


def test_that_a_business_has_run_for_longer_is_no_change() -> None:
    later = assess(current(), facts(), yes(), TODAY + timedelta(days=40))
    assert changes_since(assessed(), later).indicators == ()


def test_warning_signs_that_have_come_and_those_that_have_gone_are_named_apart() -> None:
    before = assessed(components=Components(disability=1, others=1))
    now = assessed(components=Components(disability=1, pregnant=1))
    assert changes_since(before, now).cautions == (Caution.PREGNANT,)
    assert changes_since(before, now).cautions_gone == ()
    assert changes_since(now, before).cautions == ()
    assert changes_since(now, before).cautions_gone == (Caution.PREGNANT,)
    assert not changes_since(now, before).is_none


def test_one_frozen_long_ago_with_another_instrument_is_compared_where_both_speak() -> None:
    kept = freeze(assessed())
    kept["instrument"]["indicators"][0]["id"] = "older"
    kept["instrument"]["version"] = 1
    for question in kept["instrument"]["questions"]:
        del question["caution"]
    changes = changes_since(thaw(kept), assessed(attendance=AttendanceYear(12, 4)))
    assert changes.is_other_instrument
    # "attendance" was not known under that name.
    assert changes.indicators == ()
    assert not changes.is_none  # the score has
