"""What a supervisor decided on can be read years later exactly as it was."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.economics.rules import BorrowsFrom, LessonAttended
from casework.readiness.instruments import current
from casework.readiness.rules import (
    Answer,
    Assessment,
    AttendanceYear,
    Components,
    ReasonCode,
    freeze,
    thaw,
)
from tests.readiness.families import BUSINESS, LESSONS, PROSPEROUS, TODAY, assessed, observed, yes

LONG_AGO = TODAY - timedelta(days=900)

FAMILIES: dict[str, dict[str, Any]] = {
    "ready": {},
    "nothing known": {
        "attendance": AttendanceYear(0, 0),
        "lessons": (),
        "observations": (),
        "enterprises": (),
        "member_since_year": None,
        "components": None,
        "answers": {},
    },
    "everything out of date": {
        "observations": (observed(LONG_AGO, **PROSPEROUS),),
        "answers": yes(LONG_AGO),
    },
    "lessons missed and not assessed": {
        "lessons": (LessonAttended(5, date(2026, 3, 5), None),),
    },
    "with cautions": {
        "components": Components(elderly=1),
        "observations": (observed(**PROSPEROUS, borrows_from=BorrowsFrom.MONEYLENDER),),
    },
}


@pytest.mark.parametrize("family", FAMILIES)
def test_an_assessment_comes_back_from_json_as_it_went(family: str) -> None:
    before = assessed(**FAMILIES[family])
    assert thaw(json.loads(json.dumps(freeze(before)))) == before


@given(
    held=st.integers(0, 12),
    missed=st.integers(0, 12),
    income=st.integers(0, 9_000_000) | st.none(),
    since=st.integers(2007, 2026) | st.none(),
    lessons=st.sets(st.sampled_from(LESSONS)),
    trades=st.booleans(),
)
def test_whatever_the_family_the_assessment_comes_back(
    held: int,
    missed: int,
    income: int | None,
    since: int | None,
    lessons: set[LessonAttended],
    trades: bool,
) -> None:
    before: Assessment = assessed(
        attendance=AttendanceYear(held, max(0, held - missed)),
        observations=(observed(income_per_month=income),),
        member_since_year=since,
        lessons=tuple(lessons),
        enterprises=(BUSINESS,) if trades else (),
    )
    assert thaw(json.loads(json.dumps(freeze(before)))) == before


def test_every_answer_is_kept_also_a_no_to_what_only_warns() -> None:
    warns = next(each.id for each in current().questions if each.caution)
    later = TODAY + timedelta(days=1)
    answers = {warns: Answer(False, TODAY), "family_is_ready": Answer(True, later)}
    kept = thaw(freeze(assessed(answers))).answers
    assert [(each.question, each.value, each.on) for each in kept] == [(warns, False, TODAY)]


def test_one_of_the_first_format_still_says_what_it_said_of_meetings() -> None:
    document = freeze(assessed())
    del document["answers"]
    thresholds = document["instrument"]["thresholds"]
    thresholds["minimum_meetings"] = thresholds.pop("minimum_months")
    document["format"] = 1
    document["results"][0]["conditions"][0]["code"] = "attended"
    found = thaw(document)
    assert found.answers == ()
    assert found.instrument.thresholds.minimum_months == thresholds["minimum_meetings"]
    assert found.indicators[0].conditions[0].code is ReasonCode.ATTENDED


@pytest.mark.parametrize("document", [{}, {"format": 3}])
def test_a_document_of_another_make_is_refused(document: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="format"):
        thaw(document)
